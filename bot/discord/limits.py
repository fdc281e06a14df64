"""Discord's limits, each with its source, and text from outside made unable to ping, link or format."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from handlers.answers.parts import Link, Quote

# https://discord.com/developers/docs/resources/message#create-message
CONTENT: Final = 2000
# https://discord.com/developers/docs/resources/message#embed-object-embed-limits
TITLE: Final = 256
DESCRIPTION: Final = 4096
FIELDS: Final = 25
FIELD_NAME: Final = 256
FIELD_VALUE: Final = 1024
FOOTER: Final = 2048
AUTHOR: Final = 256
ALL_EMBEDS: Final = 6000
# https://discord.com/developers/docs/components/reference
BUTTONS_A_ROW: Final = 5
ROWS: Final = 5
BUTTON_LABEL: Final = 80
CUSTOM_ID: Final = 100
BUTTON_URL: Final = 512
OPTIONS: Final = 25
OPTION_LABEL: Final = 100
OPTION_VALUE: Final = 100
PLACEHOLDER: Final = 150
# https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-modal
FORM_TITLE: Final = 45
FIELDS_A_FORM: Final = 5
# https://discord.com/developers/docs/components/reference#label and #text-input
FIELD_LABEL: Final = 45
LONG_FIELD: Final = 2000
"""Discord takes 4000; a command takes as much."""
SHORT_FIELD: Final = 80
# https://discord.com/developers/docs/resources/message#attachment-object
ALT_TEXT: Final = 1024
# https://discord.com/developers/docs/resources/channel#start-thread-in-forum-or-media-channel
THREAD_NAME: Final = 100
TAGS_A_POST: Final = 5
# https://discord.com/developers/docs/resources/channel#modify-channel
TAGS_A_FORUM: Final = 20
TAG_NAME: Final = 20
# https://discord.com/developers/docs/interactions/application-commands
COMMANDS: Final = 100
DESCRIPTION_OF_COMMAND: Final = 100
CHOICES: Final = 25
CHOICE: Final = 100

FENCE: Final = 10
"""Characters that the marks of a code block take, and a few to spare."""

Json = dict[str, Any]
_MARKUP: Final = re.compile(r"([\\*_~`|\[\]<>@]|:(?=//))")
_BEGINS: Final = re.compile(r"^([^\S\n]*)(#|-|\+|\d{1,9}(?=[.)]))", re.MULTILINE)
"""What formats only at the beginning of a line: headings, small print, lists."""
_SPACE: Final = re.compile(r"[ \t]+")


def cut(text: str, limit: int) -> str:
    """The text, or its beginning with an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip("\\") + "…"


def escape(text: str) -> str:
    """For places that read markdown: every sign that could format, link or mention is escaped."""
    return _BEGINS.sub(_begun, _MARKUP.sub(r"\\\1", text))


def _begun(begins: re.Match[str]) -> str:
    sign = begins[2]
    return f"{begins[1]}{sign}\\" if sign.isdigit() else f"{begins[1]}\\{sign}"


def joined(parts: Iterable[str], separator: str, limit: int) -> str:
    """As many whole parts as fit, and an ellipsis where some are left out: half a link would be no link."""
    text = ""
    for part in parts:
        grown = f"{text}{separator}{part}" if text else part
        if len(grown) > limit - len(separator) - 1:
            return f"{text}{separator}…" if text else cut(part, limit)
        text = grown
    return text


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
    """The quote's words escaped, the matched ones bold; a space within the marks would end nothing in bold."""
    parts: list[str] = []
    place = 0
    for start, end in quote.bold:
        words = quote.text[max(start, place) : end]
        start = max(start, place) + len(words) - len(words.lstrip())
        words = words.strip()
        if words:
            parts.extend((escape(quote.text[place:start]), f"**{escape(words)}**"))
            place = start + len(words)
    parts.append(escape(quote.text[place:]))
    return "".join(parts)


def size(embeds: Sequence[Json]) -> int:
    """Characters that count against the limit over all embeds of a message."""
    total = 0
    for embed in embeds:
        total += len(embed.get("title", "")) + len(embed.get("description", ""))
        total += len(embed.get("footer", {}).get("text", "")) + len(embed.get("author", {}).get("name", ""))
        total += sum(len(field["name"]) + len(field["value"]) for field in embed.get("fields", ()))
    return total
