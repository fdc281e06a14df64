"""OPML: lists of feeds, as every feed reader exports them. Read forgivingly, written plainly."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring  # only writes

from handlers.answers.errors import UnreadableDocument
from handlers.sources.feeds.markup import plain_title
from handlers.sources.text.encoding import one_line
from handlers.sources.text.xml_tree import xml_elements
from storage.addresses import text_without_credentials, without_credentials

MAX_OPML_BYTES: Final = 5_000_000
MAX_FEEDS: Final = 5_000
_ADDRESSES: Final = ("xmlurl", "feedurl", "rssurl", "atomurl")
_FEED_TYPES: Final = frozenset({"rss", "rss1", "rss2", "atom", "rdf", "feed", "json"})
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpmlFeed:
    title: str
    url: str
    site_url: str | None = None


def read_opml(body: bytes) -> tuple[OpmlFeed, ...]:
    """Its feeds in order, nested folders included, each address once; other outlines are passed over.

    Raises: UnreadableDocument.
    """
    if not body.strip():
        raise UnreadableDocument("The file is empty. Export the list of feeds again, as OPML.")
    if len(body) > MAX_OPML_BYTES:
        raise UnreadableDocument(f"The file is larger than {MAX_OPML_BYTES // 1_000_000} MB. Split it and try again.")
    feeds: dict[str, OpmlFeed] = {}
    for attributes in _outlines(body):
        url = _address(attributes)
        if url is None or url in feeds:
            continue
        if len(feeds) >= MAX_FEEDS:
            raise UnreadableDocument(f"The file lists more than {MAX_FEEDS} feeds. Split it and try again.")
        title = text_without_credentials(plain_title(attributes.get("title") or attributes.get("text") or ""))[:300]
        feeds[url] = OpmlFeed(
            title=title or without_credentials(url), url=url, site_url=_web(attributes.get("htmlurl"))
        )
    return tuple(feeds.values())


def write_opml(feeds: Iterable[OpmlFeed], *, title: str = "Wirewatch sources") -> bytes:
    """OPML 2.0 in UTF-8 that every feed reader imports."""
    root = Element("opml", version="2.0")
    SubElement(SubElement(root, "head"), "title").text = _legal(title)
    listing = SubElement(root, "body")
    for feed in feeds:
        name = _legal(feed.title)
        outline = SubElement(listing, "outline", type="rss", text=name, title=name, xmlUrl=_legal(feed.url))
        if feed.site_url:
            outline.set("htmlUrl", _legal(feed.site_url))
    indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode").encode() + b"\n"


def _legal(text: str) -> str:
    return _ILLEGAL.sub("", text)


def _outlines(body: bytes) -> list[dict[str, str]]:
    """The attributes of every outline, names in lower case. A damaged file gives what can be saved of it."""
    body = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    found = [(_local(tag), attributes) for tag, attributes in xml_elements(body)]
    if not found:
        raise UnreadableDocument("The file is damaged, or no OPML: no part of it could be read.")
    outlines = [attributes for tag, attributes in found if tag == "outline"]
    if found[0][0] != "opml" and not outlines:
        raise UnreadableDocument("This is not OPML. Export the list of feeds from your reader as OPML and try again.")
    return [{_local(key): value for key, value in attributes.items()} for attributes in outlines]


def _local(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


def _address(attributes: dict[str, str]) -> str | None:
    for name in _ADDRESSES:
        if url := _web(attributes.get(name)):
            return url
    if attributes.get("type", "").strip().lower() in _FEED_TYPES:
        return _web(attributes.get("url"))
    return None


def _web(value: str | None) -> str | None:
    """A web address; "feed:" is how some readers write one."""
    url = one_line(value or "").replace(" ", "%20")
    url = re.sub(r"^feed:(?=https?:)", "", url, flags=re.IGNORECASE)
    url = re.sub(r"^(?:feed|itpc|pcast):/{0,2}", "http://", url, flags=re.IGNORECASE)
    return url if re.match(r"https?://[^/\s]+", url, re.IGNORECASE) and len(url) <= 2000 else None
