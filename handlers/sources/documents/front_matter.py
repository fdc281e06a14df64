"""Reads the front matter of a text or Markdown file, or lines such as "title: ..." above its first empty line."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from handlers.sources.text.dates import read_date

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
_MOST_LINES: Final = 60
"""Lines of front matter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The values of the front matter. The URLs are absolute http or https URLs, and the date is in UTC."""

    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    published_at: datetime | None = None
    author: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    image_url: str | None = None


def split_fields(text: str) -> tuple[Fields, str]:
    """Return the fields of the front matter and the text below it.

    A text that does not clearly begin with front matter is returned unchanged, with empty fields.
    """
    lines = text.lstrip("\n").split("\n")
    fence = lines[0].strip()
    if fence in _FENCES:
        for end in range(1, min(len(lines), _MOST_LINES)):
            if lines[end].strip() in (fence, "..."):
                values = _values(lines[1:end])
                return (_fields(values), "\n".join(lines[end + 1 :])) if values else (Fields(), text)
        return Fields(), text
    end = 0
    seen: set[str] = set()
    while end < min(len(lines), _MOST_LINES):
        match = _LINE.fullmatch(lines[end].strip())
        name = _NAMES.get(match["name"].lower()) if match else None
        if match is None or name is None or name in seen or not match["value"]:
            break
        seen.add(name)
        end += 1
    blank_follows = end == len(lines) or not lines[end].strip() or lines[end].strip() == "---"
    is_clear = (
        len(seen) >= 2 or seen == {"title"} or (seen == {"url"} and is_web_url(lines[0].split(":", 1)[1].strip()))
    )
    if not (seen and blank_follows and is_clear):
        return Fields(), text
    return _fields(_values(lines[:end])), "\n".join(lines[end:]).removeprefix("---")


def is_web_url(value: str | None) -> bool:
    """Whether this is an absolute http or https URL with a host."""
    try:
        parts = urlsplit(value or "")
        return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in (value or "")
    except ValueError:
        return False


def _values(lines: list[str]) -> dict[str, list[str]]:
    """Return the values of each field, which are several for a list. The first of two fields with one name counts."""
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


def _fields(values: dict[str, list[str]]) -> Fields:
    def first(name: str) -> str | None:
        return next(iter(values.get(name, [])), None)

    tags = values.get("tags", [])
    if len(tags) == 1:
        tags = [part.strip() for part in re.split(r"[,;]", tags[0])]
    publisher, url = first("publisher"), first("url")
    if publisher and is_web_url(publisher):  # "source: https://..." is a URL, not a name
        url = url or publisher
        publisher = None
    date, image = first("date"), first("image")
    return Fields(
        title=first("title"),
        publisher=publisher,
        url=url if is_web_url(url) else None,
        published_at=read_date(date) if date else None,
        author=", ".join(values.get("author", [])) or None,
        language=first("language"),
        tags=tuple(dict.fromkeys(tag for tag in tags if tag))[:20],
        image_url=image if is_web_url(image) else None,
    )
