"""Reads the fields of an entry as feedparser gives them."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from handlers.sources.feeds.feed_model import Entry
from handlers.sources.feeds.markup import plain_title
from handlers.sources.text.dates import read_date
from handlers.sources.text.language import language_code, writes_day_first
from handlers.sources.text.links import absolute, absolute_or_raw

_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w.-]+\w")


def read_entry(entry: Mapping[str, Any], about: Mapping[str, Any], base: str) -> Entry:
    """Return the entry as the feed states it. `about`: the fields of the feed. `base` resolves relative links."""
    content = _content(entry)
    day_first = writes_day_first(about.get("language"))
    summary = entry.get("summary") or (None if content else _caption(entry))
    detail = content or entry.get("summary_detail") or {}
    source = entry.get("source") or {}
    return Entry(
        guid=entry.get("id"),
        title=entry.get("title") or entry.get("media_title"),
        plain_title=_is_plain(entry.get("title_detail") or {}) and not _is_rss(about),
        link=_entry_link(entry, base),
        original_link=absolute(entry.get("feedburner_origlink"), base),
        alternates=_alternates(entry, base),
        enclosure_url=next((absolute(file.get("href"), base) for file in entry.get("enclosures") or ()), None),
        published=read_date_field(entry, "published", "created", day_first=day_first),
        updated=read_date_field(entry, "updated", day_first=day_first),
        summary=summary,
        content=(content or {}).get("value") or None,
        plain=_is_plain(detail) and not _is_rss(about),
        author=_author(entry) or _author(source) or _author(about),
        categories=_categories(entry.get("tags") or ()),
        image_url=_image(entry, base),
        language=detail.get("language") or (entry.get("title_detail") or {}).get("language"),
        publisher=plain_title(source.get("title") or "") or None,
    )


def _is_rss(about: Mapping[str, Any]) -> bool:
    """Whether the feed is RSS, in which text has no type, so that feedparser guesses it."""
    return "id" not in about and "updated" not in about


def _is_plain(detail: Mapping[str, Any]) -> bool:
    return detail.get("type") == "text/plain" and "&" not in (detail.get("value") or "")


def _content(entry: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the longest text among the contents. The others are the same text in other types, or pictures."""
    readable = [content for content in entry.get("content") or () if content.get("value")]
    texts = [content for content in readable if "html" in content.get("type", "html") or "text" in content["type"]]
    return max(texts or readable, key=lambda content: len(content["value"]), default=None)


def _caption(entry: Mapping[str, Any]) -> str | None:
    """Return what describes a video or sound, or the picture of an entry without a title."""
    description = entry.get("media_description_of_file")
    is_picture = any(map(_is_picture, entry.get("media_content") or ()))
    return None if is_picture and entry.get("title") else description or None


def _alternates(entry: Mapping[str, Any], base: str) -> tuple[tuple[str, str], ...]:
    """Return the languages and addresses of the entry's pages if it states one for each language."""
    links = [link for link in entry.get("links") or () if link.get("rel") == "alternate" and link.get("hreflang")]
    pages = ((language_code(link["hreflang"]), absolute(link.get("href"), base)) for link in links)
    return tuple((code, address) for code, address in pages if code and address)


def _entry_link(entry: Mapping[str, Any], url: str) -> str | None:
    links = entry.get("links") or []
    link = entry.get("link") or link_of(links, "alternate")
    return absolute_or_raw(link or link_of([link for link in links if link.get("type") == "text/html"], None), url)


def link_of(links: Iterable[Mapping[str, Any]], rel: str | None) -> str | None:
    """Return the address of the first link with this relation, or of the first one for None."""
    return next((link["href"] for link in links if (rel is None or link.get("rel") == rel) and link.get("href")), None)


def _author(owner: Mapping[str, Any]) -> str | None:
    """Return the names of the authors without e-mail addresses: "jo@example.org (Jo Doe)" is Jo Doe."""
    authors = [author.get("name") or "" for author in owner.get("authors") or () if author]
    names = []
    for name in authors or [owner.get("author") or ""]:
        name = plain_title(_ADDRESS.sub("", name.replace("mailto:", "")).strip().strip("()<>,; "))
        if name and name not in names:
            names.append(name)
    return ", ".join(names)[:200] or None


def _categories(tags: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    names = dict.fromkeys(plain_title(tag.get("label") or tag.get("term") or "")[:100] for tag in tags)
    return tuple(name for name in names if name)[:40]


def _image(entry: Mapping[str, Any], url: str) -> str | None:
    """Return the URL of the picture: the widest media:content, else the widest thumbnail, else an enclosure."""
    media = [item for item in entry.get("media_content") or () if _is_picture(item)]
    for images in (media, entry.get("media_thumbnail") or ()):
        widest = sorted(images, key=lambda item: _number(item.get("width")), reverse=True)
        for item in widest:
            if image := absolute(item.get("url"), url):
                return image
    for enclosure in entry.get("enclosures") or ():
        if str(enclosure.get("type", "")).startswith("image/") and (image := absolute(enclosure.get("href"), url)):
            return image
    return absolute((entry.get("image") or {}).get("href"), url)


def _is_picture(item: Mapping[str, Any]) -> bool:
    return (
        item.get("medium") == "image"
        or str(item.get("type", "")).startswith("image/")
        or re.search(r"\.(?:jpe?g|png|webp|gif)(?:\?|$)", item.get("url", ""), re.IGNORECASE) is not None
    )


def _number(value: object) -> int:
    digits = re.match(r"\d{1,6}", str(value or ""))
    return int(digits[0]) if digits else 0


def read_date_field(owner: Mapping[str, Any], *names: str, day_first: bool = False) -> datetime | None:
    """Return the first of these dates that can be read, in UTC. `day_first`: as for `read_date`.

    The dates that feedparser has parsed are not used: it completes half a date with the current month, and ignores most
    names of time zones and "PM".
    """
    # `get` would return "published" for a missing "updated", with a warning.
    dates = (read_date(str(owner[name]), day_first=day_first) for name in names if name in owner)
    return next((date for date in dates if date is not None), None)
