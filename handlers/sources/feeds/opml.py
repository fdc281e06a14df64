"""Reads and writes OPML, the lists of feeds that feed readers export. Reading is lenient."""

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
_URL_ATTRIBUTES: Final = ("xmlurl", "feedurl", "rssurl", "atomurl")
_FEED_TYPES: Final = frozenset({"rss", "rss1", "rss2", "atom", "rdf", "feed", "json"})
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpmlFeed:
    title: str
    url: str
    site_url: str | None = None


def read_opml(body: bytes) -> tuple[OpmlFeed, ...]:
    """Return the feeds in order, including those in nested folders, each URL once. Other outlines are ignored.

    Raises: UnreadableDocument, whose message tells a person what to do.
    """
    if not body.strip():
        raise UnreadableDocument("The file is empty. Export the list of feeds again as OPML.")
    if len(body) > MAX_OPML_BYTES:
        raise UnreadableDocument(f"The file is larger than {MAX_OPML_BYTES // 1_000_000} MB. Split it and try again.")
    feeds: dict[str, OpmlFeed] = {}
    for attributes in _outlines(body):
        url = _feed_url(attributes)
        if url is None or url in feeds:
            continue
        if len(feeds) >= MAX_FEEDS:
            raise UnreadableDocument(f"The file lists more than {MAX_FEEDS} feeds. Split it and try again.")
        title = text_without_credentials(plain_title(attributes.get("title") or attributes.get("text") or ""))[:300]
        feeds[url] = OpmlFeed(
            title=title or without_credentials(url), url=url, site_url=_web_url(attributes.get("htmlurl"))
        )
    return tuple(feeds.values())


def write_opml(feeds: Iterable[OpmlFeed], *, title: str = "Wirewatch sources") -> bytes:
    """Return OPML 2.0 in UTF-8, which every feed reader imports."""
    root = Element("opml", version="2.0")
    SubElement(SubElement(root, "head"), "title").text = _valid_xml(title)
    listing = SubElement(root, "body")
    for feed in feeds:
        name = _valid_xml(feed.title)
        outline = SubElement(listing, "outline", type="rss", text=name, title=name, xmlUrl=_valid_xml(feed.url))
        if feed.site_url:
            outline.set("htmlUrl", _valid_xml(feed.site_url))
    indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode").encode() + b"\n"


def _valid_xml(text: str) -> str:
    return _ILLEGAL.sub("", text)


def _outlines(body: bytes) -> list[dict[str, str]]:
    """Return the attributes of every outline, with names in lower case. A damaged file is read as far as possible."""
    body = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    elements = [(_local_name(tag), attributes) for tag, attributes in xml_elements(body)]
    if not elements:
        raise UnreadableDocument("The file is damaged or not OPML: no part of it could be read.")
    outlines = [attributes for tag, attributes in elements if tag == "outline"]
    if elements[0][0] != "opml" and not outlines:
        raise UnreadableDocument("This is not OPML. Export the list of feeds from your reader as OPML and try again.")
    return [{_local_name(key): value for key, value in attributes.items()} for attributes in outlines]


def _local_name(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


def _feed_url(attributes: dict[str, str]) -> str | None:
    for name in _URL_ATTRIBUTES:
        if url := _web_url(attributes.get(name)):
            return url
    if attributes.get("type", "").strip().lower() in _FEED_TYPES:
        return _web_url(attributes.get("url"))
    return None


def _web_url(value: str | None) -> str | None:
    """Return an http or https URL, also for the "feed:" URLs of some readers; None for anything else."""
    url = one_line(value or "").replace(" ", "%20")
    url = re.sub(r"^feed:(?=https?:)", "", url, flags=re.IGNORECASE)
    url = re.sub(r"^(?:feed|itpc|pcast):/{0,2}", "http://", url, flags=re.IGNORECASE)
    return url if re.match(r"https?://[^/\s]+", url, re.IGNORECASE) and len(url) <= 2000 else None
