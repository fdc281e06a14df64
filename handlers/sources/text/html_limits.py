"""Makes a stranger's HTML cheap to parse, and reads it without parsing when that fails."""

import html
import re
from typing import Final

MAX_PAGE_CHARACTERS: Final = 4_000_000
"""A page is read up to here, scripts and styles not counted."""
_LONG_TAG: Final = 1500
_MAX_ATTRIBUTES: Final = 120
"""libxml2 compares each attribute of a tag with all before it: 200,000 in one tag keep it busy for minutes."""
_OPENING: Final = re.compile(r"<(?:(?P<raw>script|style|svg|template)(?=[\s/>])|(?P<comment>!--)|[a-z])", re.IGNORECASE)
_QUOTED: Final = re.compile(r"\"[^\"]*\"|'[^']*'")
_DROPPED: Final = frozenset({"script", "style", "svg", "template"})
_BLOCK: Final = re.compile(
    r"</?(?:p|div|br|li|ul|ol|h[1-6]|tr|table|section|article|main|header|footer|nav|aside|blockquote|pre|title|"
    r"figure|figcaption|body|td|dd|dt|form|hr)\b[^>]*>",
    re.IGNORECASE,
)
_TAG: Final = re.compile(r"<[^<>]*>")


def tame(text: str) -> str:
    """The page without scripts, styles, comments and absurd tags, cut at MAX_PAGE_CHARACTERS. JSON-LD stays."""
    kept: list[str] = []
    size = position = 0
    endless: set[str] = set()
    while size < MAX_PAGE_CHARACTERS:
        found = _OPENING.search(text, position)
        if not found:
            kept.append(text[position:])
            break
        kept.append(text[position : found.start()])
        size += found.start() - position
        start = found.start()
        if found["comment"]:
            end = text.find("-->", start + 4)
            position = end + 3 if end >= 0 else len(text)
            continue
        end = text.find(">", start)
        end = len(text) if end < 0 else end + 1
        tag = text[start:end]
        raw = (found["raw"] or "").lower()
        if raw in _DROPPED and raw not in endless and not tag.endswith("/>"):
            close = _closing(text, raw, end)
            if close is None:
                endless.add(raw)
            elif raw != "script" or "ld+json" not in tag.lower():
                position = close
                continue
            else:
                kept.append(text[start:close])
                size += close - start
                position = close
                continue
        if len(tag) > _LONG_TAG:
            tag = _calm(tag)
        kept.append(tag)
        size += len(tag)
        position = end
    return "".join(kept)[:MAX_PAGE_CHARACTERS]


def _closing(text: str, name: str, start: int) -> int | None:
    found = re.compile(rf"</{name}[^>]*(?:>|\Z)", re.IGNORECASE).search(text, start)
    return found.end() if found else None


def _calm(tag: str) -> str:
    """The tag itself when it has a plausible number of attributes, else its bare name."""
    bare = _QUOTED.sub("", tag)
    if len(re.findall(r"[\s/]+", bare)) <= _MAX_ATTRIBUTES and len(tag) <= 200_000:
        return tag
    name = re.match(r"<[a-zA-Z][\w:-]*", tag)
    return f"{name[0][:30]}>" if name else ""


def plain_lines(text: str) -> str:
    """What is between the tags, a block a line: for a page that no parser can make sense of."""
    body = text.lower().find("<body")
    text = _BLOCK.sub("\n\n", text[max(body, 0) :])
    return html.unescape(_TAG.sub("", text))
