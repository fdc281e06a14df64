"""Reads the metadata of a web page: title, URL, publisher, date, author, image, language and tags."""

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from handlers.sources.documents.comparison import letters_of
from handlers.sources.documents.front_matter import is_web_url
from handlers.sources.documents.linked_data import linked_data, name_in, text_in, url_in
from handlers.sources.text.dates import read_date
from handlers.sources.text.encoding import one_line
from handlers.sources.text.html_tree import Element, elements_at
from handlers.sources.text.language import language_code, writes_day_first

_COMPANY: Final = re.compile(
    r"\b(?:gmbh|ag|inc|ltd|llc|s\.a\.|verlag|designed)\b|www\.|\w\.(?:com|net|org|info|[a-z]{2})\b", re.I
)
"""What shows that an author is a company or a website."""
_SEPARATORS: Final = r"\s+[|\-–—·•:»«]\s+|\s*[|｜_–—»]\s*|\s[-:]\s"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMetadata:
    """Metadata of a page, as clean text. URLs are absolute, the date is in UTC, and None means not stated."""

    title: str | None = None
    url: str | None = None
    publisher: str | None = None
    published_at: datetime | None = None
    author: str | None = None
    """One or several people."""
    organization: str | None = None
    """The author if it is the publisher or a company, which many pages state instead of the person."""
    image_url: str | None = None
    language: str | None = None
    description: str | None = None
    tags: tuple[str, ...] = ()
    body: str | None = None
    """The article's text from JSON-LD."""


def read_metadata(tree: Element, *, base_url: str | None) -> PageMetadata:
    """Return the metadata of this parsed page. `base_url`: where the page was found."""
    meta = _meta(tree)
    linked = linked_data(tree)
    base = _first(node.get("href") for node in elements_at(tree, "//base[@href]")) or base_url

    def stated(*names: str) -> str | None:
        return _first(meta.get(name) for name in names)

    publisher = stated("og:site_name", "application-name", "citation_publisher", "dc.publisher") or name_in(
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
            text_in(linked.get("url")),
            base_url,
        )
    )
    language = _language(
        tree, stated("og:locale", "content-language", "dc.language"), text_in(linked.get("inLanguage"))
    )
    author = _author(
        linked.get("author"),
        stated("author", "article:author", "parsely-author", "dc.creator", "byl", "citation_author", "sailthru.author"),
    )
    is_organization = author is not None and _is_organization(author, publisher, url)
    image = stated("og:image:secure_url", "og:image", "twitter:image") or url_in(linked.get("image"))
    body = text_in(linked.get("articleBody"))
    return PageMetadata(
        title=_title(
            tree, stated("og:title", "twitter:title", "dc.title"), text_in(linked.get("headline")), publisher, url
        ),
        url=url,
        publisher=one_line(publisher) if publisher else None,
        published_at=_date(tree, linked, stated, day_first=writes_day_first(language)),
        author=None if is_organization else author,
        organization=author if is_organization else None,
        image_url=_absolute(image, base),
        language=language_code(language),
        description=stated("og:description", "description", "twitter:description")
        or text_in(linked.get("description")),
        tags=_tags(meta.get("news_keywords") or "", linked.get("keywords")),
        body=body if body and len(body) > 200 else None,
    )


def _date(
    tree: Element, linked: Mapping[str, Any], stated: Callable[..., str | None], *, day_first: bool
) -> datetime | None:
    """Return the first date of publication that the page states and that can be read."""
    times = elements_at(tree, "//time[@pubdate or @itemprop='datePublished'][@datetime]")
    values = (
        *(text_in(linked.get(name)) for name in ("datePublished", "dateCreated")),
        stated("article:published_time", "og:published_time", "og:article:published_time"),
        stated("datepublished", "pubdate", "publishdate", "publish-date", "parsely-pub-date", "sailthru.date"),
        stated("dc.date", "dc.date.issued", "dcterms.created", "dcterms.date", "citation_publication_date", "date"),
        *(node.get("datetime") for node in times),
    )
    dates = (read_date(value, day_first=day_first) for value in values if value)
    return next((date for date in dates if date is not None), None)


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


def _absolute(value: str | None, base: str | None) -> str | None:
    if not value:
        return None
    try:
        url = urljoin(base or "", value.strip())
    except ValueError:
        return None
    return url if is_web_url(url) else None


def _author(linked: object, stated: str | None) -> str | None:
    names = [name_in(part) for part in (linked if isinstance(linked, list) else [linked])]
    author = ", ".join(dict.fromkeys(name for name in names if name)) or stated or ""
    author = re.sub(r"^(?:by|von|автор:?)\s+", "", one_line(html.unescape(author)), flags=re.IGNORECASE)
    return author if author and len(author) <= 200 and "://" not in author else None


def is_company(name: str) -> bool:
    """Whether the name shows by its form that it is a company's or a website's, not a person's."""
    return _COMPANY.search(name) is not None


def _is_organization(author: str, publisher: str | None, url: str | None) -> bool:
    """Whether the author is the publisher, its website or a company."""
    letters = letters_of(author)
    host = letters_of((urlsplit(url).hostname or "").removeprefix("www.")) if url else ""
    name = letters_of(publisher or "")
    return is_company(author) or (bool(name) and (letters in name or name in letters)) or letters in host


def _language(tree: Element, *stated: str | None) -> str | None:
    """Return the first language tag that the page states, such as "en-GB"."""
    root = tree.getroottree().getroot()
    declared = (root.get("lang"), root.get("{http://www.w3.org/XML/1998/namespace}lang"), root.get("xml:lang"), *stated)
    return next((tag for tag in declared if language_code(tag)), None)


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
