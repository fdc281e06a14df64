"""The optional header of a text or Markdown file: front matter, or lines such as "title: ..." above an empty line."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from handlers.sources.text.bylines import read_date

_NAMES: Final = {
    "title": "title",
    "headline": "title",
    "source": "publisher",
    "publisher": "publisher",
    "site": "publisher",
} | {
    "url": "url",
    "link": "url",
    "canonical": "url",
    "canonical_url": "url",
    "date": "date",
    "published": "date",
    "published_at": "date",
    "pubdate": "date",
    "author": "author",
    "authors": "author",
    "by": "author",
    "language": "language",
    "lang": "language",
    "tags": "tags",
    "keywords": "tags",
    "categories": "tags",
    "image": "image",
    "image_url": "image",
}
_LINE: Final = re.compile(r"(?P<name>[A-Za-z_-]{2,16})\s*[:=]\s*(?P<value>.*)")
_FENCES: Final = {"---": ":", "+++": "="}
_LONGEST_HEADER: Final = 60
"""Lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """What the header said. The addresses are http or https; a date is aware and in UTC."""

    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    published_at: datetime | None = None
    author: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    image_url: str | None = None


def split_fields(text: str) -> tuple[Fields, str]:
    """The header's fields and the text below it. A text that does not clearly begin with a header stays whole."""
    lines = text.lstrip("\n").split("\n")
    fence = lines[0].strip()
    if fence in _FENCES:
        for end in range(1, min(len(lines), _LONGEST_HEADER)):
            if lines[end].strip() in (fence, "..."):
                found = _pairs(lines[1:end])
                return (_fields(found), "\n".join(lines[end + 1 :])) if found else (Fields(), text)
        return Fields(), text
    end = 0
    seen: set[str] = set()
    while end < min(len(lines), _LONGEST_HEADER):
        match = _LINE.fullmatch(lines[end].strip())
        name = _NAMES.get(match["name"].lower()) if match else None
        if match is None or name is None or name in seen or not match["value"]:
            break
        seen.add(name)
        end += 1
    blank_follows = end == len(lines) or not lines[end].strip() or lines[end].strip() == "---"
    clearly = len(seen) >= 2 or seen == {"title"} or (seen == {"url"} and is_address(lines[0].split(":", 1)[1].strip()))
    if not (seen and blank_follows and clearly):
        return Fields(), text
    return _fields(_pairs(lines[:end])), "\n".join(lines[end:]).removeprefix("---")


def is_address(value: str | None) -> bool:
    """True for an absolute http or https address with a host."""
    try:
        parts = urlsplit(value or "")
        return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in (value or "")
    except ValueError:
        return False


def _pairs(lines: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    for raw in lines:
        line = raw.strip()
        if line.startswith("- ") and current is not None:
            current.append(_unquoted(line[2:]))
            continue
        match = _LINE.fullmatch(line)
        name = _NAMES.get(match["name"].lower()) if match else None
        current = None
        if match and name and name not in found:
            value = match["value"].strip()
            if value.startswith("[") and value.endswith("]"):
                found[name] = [_unquoted(part) for part in value[1:-1].split(",") if part.strip()]
            else:
                found[name] = [_unquoted(value)] if value else []
            current = found[name]
    return {name: [value for value in values if value] for name, values in found.items() if any(values)}


def _unquoted(value: str) -> str:
    value = value.strip()
    return value[1:-1].strip() if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def _fields(found: dict[str, list[str]]) -> Fields:
    def one(name: str) -> str | None:
        return next(iter(found.get(name, [])), None)

    tags = found.get("tags", [])
    if len(tags) == 1:
        tags = [part.strip() for part in re.split(r"[,;]", tags[0])]
    publisher, url = one("publisher"), one("url")
    if publisher and is_address(publisher):  # "source: https://..." is an address, not a name
        url = url or publisher
        publisher = None
    date, image = one("date"), one("image")
    return Fields(
        title=one("title"),
        publisher=publisher,
        url=url if is_address(url) else None,
        published_at=read_date(date) if date else None,
        author=", ".join(found.get("author", [])) or None,
        language=one("language"),
        tags=tuple(dict.fromkeys(tag for tag in tags if tag))[:20],
        image_url=image if is_address(image) else None,
    )
