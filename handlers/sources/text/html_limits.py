"""Limits the size of HTML from outside before it is parsed, and reads it without a parser if that fails."""

import html
import re
from typing import Final

MAX_PAGE_CHARACTERS: Final = 4_000_000
"""The part of a page that is read, not counting scripts and styles."""
_LONG_TAG: Final = 1500
"""Characters from which on a tag is checked."""
_LONGEST_TAG: Final = 200_000
_MAX_ATTRIBUTES: Final = 120
"""libxml2 compares each attribute of a tag with all previous ones: a tag with 200,000 takes it minutes."""
_OPENING: Final = re.compile(r"<(?:(?P<raw>script|style|svg|template)(?=[\s/>])|(?P<comment>!--)|[a-z])", re.IGNORECASE)
_QUOTED: Final = re.compile(r"\"[^\"]*\"|'[^']*'")
_DROPPED: Final = frozenset({"script", "style", "svg", "template"})
_BLOCK: Final = re.compile(
    r"</?(?:p|div|br|li|ul|ol|h[1-6]|tr|table|section|article|main|header|footer|nav|aside|blockquote|pre|title|"
    r"figure|figcaption|body|td|dd|dt|form|hr)\b[^>]*>",
    re.IGNORECASE,
)
_TAG: Final = re.compile(r"<[^<>]*>")


def limit_html(text: str) -> str:
    """Return the page without scripts except JSON-LD, styles, comments and excessive tags, cut to the maximum."""
    pieces: list[str] = []
    size = position = 0
    unclosed: set[str] = set()  # element names that are never closed again
    while size < MAX_PAGE_CHARACTERS:
        opening = _OPENING.search(text, position)
        if not opening:
            pieces.append(text[position:])
            break
        start = opening.start()
        pieces.append(text[position:start])
        size += start - position
        if opening["comment"]:
            end = text.find("-->", start + 4)
            position = end + 3 if end >= 0 else len(text)
            continue
        end = text.find(">", start)
        end = len(text) if end < 0 else end + 1
        tag = text[start:end]
        raw = (opening["raw"] or "").lower()
        if raw in _DROPPED and raw not in unclosed and not tag.endswith("/>"):
            close = _closing_end(text, raw, end)
            if close is None:
                unclosed.add(raw)
            elif raw != "script" or "ld+json" not in tag.lower():
                position = close
                continue
            else:
                pieces.append(text[start:close])
                size += close - start
                position = close
                continue
        if len(tag) > _LONG_TAG:
            tag = _limit_tag(tag)
        pieces.append(tag)
        size += len(tag)
        position = end
    return "".join(pieces)[:MAX_PAGE_CHARACTERS]


def _closing_end(text: str, name: str, start: int) -> int | None:
    closing = re.compile(rf"</{name}[^>]*(?:>|\Z)", re.IGNORECASE).search(text, start)
    return closing.end() if closing else None


def _limit_tag(tag: str) -> str:
    """Return the tag itself if it has a plausible number of attributes, else the tag without attributes."""
    bare = _QUOTED.sub("", tag)
    if len(re.findall(r"[\s/]+", bare)) <= _MAX_ATTRIBUTES and len(tag) <= _LONGEST_TAG:
        return tag
    name = re.match(r"<[a-zA-Z][\w:-]*", tag)
    return f"{name[0][:30]}>" if name else ""


def strip_tags(text: str) -> str:
    """Return the text of a page without its tags, each block on a line of its own. For pages that cannot be parsed."""
    body = text.lower().find("<body")
    text = _BLOCK.sub("\n\n", text[max(body, 0) :])
    return html.unescape(_TAG.sub("", text))
