"""Discord's limits, each with its source, and text from outside made unable to ping, link or format."""

import re
from collections.abc import Sequence
from typing import Any, Final

from handlers.answers import Button, Link, Quote

# https://discord.com/developers/docs/resources/message#embed-object-embed-limits
TITLE: Final = 256
DESCRIPTION: Final = 4096
FIELDS: Final = 25
FIELD_NAME: Final = 256
FIELD_VALUE: Final = 1024
FOOTER: Final = 2048
AUTHOR: Final = 256
EMBEDS: Final = 10
ALL_EMBEDS: Final = 6000
# https://discord.com/developers/docs/components/reference
BUTTONS_A_ROW: Final = 5
ROWS: Final = 5
BUTTON_LABEL: Final = 80
CUSTOM_ID: Final = 100
BUTTON_URL: Final = 512
ALT_TEXT: Final = 1024

FENCE: Final = 10
"""Characters that the marks of a code block take, and a few to spare."""
KEY_MARK: Final = "#"
"""Between a button's action and the delivery's key, which it carries so that a post can be found again."""

Json = dict[str, Any]
_MARKUP: Final = re.compile(r"([\\*_~`|>\[\]()<#:@+.-])")
_SPACE: Final = re.compile(r"[ \t]+")


def cut(text: str, limit: int) -> str:
    """The text, or its beginning with an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip("\\") + "…"


def escape(text: str) -> str:
    """For places that read markdown: every sign that could format, link or mention is escaped."""
    return _MARKUP.sub(r"\\\1", text)


def fenced(text: str, limit: int) -> str:
    """The text in a code block, cut to `limit` characters; nothing in it ends the block."""
    kept = cut(text.replace("``", "`\u200b`"), limit)
    return f"```\n{kept}\n```"


def linked(link: Link) -> str:
    """A masked link, or the words alone where the address is not one."""
    text = escape(_SPACE.sub(" ", link.text)) or "link"
    url = web_address(link.url)
    return f"[{text}]({url})" if url else text


def web_address(url: str | None) -> str | None:
    """The address if it is an http one that can stand inside markdown and an embed."""
    if url is None or not url.startswith(("https://", "http://")) or len(url) > 2000 or set(url) & set(" <>\n\r\t\"'"):
        return None
    return url.replace("(", "%28").replace(")", "%29")


def quoted(quote: Quote) -> str:
    """The quote's words escaped, the matched ones bold."""
    parts: list[str] = []
    place = 0
    for start, end in quote.bold:
        start = max(start, place)
        if end > start:
            parts.extend((escape(quote.text[place:start]), f"**{escape(quote.text[start:end])}**"))
            place = end
    parts.append(escape(quote.text[place:]))
    return "".join(parts)


def rows(buttons: Sequence[Button], key: str | None = None) -> list[Json]:
    """Buttons in rows of five; the ids of a message's buttons differ."""
    elements: list[Json] = []
    seen: set[str] = set()
    for button in buttons[: BUTTONS_A_ROW * ROWS]:
        element = _button(button, key)
        name = element.get("custom_id") or element["url"]
        if name not in seen:
            seen.add(name)
            elements.append(element)
    return [
        {"type": 1, "components": elements[place : place + BUTTONS_A_ROW]}
        for place in range(0, len(elements), BUTTONS_A_ROW)
    ]


def _button(button: Button, key: str | None) -> Json:
    element: Json = {"type": 2, "label": cut(button.label, BUTTON_LABEL)}
    if button.action.startswith("https://") and len(button.action) <= BUTTON_URL:
        return element | {"style": 5, "url": button.action}
    marked = f"{button.action}{KEY_MARK}{key}" if key else button.action
    chosen = marked if len(marked) <= CUSTOM_ID else button.action[:CUSTOM_ID]
    return element | {"style": 1 if button.primary else 2, "custom_id": chosen}


def action_of(custom_id: str) -> str:
    """The action that a button's id carries."""
    return custom_id.split(KEY_MARK, 1)[0]


def size(embeds: Sequence[Json]) -> int:
    """Characters that count against the limit over all embeds of a message."""
    total = 0
    for embed in embeds:
        total += len(embed.get("title", "")) + len(embed.get("description", ""))
        total += len(embed.get("footer", {}).get("text", "")) + len(embed.get("author", {}).get("name", ""))
        total += sum(len(field["name"]) + len(field["value"]) for field in embed.get("fields", ()))
    return total
