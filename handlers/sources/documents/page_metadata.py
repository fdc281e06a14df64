"""Reads the metadata of a web page: title, URL, publisher, date, author, image, language and tags."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from handlers.sources.documents.comparison import letters_of
from handlers.sources.documents.front_matter import is_web_url
from handlers.sources.text.dates import read_date
from handlers.sources.text.encoding import one_line
from handlers.sources.text.html_tree import Element
from handlers.sources.text.language import language_code

_ARTICLE_TYPES: Final = re.compile(r"(?:\w*Article|BlogPosting|Report|PressRelease|WebPage|LiveBlogPosting)$")
_SEPARATORS: Final = r"\s+[|\-–—·•:»«]\s+|\s*[|｜_–—»]\s*|\s[-:]\s"
_MAX_JSON: Final = 400_000
"""Characters. A longer JSON-LD block is not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMetadata:
    """Metadata of a page, as clean text. URLs are absolute, the date is in UTC, and None means not stated."""

    title: str | None = None
    url: str | None = None
    publisher: str | None = None
    published_at: datetime | None = None
    author: str | None = None
    image_url: str | None = None
    language: str | None = None
    description: str | None = None
    tags: tuple[str, ...] = ()
    body: str | None = None
    """The article's text from JSON-LD."""


def read_metadata(tree: Element, *, base_url: str | None) -> PageMetadata:
    """Return the metadata of this parsed page. `base_url`: where the page was found."""
    meta = _meta(tree)
    linked = _linked_data(tree)
    base = _first(node.get("href") for node in elements_at(tree, "//base[@href]")) or base_url

    def stated(*names: str) -> str | None:
        return _first(meta.get(name) for name in names)

    publisher = stated("og:site_name", "application-name", "citation_publisher", "dc.publisher") or _name(
        linked.get("publisher")
    )
    url = _first(
        _absolute(href, base)
        for href in (
            *(
                node.get("href")
                for node in elements_at(tree, "//link[contains(concat(' ', @rel, ' '), ' canonical ')]")
            ),
            stated("og:url"),
            _text(linked.get("url")),
            base_url,
        )
    )
    date = _date(tree, linked, stated)
    image = stated("og:image:secure_url", "og:image", "twitter:image") or _url_in(linked.get("image"))
    body = _text(linked.get("articleBody"))
    return PageMetadata(
        title=_title(
            tree, stated("og:title", "twitter:title", "dc.title"), _text(linked.get("headline")), publisher, url
        ),
        url=url,
        publisher=one_line(publisher) if publisher else None,
        published_at=read_date(date) if date else None,
        author=_author(linked.get("author"), stated("author", "article:author", "parsely-author", "dc.creator", "byl")),
        image_url=_absolute(image, base),
        language=_language(
            tree, stated("og:locale", "content-language", "dc.language"), _text(linked.get("inLanguage"))
        ),
        description=stated("og:description", "description", "twitter:description") or _text(linked.get("description")),
        tags=_tags(meta.get("news_keywords") or "", linked.get("keywords")),
        body=body if body and len(body) > 200 else None,
    )


def elements_at(tree: Element, path: str) -> list[Any]:
    """Return the elements at this XPath."""
    result = tree.xpath(path)
    return result if isinstance(result, list) else []


def _date(tree: Element, linked: Mapping[str, Any], stated: Callable[..., str | None]) -> str | None:
    """Return the date of publication as the page writes it."""
    times = elements_at(tree, "//time[@pubdate or @itemprop='datePublished'][@datetime]")
    return _first(
        (
            *(_text(linked.get(name)) for name in ("datePublished", "dateCreated")),
            stated("article:published_time", "og:published_time", "og:article:published_time"),
            stated("datepublished", "pubdate", "publishdate", "publish-date", "parsely-pub-date", "sailthru.date"),
            stated("dc.date", "dc.date.issued", "date"),
            *(node.get("datetime") for node in times),
        )
    )


def _first(values: Iterator[str | None] | tuple[str | None, ...] | Any) -> str | None:
    return next((value.strip() for value in values if value and value.strip()), None)


def _meta(tree: Element) -> dict[str, str]:
    """Return the first value of each named meta element."""
    values: dict[str, str] = {}
    for node in elements_at(tree, "//meta[@content]")[:500]:
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = (node.get(attribute) or "").strip().lower()
            if name:
                values.setdefault(name, one_line(node.get("content"))[:2000])
    return {name: value for name, value in values.items() if value}


def _linked_data(tree: Element) -> Mapping[str, Any]:
    """Return the JSON-LD object that describes the article, else an empty mapping."""
    best: Mapping[str, Any] = {}
    for node in elements_at(tree, "//script[@type='application/ld+json']")[:20]:
        text = node.text or ""
        if len(text) > _MAX_JSON:
            continue
        try:
            data = json.loads(text.strip().rstrip(";"), strict=False)
        except (ValueError, RecursionError):
            continue
        for candidate in _objects(data, depth=0):
            types = candidate.get("@type")
            names = types if isinstance(types, list) else [types]
            matches = [str(name) for name in names if _ARTICLE_TYPES.match(str(name))]
            if matches and (not best or best.get("@type") == "WebPage"):
                best = candidate
    return best


def _objects(data: object, *, depth: int) -> Iterator[Mapping[str, Any]]:
    if depth > 4:
        return
    if isinstance(data, list):
        for part in data[:50]:
            yield from _objects(part, depth=depth + 1)
    elif isinstance(data, dict):
        yield data
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _objects(data.get(name), depth=depth + 1)


def _text(value: object) -> str | None:
    if isinstance(value, list):
        return next((text for part in value if (text := _text(part))), None)
    return value.strip() or None if isinstance(value, str) else None


def _name(value: object) -> str | None:
    if isinstance(value, list):
        return next((name for part in value if (name := _name(part))), None)
    if isinstance(value, dict):
        return _text(value.get("name"))
    return _text(value)


def _url_in(value: object) -> str | None:
    if isinstance(value, list):
        return next((url for part in value if (url := _url_in(part))), None)
    if isinstance(value, dict):
        return _text(value.get("url")) or _text(value.get("contentUrl"))
    return _text(value)


def _absolute(value: str | None, base: str | None) -> str | None:
    if not value:
        return None
    try:
        url = urljoin(base or "", value.strip())
    except ValueError:
        return None
    return url if is_web_url(url) else None


def _author(linked: object, stated: str | None) -> str | None:
    names = [_name(part) for part in (linked if isinstance(linked, list) else [linked])]
    author = ", ".join(dict.fromkeys(name for name in names if name)) or stated or ""
    author = re.sub(r"^(?:by|von|автор:?)\s+", "", one_line(author), flags=re.IGNORECASE)
    return author if author and len(author) <= 200 and "://" not in author else None


def _language(tree: Element, *stated: str | None) -> str | None:
    root = tree.getroottree().getroot()
    declared = (root.get("lang"), root.get("{http://www.w3.org/XML/1998/namespace}lang"), root.get("xml:lang"), *stated)
    return next((code for tag in declared if (code := language_code(tag))), None)


def _tags(stated: str, linked: object) -> tuple[str, ...]:
    parts = [str(part) for part in linked] if isinstance(linked, list) else str(linked or stated or "").split(",")
    cleaned = (one_line(part) for part in parts)
    return tuple(dict.fromkeys(tag for tag in cleaned if tag and len(tag) <= 60 and ":" not in tag))[:20]


def _title(tree: Element, shared: str | None, linked: str | None, publisher: str | None, url: str | None) -> str | None:
    """Return the headline. `shared`: the title for sharing; `linked`: the headline from JSON-LD."""
    headings = [one_line(" ".join(node.itertext())) for node in elements_at(tree, "//h1")[:5]]
    short = [heading for heading in headings if 0 < len(heading) < 8]
    headings = [heading for heading in headings if 8 <= len(heading) <= 300]
    named = _first(one_line("".join(node.itertext())) for node in elements_at(tree, "//head//title | //title")[:1])
    titles = [title for title in (shared, linked, named) if title]
    site = [heading for heading in headings if any(_is_site(heading, title) for title in titles)]
    for heading in headings:  # the page's own headline, if the metadata confirms it
        if heading not in site and any(letters_of(title).startswith(letters_of(heading)) for title in titles):
            return heading
    candidates = [without_site(title, publisher or next(iter(site), None), url) for title in titles]
    if candidates:
        return one_line(candidates[0])
    return next(iter([*headings, *short]), None)


def _is_site(heading: str, title: str) -> bool:
    """Whether a heading only repeats the last part of a longer title. Some pages mark their logo as a heading."""
    parts = re.split(_SEPARATORS, title)
    return len(parts) > 1 and letters_of(heading) == letters_of(parts[-1]) and len(parts[0]) > 8


def without_site(title: str, publisher: str | None, url: str | None) -> str:
    """Return the title without the name of the site at its end or start, if that name is known."""
    names = {letters_of(publisher)} if publisher else set()
    host = (urlsplit(url).hostname or "") if url else ""
    if host:
        labels = [label for label in host.split(".") if label not in ("www", "com", "co", "org", "net", "news", "m")]
        names |= {letters_of(label) for label in labels[:1] if len(label) > 2} | {letters_of(host.removeprefix("www."))}
    for _ in range(3):
        cuts = list(re.finditer(_SEPARATORS, title))
        if not cuts:
            return title
        head, tail = title[: cuts[-1].start()].strip(), letters_of(title[cuts[-1].end() :])
        if head and tail and any(tail == name or (len(name) > 3 and tail == f"the{name}") for name in names):
            title = head
            continue
        start, rest = letters_of(title[: cuts[0].start()]), title[cuts[0].end() :].strip()
        if rest and start in names:
            title = rest
            continue
        return title
    return title
