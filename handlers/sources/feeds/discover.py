"""Any page to its feeds: what the page declares, what its site is known to offer, and the usual places."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urljoin, urlsplit

from handlers.answers.errors import FetchError, UnreadableDocument
from handlers.sources.documents.html_limits import tame
from handlers.sources.feeds import preparse as feed_bytes
from handlers.sources.feeds.feed import MAX_FEED_BYTES
from handlers.sources.feeds.markup import absolute
from handlers.sources.feeds.private_feed import read_fetched
from handlers.sources.fetch.client import Fetched, Fetcher
from handlers.sources.text.encoding import charset_of, decode, one_line
from handlers.sources.text.html_tree import Element, page_tree
from storage.addresses import text_without_credentials, without_credentials

MOST_FEEDS: Final = 20
MOST_PROBES: Final = 8
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
_LOOSE_TYPES: Final = frozenset({"application/xml", "text/xml", "application/json", "text/rss", "application/rss"})
_LOOKS_LIKE_A_FEED: Final = re.compile(
    r"(?:^|[/._-])(?:rss|atom|feeds?|rdf|syndication|backend)(?:[/._?-]|\d|$)|\.(?:rss|atom|rdf)(?:\?|$)|[?&]feed=",
    re.IGNORECASE,
)
_COMMENTS: Final = re.compile(r"comment|kommentar|commentaire|коммент", re.IGNORECASE)
_PLACES: Final = ("feed/", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feed.json", "?feed=rss2")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    url: str
    title: str
    kind: str
    """"rss", "atom", "rdf", "json" or "feed" where that is not known yet."""


async def discover(fetcher: Fetcher, url: str) -> tuple[FoundFeed, ...]:
    """The feeds of a page, the likeliest first; the address itself where it is a feed. Empty: none was found.

    What the page declares is believed; anything else was fetched and read.

    Raises: FetchError, where the page itself cannot be fetched and its site is not known either.
    """
    url = web_address(url)
    known = known_feed(url)
    if known is not None and (found := await _read(fetcher, known)):
        return (found,)
    page = await fetcher.fetch(url, max_bytes=MAX_FEED_BYTES)
    if found := feed_in(page, url):
        return (found,)
    declared = page_feeds(page.body, url=page.url, content_type=page.content_type)
    if declared:
        return declared
    linked = linked_feeds(page.body, url=page.url)[: MOST_PROBES // 2]
    probes = dict.fromkeys([*linked, *usual_places(page.url)])
    probes.pop(page.url, None)
    for probe in list(probes)[:MOST_PROBES]:
        if found := await _read(fetcher, probe):
            return (found,)
    return ()


def web_address(typed: str) -> str:
    """What a person typed, as an address: "example.org" and "feed://example.org/rss" too."""
    typed = typed.strip().strip("<>")
    typed = re.sub(r"^feed:(?=https?:)", "", typed, flags=re.IGNORECASE)
    typed = re.sub(r"^feed:/{0,2}", "http://", typed, flags=re.IGNORECASE)
    return typed if re.match(r"[a-z][a-z0-9+.-]*://", typed, re.IGNORECASE) else f"https://{typed}"


def known_feed(url: str) -> str | None:
    """Where sites that declare no feed, or refuse bots on their pages, are known to keep it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    host = re.sub(r"^(?:www|m|old|new|mobile)\.", "", (parts.hostname or "").lower())
    path = parts.path.rstrip("/")
    if host == "youtube.com":
        if found := re.fullmatch(r"/channel/(UC[\w-]{22})(?:/\w+)?", path):
            return f"https://www.youtube.com/feeds/videos.xml?channel_id={found[1]}"
        if path == "/playlist" and (ids := parse_qs(parts.query).get("list")):
            return f"https://www.youtube.com/feeds/videos.xml?playlist_id={ids[0]}"
    if host == "reddit.com" and re.fullmatch(r"(?:/(?:r|u|user)/[\w+-]+(?:/(?:new|hot|top|rising))?)?", path):
        return f"https://www.reddit.com{path}/.rss"
    if host == "medium.com" and re.match(r"/@?[\w.-]+$", path):
        return f"https://medium.com/feed{path}"
    if host == "github.com" and (found := re.fullmatch(r"/([\w.-]+/[\w.-]+)(?:/(releases|commits|tags))?", path)):
        return f"https://github.com/{found[1]}/{found[2] or 'releases'}.atom"
    if host == "bsky.app" and re.fullmatch(r"/profile/[\w.:-]+", path):
        return f"https://bsky.app{path}/rss"
    if host.endswith(".substack.com") and not path:
        return f"https://{parts.hostname}/feed"
    return None


def feed_in(page: Fetched, url: str) -> FoundFeed | None:
    """The answer itself as a feed, if it is one."""
    try:
        reading = read_fetched(page, address=url)
    except UnreadableDocument:
        return None
    address = page.permanent_url or url
    return FoundFeed(url=address, title=reading.title or without_credentials(address), kind=_kind_of(page.body))


def page_feeds(body: bytes, *, url: str, content_type: str | None = None) -> tuple[FoundFeed, ...]:
    """The feeds that a page declares, in its order, feeds of comments last."""
    root = _parsed(body, content_type)
    if root is None:
        return ()
    base = _base(root, url)
    found: dict[str, FoundFeed] = {}
    for link in root.iter("link", "a"):
        address = absolute(link.get("href"), base) if isinstance(link.tag, str) else None
        if address is None or address in found:
            continue
        relations = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        known = _TYPES.get(kind)
        loose = kind in _LOOSE_TYPES and _LOOKS_LIKE_A_FEED.search(address)
        if "feed" in relations or ("alternate" in relations and (known or loose)):
            title = text_without_credentials(one_line(link.get("title") or "") or one_line(_page_title(root)))
            title = title or without_credentials(address)
            found[address] = FoundFeed(url=address, title=title[:200], kind=known or "feed")
    ranked = sorted(found.values(), key=lambda feed: bool(_COMMENTS.search(f"{feed.url} {feed.title}")))
    return tuple(ranked[:MOST_FEEDS])


def linked_feeds(body: bytes, *, url: str) -> tuple[str, ...]:
    """Addresses that a page links to and that look like feeds, its own site's first."""
    root = _parsed(body, None)
    if root is None:
        return ()
    base = _base(root, url)
    found = dict.fromkeys(_looking_like_feeds(root, base))
    own = urlsplit(url).hostname
    return tuple(sorted(found, key=lambda address: urlsplit(address).hostname != own)[:MOST_PROBES])


def usual_places(url: str) -> tuple[str, ...]:
    """Where feeds usually lie: beside the page, then at the front of its site."""
    parts = urlsplit(url)
    front = f"{parts.scheme}://{parts.netloc}/"
    beside = [f"{front.rstrip('/')}{parts.path.rstrip('/')}/feed/"] if parts.path.strip("/") else []
    return tuple(dict.fromkeys([*beside, *(urljoin(front, place) for place in _PLACES)]))


def proposal(feeds: Iterable[FoundFeed]) -> str:
    """A sentence that offers what was found on a page that is no feed."""
    found = list(feeds)[:3]
    if not found:
        return "No feed was found on it. Look for another address of this site."
    return (
        "Feeds found on it: "
        + ", ".join(without_credentials(feed.url) for feed in found)
        + ". Add one of these instead."
    )


async def _read(fetcher: Fetcher, url: str) -> FoundFeed | None:
    try:
        page = await fetcher.fetch(url, max_bytes=MAX_FEED_BYTES)
    except FetchError:
        return None
    return feed_in(page, url)


def _kind_of(body: bytes) -> str:
    if feed_bytes.is_json(body):
        return "json"
    found = re.search(rb"<(?:\w+:)?(rss|feed|rdf)\b", body[:65536], re.IGNORECASE)
    kind = found[1].lower().decode() if found else "feed"
    return "atom" if kind == "feed" and found else kind


def _parsed(body: bytes, content_type: str | None) -> Element | None:
    try:
        text = decode(body[:MAX_FEED_BYTES], declared=charset_of(content_type), markup=True)
    except UnreadableDocument:
        return None
    return page_tree(tame(text))


def _base(root: Element, url: str) -> str:
    stated = next((base.get("href") for base in root.iter("base") if base.get("href")), None)
    return absolute(stated, url) or url


def _page_title(root: Element) -> str:
    title = root.find(".//title")
    return (title.text or "") if title is not None else ""


def _looking_like_feeds(root: Element, base: str) -> Iterator[str]:
    for link in root.iter("a"):
        address = absolute(link.get("href"), base)
        if address and _LOOKS_LIKE_A_FEED.search(address.partition("//")[2].partition("/")[2]):
            yield address.partition("#")[0]
