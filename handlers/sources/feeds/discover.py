"""Finds the feeds of a web page: those that it declares or links to, those of known sites, and the usual paths."""

import asyncio
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qs, urljoin, urlsplit

from handlers.answers.errors import FetchError, UnreadableDocument, WirewatchError
from handlers.rules.urls import feed_name
from handlers.sources.feeds import preparse
from handlers.sources.feeds.feed import MAX_FEED_BYTES
from handlers.sources.feeds.private_feed import read_fetched
from handlers.sources.fetch.client import Fetched, Fetcher
from handlers.sources.lists.addresses import is_known_list
from handlers.sources.lists.formats import HEAD, MAX_LIST_BYTES, format_of
from handlers.sources.text.encoding import charset_of, decode, one_line
from handlers.sources.text.html_limits import limit_html
from handlers.sources.text.html_tree import Element, page_tree
from handlers.sources.text.links import absolute
from storage.addresses import text_without_credentials, without_credentials

MOST_FEEDS: Final = 20
"""Feeds of one page that are returned."""
LIST: Final = "list"
MOST_PROBES: Final = 8
"""Feeds of a page that are read, and addresses that are tried if it declares none that can be read."""
_TYPES: Final = {
    "application/rss+xml": "rss",
    "application/atom+xml": "atom",
    "application/rdf+xml": "rdf",
    "application/feed+json": "json",
    "application/x.atom+xml": "atom",
    "application/x-atom+xml": "atom",
    "text/rss+xml": "rss",
    "text/atom+xml": "atom",
    "text/rdf+xml": "rdf",
}
_OTHER_TYPES: Final = frozenset({"application/xml", "text/xml", "application/json", "text/rss", "application/rss"})
_LOOKS_LIKE_FEED: Final = re.compile(
    r"(?:^|[/._-])(?:rss|atom|feeds?|rdf|syndication|backend)(?:[/._?-]|\d|$)|\.(?:rss|atom|rdf)(?:\?|$)|[?&]feed=",
    re.IGNORECASE,
)
_COMMENTS: Final = re.compile(r"comment|kommentar|commentaire|коммент", re.IGNORECASE)
_USUAL_PATHS: Final = ("feed/", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feed.json", "?feed=rss2")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    url: str
    title: str
    kind: str
    """"rss", "atom", "rdf", "json", "list" for an official list, or "feed" if that is unknown."""


async def discover(fetcher: Fetcher, url: str) -> tuple[FoundFeed, ...]:
    """Return the feeds of a page, the likeliest first, or the address itself if it is a feed. Empty if there is none.

    Every feed that is returned was fetched and read. Feeds that the page declares come first; if none of them can be
    read, those that it links to and the usual addresses are tried.

    Raises: FetchError, if the page cannot be fetched and no feed is known for its site, or if the page declares feeds
    and none can be read.
    """
    url = web_address(url)
    if is_known_list(url):
        return await _fetch_list(fetcher, url)
    site_feed = known_feed(url)
    if site_feed is not None and (feed := await _fetch_feed(fetcher, site_feed)):
        return (feed,)
    page = await fetcher.fetch(url, max_bytes=MAX_FEED_BYTES)
    if feed := await asyncio.to_thread(feed_in, page, url):
        return (feed,)
    declared = page_feeds(page.body, url=page.url, content_type=page.content_type)[:MOST_PROBES]
    checked = await asyncio.gather(*(_check(fetcher, feed) for feed in declared))
    readable = {feed_name(feed.url): feed for feed in reversed(checked) if isinstance(feed, FoundFeed)}
    if readable:
        return tuple(reversed(readable.values()))
    linked = linked_feeds(page.body, url=page.url)[: MOST_PROBES // 2]
    probes = dict.fromkeys([*linked, *usual_urls(page.url)])
    for tried in (page.url, *(feed.url for feed in declared)):
        probes.pop(tried, None)
    for probe in list(probes)[:MOST_PROBES]:
        if feed := await _fetch_feed(fetcher, probe):
            return (feed,)
    if declared:
        raise FetchError(f"The page names {_counted(declared)}. {checked[0]}")
    return ()


async def _fetch_list(fetcher: Fetcher, url: str) -> tuple[FoundFeed, ...]:
    """Return the official list at the address; empty if the document there is none. Raises: FetchError."""
    with tempfile.TemporaryFile() as file:
        fetched = await fetcher.fetch(url, max_bytes=MAX_LIST_BYTES, into=file, enough=HEAD)
        format = format_of(file.read(HEAD))
    return () if format is None else (FoundFeed(url=fetched.permanent_url or url, title=format.title, kind=LIST),)


def web_address(typed: str) -> str:
    """Return the URL that a person typed, also for "example.org" and "feed://example.org/rss"."""
    typed = typed.strip().strip("<>")
    typed = re.sub(r"^feed:(?=https?:)", "", typed, flags=re.IGNORECASE)
    typed = re.sub(r"^feed:/{0,2}", "http://", typed, flags=re.IGNORECASE)
    return typed if re.match(r"[a-z][a-z0-9+.-]*://", typed, re.IGNORECASE) else f"https://{typed}"


def known_feed(url: str) -> str | None:
    """Return the feed of a page of a known site that declares no feed or blocks bots; None for any other page."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    host = re.sub(r"^(?:www|m|old|new|mobile)\.", "", (parts.hostname or "").lower())
    path = parts.path.rstrip("/")
    if host == "youtube.com":
        if channel := re.fullmatch(r"/channel/(UC[\w-]{22})(?:/\w+)?", path):
            return f"https://www.youtube.com/feeds/videos.xml?channel_id={channel[1]}"
        if path == "/playlist" and (ids := parse_qs(parts.query).get("list")):
            return f"https://www.youtube.com/feeds/videos.xml?playlist_id={ids[0]}"
    if host == "reddit.com" and re.fullmatch(r"(?:/(?:r|u|user)/[\w+-]+(?:/(?:new|hot|top|rising))?)?", path):
        return f"https://www.reddit.com{path}/.rss"
    if host == "medium.com" and re.match(r"/@?[\w.-]+$", path):
        return f"https://medium.com/feed{path}"
    if host == "github.com" and (repository := re.fullmatch(r"/([\w.-]+/[\w.-]+)(?:/(releases|commits|tags))?", path)):
        return f"https://github.com/{repository[1]}/{repository[2] or 'releases'}.atom"
    if host == "bsky.app" and re.fullmatch(r"/profile/[\w.:-]+", path):
        return f"https://bsky.app{path}/rss"
    if host.endswith(".substack.com") and not path:
        return f"https://{parts.hostname}/feed"
    return None


def feed_in(page: Fetched, url: str) -> FoundFeed | None:
    """Return the fetched document as a feed; None if it is not one. `url`: the address that was asked for.

    Takes processor time, so call it in a thread.
    """
    try:
        return read_feed_in(page, url)
    except UnreadableDocument:
        return None


def read_feed_in(page: Fetched, url: str) -> FoundFeed:
    """Return the fetched document as a feed or an official list. `url`: the address that was asked for.

    Raises: UnreadableDocument.
    """
    if (format := format_of(page.body)) is not None:
        return FoundFeed(url=page.permanent_url or url, title=format.title, kind=LIST)
    reading = read_fetched(page, address=url)
    address = page.permanent_url or url
    return FoundFeed(url=address, title=reading.title or without_credentials(address), kind=_kind_of(page.body))


def page_feeds(body: bytes, *, url: str, content_type: str | None = None) -> tuple[FoundFeed, ...]:
    """Return the feeds that a page declares in its order, feeds of comments last. `url`: the address of the page."""
    root = _parse(body, content_type)
    if root is None:
        return ()
    base = _base(root, url)
    feeds: dict[str, FoundFeed] = {}
    for link in root.iter("link", "a"):
        feed_url = absolute(link.get("href"), base) if isinstance(link.tag, str) else None
        if feed_url is None or feed_url in feeds:
            continue
        relations = (link.get("rel") or "").lower().split()
        media_type = (link.get("type") or "").partition(";")[0].strip().lower()
        kind = _TYPES.get(media_type)
        may_be_feed = kind or (media_type in _OTHER_TYPES and _LOOKS_LIKE_FEED.search(feed_url))
        if "feed" in relations or ("alternate" in relations and may_be_feed):
            title = text_without_credentials(one_line(link.get("title") or "") or one_line(_page_title(root)))
            title = title or without_credentials(feed_url)
            feeds[feed_url] = FoundFeed(url=feed_url, title=title[:200], kind=kind or "feed")
    ranked = sorted(feeds.values(), key=lambda feed: bool(_COMMENTS.search(f"{feed.url} {feed.title}")))
    return tuple(ranked[:MOST_FEEDS])


def linked_feeds(body: bytes, *, url: str) -> tuple[str, ...]:
    """Return the links of a page whose URLs look like feeds, those to its own site first."""
    root = _parse(body, None)
    if root is None:
        return ()
    base = _base(root, url)
    links = dict.fromkeys(_feed_like_links(root, base))
    host = urlsplit(url).hostname
    return tuple(sorted(links, key=lambda link: urlsplit(link).hostname != host)[:MOST_PROBES])


def usual_urls(url: str) -> tuple[str, ...]:
    """Return the URLs where feeds usually are: first below the page, then at the root of its site."""
    parts = urlsplit(url)
    front = f"{parts.scheme}://{parts.netloc}/"
    below = [f"{front.rstrip('/')}{parts.path.rstrip('/')}/feed/"] if parts.path.strip("/") else []
    return tuple(dict.fromkeys([*below, *(urljoin(front, path) for path in _USUAL_PATHS)]))


def proposal(feeds: Iterable[FoundFeed]) -> str:
    """Return a sentence that offers the feeds of a page, for somebody who gave its address in place of a feed."""
    urls = [without_credentials(feed.url) for feed in feeds][:3]
    if not urls:
        return "The page names no feed. Look for the address of a feed on this site."
    if len(urls) == 1:
        return f"The page names this feed: {urls[0]}. Add it instead."
    return f"The page names these feeds: {', '.join(urls)}. Add one of them instead."


def _counted(feeds: Sequence[FoundFeed]) -> str:
    return "a feed that cannot be read" if len(feeds) == 1 else f"{len(feeds)} feeds, but none can be read"


async def _check(fetcher: Fetcher, declared: FoundFeed) -> FoundFeed | WirewatchError:
    """Return a feed that a page declares, under the title that the page gives to it, or why it cannot be read."""
    try:
        fetched = await fetcher.fetch(declared.url, max_bytes=MAX_FEED_BYTES)
        found = await asyncio.to_thread(read_feed_in, fetched, declared.url)
    except (FetchError, UnreadableDocument) as error:
        return error
    return replace(found, title=declared.title, kind=declared.kind if found.kind == "feed" else found.kind)


async def _fetch_feed(fetcher: Fetcher, url: str) -> FoundFeed | None:
    try:
        page = await fetcher.fetch(url, max_bytes=MAX_FEED_BYTES)
    except FetchError:
        return None
    return await asyncio.to_thread(feed_in, page, url)


def _kind_of(body: bytes) -> str:
    if preparse.is_json(body):
        return "json"
    root = re.search(rb"<(?:\w+:)?(rss|feed|rdf)\b", body[:65536], re.IGNORECASE)
    if root is None:
        return "feed"
    name = root[1].lower().decode()
    return "atom" if name == "feed" else name


def _parse(body: bytes, content_type: str | None) -> Element | None:
    try:
        text = decode(body[:MAX_FEED_BYTES], declared=charset_of(content_type), markup=True)
    except UnreadableDocument:
        return None
    return page_tree(limit_html(text))


def _base(root: Element, url: str) -> str:
    stated = next((base.get("href") for base in root.iter("base") if base.get("href")), None)
    return absolute(stated, url) or url


def _page_title(root: Element) -> str:
    title = root.find(".//title")
    return (title.text or "") if title is not None else ""


def _feed_like_links(root: Element, base: str) -> Iterator[str]:
    for link in root.iter("a"):
        url = absolute(link.get("href"), base)
        if url and _LOOKS_LIKE_FEED.search(url.partition("//")[2].partition("/")[2]):
            yield url.partition("#")[0]
