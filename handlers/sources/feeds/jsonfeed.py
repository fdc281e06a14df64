"""Parses JSON Feed 1.0 and 1.1 leniently: https://www.jsonfeed.org/version/1.1/"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from handlers.answers.errors import UnreadableDocument
from handlers.sources.feeds.feed_model import Entry, ParsedFeed
from handlers.sources.feeds.markup import plain_title
from handlers.sources.text.dates import read_date
from handlers.sources.text.encoding import charset_of, decode
from handlers.sources.text.links import absolute

_TOO_DEEP: Final = "The feed is damaged: it is nested too deeply to be read."


def parse_json_feed(body: bytes, *, content_type: str | None, url: str) -> ParsedFeed:
    """Return the feed in this JSON. `url`: the URL of the feed, which resolves relative links.

    Raises: UnreadableDocument.
    """
    try:
        feed: Any
        # Ignores what some servers append to the JSON.
        feed, _ = json.JSONDecoder(strict=False).raw_decode(decode(body, declared=charset_of(content_type)).lstrip())
    except RecursionError as error:
        raise UnreadableDocument(_TOO_DEEP) from error
    except ValueError as error:
        raise UnreadableDocument(
            "The feed looks like JSON but is damaged or incomplete, so it could not be read."
        ) from error
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise UnreadableDocument("This is JSON, but not a JSON Feed: it has no list of items.")
    items = [item for item in feed["items"] if isinstance(item, dict)]
    site_url = absolute(_text(feed.get("home_page_url")), url)
    base = _text(feed.get("feed_url")) or url
    base = absolute(base, url) or url
    authors = _authors(feed)
    hubs = [hub for hub in _list(feed.get("hubs")) if isinstance(hub, dict)]
    return ParsedFeed(
        title=_text(feed.get("title")),
        site_url=site_url,
        description=_text(feed.get("description")),
        language=_text(feed.get("language")),
        id=_text(feed.get("feed_url")),
        hub_urls=tuple(hub_url for hub in hubs if (hub_url := absolute(_text(hub.get("url")), base))),
        entries=tuple(_entry(item, base, authors, _text(feed.get("language"))) for item in items),
    )


def _entry(item: Mapping[str, Any], base: str, authors: str | None, language: str | None) -> Entry:
    html = _text(item.get("content_html"))
    plain = _text(item.get("content_text"))
    guid = _text(item.get("id"))
    link = absolute(_text(item.get("url")), base) or absolute(_text(item.get("external_url")), base)
    if link is None and guid and re.match(r"https?://", guid):
        link = absolute(guid, base)
    tags = [tag for value in _list(item.get("tags")) if (tag := plain_title(_text(value) or ""))]
    return Entry(
        guid=guid,
        title=_text(item.get("title")),
        link=link,
        published=_date(item.get("date_published")),
        updated=_date(item.get("date_modified")),
        summary=_text(item.get("summary")),
        content=html or plain,
        plain=html is None and plain is not None,
        author=_authors(item) or authors,
        categories=tuple(dict.fromkeys(tags))[:40],
        image_url=absolute(_text(item.get("image")) or _text(item.get("banner_image")), base)
        or _attached_image(item, base),
        language=_text(item.get("language")) or language,
    )


def _authors(owner: Mapping[str, Any]) -> str | None:
    """Return the names in the list of version 1.1 and in the single author of 1.0."""
    names = []
    for author in [*_list(owner.get("authors")), owner.get("author")]:
        name = _text(author.get("name") if isinstance(author, dict) else author)
        if name and (name := plain_title(name)) and name not in names:
            names.append(name)
    return ", ".join(names)[:200] or None


def _attached_image(item: Mapping[str, Any], base: str) -> str | None:
    for attachment in _list(item.get("attachments")):
        if isinstance(attachment, dict) and (_text(attachment.get("mime_type")) or "").startswith("image/"):
            return absolute(_text(attachment.get("url")), base)
    return None


def _date(value: object) -> datetime | None:
    text = _text(value)
    return read_date(text) if text else None


def _text(value: object) -> str | None:
    """Return a string, or a number as a string, because some feeds have numbers as ids. None for anything else."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return str(value)
    return value.strip() or None if isinstance(value, str) else None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
