"""Text and links from outside as Discord Markdown that cannot ping, link or format."""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote, urlsplit, urlunsplit

from bot.discord.limits import cut
from handlers.answers.parts import Link, Quote

FENCE: Final = 10
"""Characters to reserve for the fences of a code block; a few more than they take."""
_MARKUP: Final = re.compile(r"([\\*_~`|\[\]<>@]|:(?=//))")
_LINE_START: Final = re.compile(r"^([^\S\n]*)(#|-|\+|\d{1,9}(?=[.)]))", re.MULTILINE)
"""What is formatting only at the start of a line: headings, small print, lists."""
_ESCAPED: Final = re.compile(r"\\(.)")
_IN_ADDRESSES: Final = "%/:?#[]@!$&'()*+,;=~-._"
"""Characters that stay as they are in the path, query and fragment of an address."""
_SPACE: Final = re.compile(r"[ \t]+")


def escape(text: str) -> str:
    """Return the text for places that read Markdown, with all that could format, link or mention escaped."""
    return _LINE_START.sub(_escape_start, _MARKUP.sub(r"\\\1", text))


def unescape(text: str) -> str:
    """Return what was escaped with `escape`."""
    return _ESCAPED.sub(r"\1", text)


def _escape_start(start: re.Match[str]) -> str:
    sign = start[2]
    return f"{start[1]}{sign}\\" if sign.isdigit() else f"{start[1]}\\{sign}"


def joined(parts: Iterable[str], separator: str, limit: int) -> str:
    """Join as many whole parts as fit, with an ellipsis for the rest. No part is cut: half a link would be broken."""
    text = ""
    for part in parts:
        grown = f"{text}{separator}{part}" if text else part
        if len(grown) > limit - len(separator) - 1:
            return f"{text}{separator}…" if text else cut(part, limit)
        text = grown
    return text


def fenced(text: str, limit: int) -> str:
    """Return the text, cut to `limit` characters, in a code block that nothing in the text can end."""
    shown = cut(text.replace("``", "`\u200b`"), limit)
    return f"```\n{shown}\n```"


def linked(link: Link) -> str:
    """Return a masked link, or the text alone where the address cannot be linked."""
    text = escape(_SPACE.sub(" ", link.text)) or "link"
    url = web_address(link.url)
    return f"[{text}]({url})" if url else text


def web_address(url: str | None) -> str | None:
    """Return the address in ASCII, with parentheses encoded, if it is http(s) and valid in embeds; else None.

    Discord refuses a whole message for an address with credentials, a port that does not exist or a host without a dot.
    """
    if url is None or not url.startswith(("https://", "http://")) or len(url) > 2000 or set(url) & set(" <>\n\r\t\"'"):
        return None
    try:
        parts = urlsplit(url)
        is_public = "." in (parts.hostname or "") and parts.port != 0
        if not url.isascii():
            host = (parts.hostname or "").encode("idna").decode()
            netloc = host if parts.port is None else f"{host}:{parts.port}"
            tail = (quote(part, safe=_IN_ADDRESSES) for part in (parts.path, parts.query, parts.fragment))
            url = urlunsplit((parts.scheme, netloc, *tail))
    except ValueError:
        return None
    if not is_public or "@" in parts.netloc:
        return None
    return url.replace("(", "%28").replace(")", "%29")


def quoted(quote: Quote) -> str:
    """Return the quotation escaped, with the matches in bold.

    Spaces at the ends of a match stay outside the asterisks, because "** word**" is not bold.
    """
    parts: list[str] = []
    position = 0
    for start, end in quote.bold:
        words = quote.text[max(start, position) : end]
        start = max(start, position) + len(words) - len(words.lstrip())
        words = words.strip()
        if words:
            parts.extend((escape(quote.text[position:start]), f"**{escape(words)}**"))
            position = start + len(words)
    parts.append(escape(quote.text[position:]))
    return "".join(parts)
