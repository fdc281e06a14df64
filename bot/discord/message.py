"""A Discord message before it is sent: one embed, buttons or menus below it, and what is attached."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.discord.limits import (
    ALL_EMBEDS,
    BUTTON_LABEL,
    BUTTON_URL,
    BUTTONS_A_ROW,
    CUSTOM_ID,
    DESCRIPTION,
    OPTION_LABEL,
    OPTION_VALUE,
    OPTIONS,
    PLACEHOLDER,
    ROWS,
    Json,
    cut,
    size,
)
from handlers.answers.parts import Button, Chart

PLAIN_COLOR: Final = "#5b6b7b"
_MARK: Final = "#"
"""Between a button's action, the delivery's key and the server's id: a button tells what it does, and whose it is."""
_KEY_PAGE: Final = "https://wirewatch.invalid/"
_MENU: Final = "menu:"
_MENTIONABLE: Final = re.compile(r"&?[0-9]{1,20}")
_MENTIONED: Final = 20
# Component types: https://discord.com/developers/docs/components/reference
_ROW, _BUTTON, _MENU_TYPE = 1, 2, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """One verb for many rows: what is chosen from it acts like a button."""

    label: str
    options: tuple[tuple[str, str], ...]
    """(what is shown, the action)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    embed: Json
    name: str = "Wirewatch"
    """Plain words: the name of the forum post or thread that the message begins."""
    buttons: tuple[Button, ...] = ()
    menus: tuple[Menu, ...] = ()
    content: str = ""
    mentions: tuple[str, ...] = ()
    """Ids of people, and of roles behind "&"; nobody else can be mentioned."""
    chart: Chart | None = None
    """Drawn and attached by whoever sends it."""
    file: tuple[str, str] | None = None
    """(name, text), attached too."""

    def payload(self, *, key: str | None = None, home: str | None = None) -> Json:
        """The body of a message. `key` marks it, so that it can be found again; in direct messages its buttons also
        carry `home`, the server that it is about.
        """
        embed = dict(self.embed)
        if key and "title" not in embed:
            # Without a title an embed's address is not shown; it carries the key where no button can.
            embed["url"] = f"{_KEY_PAGE}{_MARK}{key}"
        return {
            "content": self.content,
            "embeds": [embed],
            "components": self._rows(key, home),
            "allowed_mentions": {
                "parse": [],
                "users": [id for id in self.mentions if not id.startswith("&")],
                "roles": [id[1:] for id in self.mentions if id.startswith("&")],
            },
        }

    def _rows(self, key: str | None, home: str | None) -> list[Json]:
        """Buttons in rows of five above the menus; no two ids of a message are the same."""
        elements: dict[str, Json] = {}
        for button in self.buttons:
            element = _button(button, key, home)
            if element is not None:
                elements.setdefault(element.get("custom_id") or element["url"], element)
        shown = list(elements.values())[: BUTTONS_A_ROW * (ROWS - len(self.menus))]
        rows = [shown[place : place + BUTTONS_A_ROW] for place in range(0, len(shown), BUTTONS_A_ROW)]
        menus = (_menu(number, menu, home) for number, menu in enumerate(self.menus))
        rows += [[menu] for menu in menus if menu["options"]]  # Discord refuses one of which nothing can be chosen
        return [{"type": _ROW, "components": row} for row in rows]


def marked(action: str, key: str | None = None, *, home: str | None, room: int = CUSTOM_ID) -> str | None:
    """The action with what it carries. Without room the key is left out; None: nor is there room for the server."""
    marks = f"{_MARK}{key or ''}{_MARK}{home}" if home else f"{_MARK}{key}" if key else ""
    if len(action) + len(marks) > room:
        marks = f"{_MARK}{_MARK}{home}" if home else ""
    return f"{action}{marks}" if len(action) + len(marks) <= room else None


def _button(button: Button, key: str | None, home: str | None) -> Json | None:
    element: Json = {"type": _BUTTON, "label": cut(button.label, BUTTON_LABEL) or "…"}
    if button.action.startswith("https://") and len(button.action) <= BUTTON_URL:
        return element | {"style": 5, "url": button.action}
    custom_id = marked(button.action, key, home=home)
    return None if not custom_id else element | {"style": 1 if button.primary else 2, "custom_id": custom_id}


def _menu(number: int, menu: Menu, home: str | None) -> Json:
    options: dict[str, Json] = {}
    for label, action in menu.options:
        value = marked(action, home=home, room=OPTION_VALUE)
        if value:
            options.setdefault(value, {"label": cut(label, OPTION_LABEL) or "…", "value": value})
    return {
        "type": _MENU_TYPE,
        "custom_id": f"{_MENU}{number}",
        "placeholder": cut(f"{menu.label} …", PLACEHOLDER),
        "options": list(options.values())[:OPTIONS],
    }


def chosen(data: Mapping[str, Any]) -> str:
    """What was pressed or chosen from a menu, marks and all."""
    values = data.get("values") or ()
    return str(values[0]) if values else str(data.get("custom_id", ""))


def action_of(custom_id: str) -> str:
    """The action that a button's id carries."""
    return custom_id.split(_MARK, 1)[0]


def home_of(custom_id: str) -> str | None:
    """The server that a button in a direct message is about."""
    marks = custom_id.split(_MARK)
    return marks[2] if len(marks) == 3 and marks[2].isdigit() else None


def carries(message: Mapping[str, Any], key: str) -> bool:
    """A message that Discord gives back is the one with this key."""
    if message.get("nonce") == key:
        return True
    if any(embed.get("url") == f"{_KEY_PAGE}{_MARK}{key}" for embed in message.get("embeds", ())):
        return True
    return any(
        str(element.get("custom_id", "")).split(_MARK)[1:2] == [key]
        for row in message.get("components", ())
        for element in row.get("components", ())
    )


def mentionable(ids: Sequence[str]) -> tuple[str, ...]:
    """Those that are ids of Discord's, as many as a message may mention."""
    return tuple(id for id in ids if _MENTIONABLE.fullmatch(id))[:_MENTIONED]


def said(mentions: Sequence[str]) -> str:
    """https://discord.com/developers/docs/reference#message-formatting"""
    return " ".join(f"<@{id}>" for id in mentions)


def about(button: Button, title: str) -> Button:
    """The button, its label naming what it is about: it stands apart from it."""
    return replace(button, label=cut(f"{button.label}: {title}", BUTTON_LABEL))


def embed_of(description: str, color: str = PLAIN_COLOR, **parts: object) -> Json:
    """An embed; parts that are empty are left out."""
    embed: Json = {"type": "rich", "color": int(color.removeprefix("#"), 16)}
    if description:
        embed["description"] = description
    return embed | {name: part for name, part in parts.items() if part}


def fits(embed: Json) -> bool:
    """Nothing of its description has to be cut."""
    return len(embed.get("description", "")) <= DESCRIPTION and size([embed]) <= ALL_EMBEDS


def fitted(embed: Json) -> Json:
    """Its description cut at a line's border until everything fits."""
    text = embed.get("description", "")
    room = min(DESCRIPTION, ALL_EMBEDS - size([embed]) + len(text))
    if len(text) <= room:
        return embed
    kept = text[: room - 2]
    line = kept.rfind("\n")
    kept = kept[:line] if line > room // 2 else kept[: kept.rfind(" ")] if " " in kept else kept
    return embed | {"description": kept.rstrip("\\") + "\n…"}


def plain(parts: Sequence[str], limit: int) -> str:
    """Words for a place that reads no markdown, in one line."""
    return cut(" ".join(" ".join(parts).split()), limit)
