"""A Discord message before it is sent: one embed, the buttons and menus below it, and its attachments."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.discord.custom_ids import SEPARATOR, custom_id_of, key_of
from bot.discord.layout import COMPONENTS_V2, Part, components_of, text_part
from bot.discord.limits import (
    BUTTON_LABEL,
    BUTTON_URL,
    BUTTONS_PER_ROW,
    DESCRIPTION,
    EMBEDS_TOTAL,
    OPTION_LABEL,
    OPTION_VALUE,
    OPTIONS,
    PLACEHOLDER,
    ROWS,
    Json,
    cut,
    embed_size,
)
from bot.discord.markdown import escape
from handlers.answers.parts import Button, Chart

PLAIN_COLOR: Final = "#5b6b7b"
_KEY_URL: Final = f"https://wirewatch.invalid/{SEPARATOR}"
"""The prefix of an embed's address that carries the delivery's key."""
# https://discord.com/developers/docs/resources/message#message-object-message-flags
SUPPRESS_NOTIFICATIONS: Final = 1 << 12
_MENU: Final = "menu:"
_MENTIONABLE: Final = re.compile(r"&?[0-9]{1,20}")
_MAX_MENTIONS: Final = 20
# Component types: https://discord.com/developers/docs/components/reference
_ROW, _BUTTON, _MENU_TYPE = 1, 2, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """One action for many rows. Choosing an option works like a button."""

    label: str
    options: tuple[tuple[str, str], ...]
    """(label, action)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    embed: Json
    name: str = "Wirewatch"
    """The name, in plain text, of the forum post or thread that begins with the message."""
    buttons: tuple[Button, ...] = ()
    menus: tuple[Menu, ...] = ()
    parts: tuple[Part, ...] = ()
    """The same content in parts with their own buttons, for a message of components. Empty: it has no such form."""
    below: tuple[Button, ...] = ()
    """The buttons that are about all parts."""
    silent: bool = False
    """Discord shows the message without notifying anybody. Only for new messages."""
    content: str = ""
    mentions: tuple[str, ...] = ()
    """Ids of people, and of roles with a leading "&". Nobody else can be mentioned."""
    chart: Chart | None = None
    """Drawn and attached by `send`."""
    file: tuple[str, str] | None = None
    """(name, text) of a file to attach."""

    def payload(self, *, key: str | None = None, guild: str | None = None) -> Json:
        """Return the JSON body of the message.

        `key` is added to it so that the message can be found again. In direct messages its buttons also carry `guild`,
        the server that it is about.
        """
        components = None if key else self._components(self.parts, self.below, guild)
        if components is not None:
            return self._of_components(components)
        return self.embed_payload(key=key, guild=guild)

    def embed_payload(self, *, key: str | None = None, guild: str | None = None) -> Json:
        """Return the body with an embed, which replaces only a message of the same kind."""
        embed = dict(self.embed)
        if key and "title" not in embed:
            # Discord does not show the address of an embed without a title. It carries the key where no button can.
            embed["url"] = f"{_KEY_URL}{key}"
        return ({"flags": SUPPRESS_NOTIFICATIONS} if self.silent else {}) | {
            "content": self.content,
            "embeds": [embed],
            "components": self._rows(key, guild),
            "allowed_mentions": self._allowed_mentions(),
        }

    def components_payload(self, *, guild: str | None = None) -> Json:
        """Return the body of components, which replaces only a message of the same kind."""
        components = self._components(self.parts, self.below, guild)
        if components is None:
            text = text_part([self.content, *_texts_of(self.embed)])
            components = [*(self._components([text], (), guild) or ()), *self._rows(None, guild)]
        return self._of_components(components)

    def _components(self, parts: Sequence[Part], below: Sequence[Button], guild: str | None) -> list[Json] | None:
        shown: set[str] = set()

        def draw(button: Button) -> Json | None:
            element = _button(button, None, guild)
            id = "" if element is None else str(element.get("custom_id") or element["url"])
            if element is None or id in shown:
                return None
            shown.add(id)
            return element

        return components_of(parts, below, self.embed.get("color", 0), draw) if parts else None

    def _of_components(self, components: list[Json]) -> Json:
        return {"flags": COMPONENTS_V2, "components": components, "allowed_mentions": self._allowed_mentions()}

    def _allowed_mentions(self) -> Json:
        return {
            "parse": [],
            "users": [id for id in self.mentions if not id.startswith("&")],
            "roles": [id[1:] for id in self.mentions if id.startswith("&")],
        }

    def _rows(self, key: str | None, guild: str | None) -> list[Json]:
        """Return the buttons in rows of five, then the menus. Ids are unique within the message."""
        elements: dict[str, Json] = {}
        for button in self.buttons:
            element = _button(button, key, guild)
            if element is not None:
                elements.setdefault(element.get("custom_id") or element["url"], element)
        shown = list(elements.values())[: BUTTONS_PER_ROW * (ROWS - len(self.menus))]
        rows = [shown[start : start + BUTTONS_PER_ROW] for start in range(0, len(shown), BUTTONS_PER_ROW)]
        menus = (_menu(number, menu, guild) for number, menu in enumerate(self.menus))
        rows += [[menu] for menu in menus if menu["options"]]  # Discord refuses a menu without options
        return [{"type": _ROW, "components": row} for row in rows]


def _button(button: Button, key: str | None, guild: str | None) -> Json | None:
    element: Json = {"type": _BUTTON, "label": cut(button.label, BUTTON_LABEL) or "…"}
    if button.action.startswith("https://") and len(button.action) <= BUTTON_URL:
        return element | {"style": 5, "url": button.action}
    custom_id = custom_id_of(button.action, key, guild=guild)
    return None if not custom_id else element | {"style": 1 if button.primary else 2, "custom_id": custom_id}


def _menu(number: int, menu: Menu, guild: str | None) -> Json:
    options: dict[str, Json] = {}
    for label, action in menu.options:
        value = custom_id_of(action, guild=guild, limit=OPTION_VALUE)
        if value:
            options.setdefault(value, {"label": cut(label, OPTION_LABEL) or "…", "value": value})
    return {
        "type": _MENU_TYPE,
        "custom_id": f"{_MENU}{number}",
        "placeholder": cut(f"{menu.label} …", PLACEHOLDER),
        "options": list(options.values())[:OPTIONS],
    }


def _texts_of(embed: Json) -> list[str]:
    """Return all that an embed shows, in order."""
    fields = [f"**{field['name']}**\n{field['value']}" for field in embed.get("fields", ())]
    author, title = embed.get("author", {}).get("name", ""), embed.get("title", "")
    heads = [f"**{text}**" for text in (escape(author), title) if text]
    return [*heads, embed.get("description", ""), *fields, escape(embed.get("footer", {}).get("text", ""))]


def has_key(message: Mapping[str, Any], key: str) -> bool:
    """Return whether a message that Discord returns was sent with this key."""
    if message.get("nonce") == key:
        return True
    if any(embed.get("url") == f"{_KEY_URL}{key}" for embed in message.get("embeds", ())):
        return True
    return any(
        key_of(str(element.get("custom_id", ""))) == key
        for row in message.get("components", ())
        for element in row.get("components", ())
    )


def mentionable(ids: Sequence[str]) -> tuple[str, ...]:
    """Return the valid ids, at most as many as a message may mention."""
    return tuple(id for id in ids if _MENTIONABLE.fullmatch(id))[:_MAX_MENTIONS]


def mention_text(mentions: Sequence[str]) -> str:
    """Return the text that mentions these ids:
    https://discord.com/developers/docs/reference#message-formatting
    """
    return " ".join(f"<@{id}>" for id in mentions)


def labelled(button: Button, title: str) -> Button:
    """Return the button with the title in its label, for a button that is apart from the row it is about."""
    return replace(button, label=cut(f"{button.label}: {title}", BUTTON_LABEL))


def embed_of(description: str, color: str = PLAIN_COLOR, **parts: object) -> Json:
    """Return an embed. `parts` are its other fields; empty ones are left out."""
    embed: Json = {"type": "rich", "color": int(color.removeprefix("#"), 16)}
    if description:
        embed["description"] = description
    return embed | {name: part for name, part in parts.items() if part}


def fits(embed: Json) -> bool:
    """Return whether the embed is within the limits without cutting its description."""
    return len(embed.get("description", "")) <= DESCRIPTION and embed_size([embed]) <= EMBEDS_TOTAL


def fitted(embed: Json) -> Json:
    """Return the embed with its description cut, at the end of a line if possible, so that it is within the limits."""
    text = embed.get("description", "")
    room = min(DESCRIPTION, EMBEDS_TOTAL - embed_size([embed]) + len(text))
    if len(text) <= room:
        return embed
    shown = text[: room - 2]
    line = shown.rfind("\n")
    shown = shown[:line] if line > room // 2 else shown[: shown.rfind(" ")] if " " in shown else shown
    return embed | {"description": shown.rstrip("\\") + "\n…"}


def plain(parts: Sequence[str], limit: int) -> str:
    """Return the text as one line for a place that does not read Markdown."""
    return cut(" ".join(" ".join(parts).split()), limit)
