"""What a web page says about itself in its head: title, address, publisher, date, author, picture, language."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from handlers.sources.documents.front_matter import is_address
from handlers.sources.text.bylines import read_date
from handlers.sources.text.encoding import one_line
from handlers.sources.text.html_tree import Element
from handlers.sources.text.language import language_code

_ARTICLE_TYPES: Final = re.compile(r"(?:\w*Article|BlogPosting|Report|PressRelease|WebPage|LiveBlogPosting)$")
_SEPARATORS: Final = r"\s+[|\-–—·•:»«]\s+|\s*[|｜_–—»]\s*|\s[-:]\s"
_MAX_JSON: Final = 400_000
"""Characters of one JSON-LD block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """All clean; addresses absolute; None where the page does not say."""

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
    """The article's text as JSON-LD repeats it."""


def read_facts(tree: Element, *, base_url: str | None) -> PageFacts:
    """What this parsed page says about itself."""
    meta = _meta(tree)
    linked = _linked_data(tree)
    base = _first(node.get("href") for node in every(tree, "//base[@href]")) or base_url

    def said(*names: str) -> str | None:
        return _first(meta.get(name) for name in names)

    publisher = said("og:site_name", "application-name", "citation_publisher", "dc.publisher") or _name(
        linked.get("publisher")
    )
    address = _first(
        _absolute(href, base)
        for href in (
            *(node.get("href") for node in every(tree, "//link[contains(concat(' ', @rel, ' '), ' canonical ')]")),
            said("og:url"),
            _text(linked.get("url")),
            base_url,
        )
    )
    date = _first(
        (
            *(_text(linked.get(name)) for name in ("datePublished", "dateCreated")),
            said(
                "article:published_time", "og:published_time", "og:article:published_time", "datepublished", "pubdate"
            ),
            said(
                "publishdate", "publish-date", "parsely-pub-date", "sailthru.date", "dc.date", "dc.date.issued", "date"
            ),
            *(node.get("datetime") for node in every(tree, "//time[@pubdate or @itemprop='datePublished'][@datetime]")),
        )
    )
    image = said("og:image:secure_url", "og:image", "twitter:image") or _address_of(linked.get("image"))
    body = _text(linked.get("articleBody"))
    return PageFacts(
        title=_title(
            tree, said("og:title", "twitter:title", "dc.title"), _text(linked.get("headline")), publisher, address
        ),
        url=address,
        publisher=one_line(publisher) if publisher else None,
        published_at=read_date(date) if date else None,
        author=_author(linked.get("author"), said("author", "article:author", "parsely-author", "dc.creator", "byl")),
        image_url=_absolute(image, base),
        language=_language(tree, said("og:locale", "content-language", "dc.language"), _text(linked.get("inLanguage"))),
        description=said("og:description", "description", "twitter:description") or _text(linked.get("description")),
        tags=_tags(meta.get("news_keywords") or "", linked.get("keywords")),
        body=body if body and len(body) > 200 else None,
    )


def every(tree: Element, path: str) -> list[Any]:
    """The elements at this XPath."""
    found = tree.xpath(path)
    return found if isinstance(found, list) else []


def _first(values: Iterator[str | None] | tuple[str | None, ...] | Any) -> str | None:
    return next((value.strip() for value in values if value and value.strip()), None)


def _meta(tree: Element) -> dict[str, str]:
    """The first value of each named meta element."""
    found: dict[str, str] = {}
    for node in every(tree, "//meta[@content]")[:500]:
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = (node.get(attribute) or "").strip().lower()
            if name:
                found.setdefault(name, one_line(node.get("content"))[:2000])
    return {name: value for name, value in found.items() if value}


def _linked_data(tree: Element) -> Mapping[str, Any]:
    """The JSON-LD object that describes the article, or an empty one."""
    best: Mapping[str, Any] = {}
    for node in every(tree, "//script[@type='application/ld+json']")[:20]:
        text = node.text or ""
        if len(text) > _MAX_JSON:
            continue
        try:
            data = json.loads(text.strip().rstrip(";"), strict=False)
        except (ValueError, RecursionError):
            continue
        for thing in _things(data, depth=0):
            types = thing.get("@type")
            names = types if isinstance(types, list) else [types]
            matches = [str(name) for name in names if _ARTICLE_TYPES.match(str(name))]
            if matches and (not best or best.get("@type") == "WebPage"):
                best = thing
    return best


def _things(data: object, *, depth: int) -> Iterator[Mapping[str, Any]]:
    if depth > 4:
        return
    if isinstance(data, list):
        for part in data[:50]:
            yield from _things(part, depth=depth + 1)
    elif isinstance(data, dict):
        yield data
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _things(data.get(name), depth=depth + 1)


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


def _address_of(value: object) -> str | None:
    if isinstance(value, list):
        return next((address for part in value if (address := _address_of(part))), None)
    if isinstance(value, dict):
        return _text(value.get("url")) or _text(value.get("contentUrl"))
    return _text(value)


def _absolute(value: str | None, base: str | None) -> str | None:
    if not value:
        return None
    try:
        address = urljoin(base or "", value.strip())
    except ValueError:
        return None
    return address if is_address(address) else None


def _author(linked: object, said: str | None) -> str | None:
    names = [_name(part) for part in (linked if isinstance(linked, list) else [linked])]
    author = ", ".join(dict.fromkeys(name for name in names if name)) or said or ""
    author = re.sub(r"^(?:by|von|автор:?)\s+", "", one_line(author), flags=re.IGNORECASE)
    return author if author and len(author) <= 200 and "://" not in author else None


def _language(tree: Element, *said: str | None) -> str | None:
    root = tree.getroottree().getroot()
    declared = (root.get("lang"), root.get("{http://www.w3.org/XML/1998/namespace}lang"), root.get("xml:lang"), *said)
    return next((code for tag in declared if (code := language_code(tag))), None)


def _tags(said: str, linked: object) -> tuple[str, ...]:
    parts = [str(part) for part in linked] if isinstance(linked, list) else str(linked or said or "").split(",")
    cleaned = (one_line(part) for part in parts)
    return tuple(dict.fromkeys(tag for tag in cleaned if tag and len(tag) <= 60 and ":" not in tag))[:20]


def _title(
    tree: Element, shared: str | None, linked: str | None, publisher: str | None, address: str | None
) -> str | None:
    headings = [one_line(" ".join(node.itertext())) for node in every(tree, "//h1")[:5]]
    short = [heading for heading in headings if 0 < len(heading) < 8]
    headings = [heading for heading in headings if 8 <= len(heading) <= 300]
    named = _first(one_line("".join(node.itertext())) for node in every(tree, "//head//title | //title")[:1])
    titles = [title for title in (shared, linked, named) if title]
    site = [heading for heading in headings if any(_is_site(heading, title) for title in titles)]
    for heading in headings:  # the page's own headline, when the head agrees that it is that
        if heading not in site and any(_letters(title).startswith(_letters(heading)) for title in titles):
            return heading
    candidates = [without_site(title, publisher or next(iter(site), None), address) for title in titles]
    if candidates:
        return one_line(candidates[0])
    return next(iter([*headings, *short]), None)


def _is_site(heading: str, title: str) -> bool:
    """True when a heading only repeats the last part of a longer title: some pages mark their logo as a headline."""
    parts = re.split(_SEPARATORS, title)
    return len(parts) > 1 and _letters(heading) == _letters(parts[-1]) and len(parts[0]) > 8


def without_site(title: str, publisher: str | None, address: str | None) -> str:
    """The title without the site's name at its end or start, when that name is known."""
    names = {_letters(publisher)} if publisher else set()
    host = (urlsplit(address).hostname or "") if address else ""
    if host:
        labels = [label for label in host.split(".") if label not in ("www", "com", "co", "org", "net", "news", "m")]
        names |= {_letters(label) for label in labels[:1] if len(label) > 2} | {_letters(host.removeprefix("www."))}
    for _ in range(3):
        cuts = list(re.finditer(_SEPARATORS, title))
        if not cuts:
            return title
        head, tail = title[: cuts[-1].start()].strip(), _letters(title[cuts[-1].end() :])
        if head and tail and any(tail == name or (len(name) > 3 and tail == f"the{name}") for name in names):
            title = head
            continue
        start, rest = _letters(title[: cuts[0].start()]), title[cuts[0].end() :].strip()
        if rest and start in names:
            title = rest
            continue
        return title
    return title


def _letters(text: str | None) -> str:
    return re.sub(r"\W+", "", text or "").casefold()
