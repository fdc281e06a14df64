"""Examines the bytes of a feed before parsing, and removes what would take a parser minutes."""

import html
import re
from html.entities import html5
from typing import Final

from handlers.answers.errors import UnreadableDocument
from handlers.sources.text.encoding import charset_of, decode
from handlers.sources.text.links import absolute

_ROOT: Final = re.compile(rb"<(?:rss|rdf:RDF|(?:\w+:)?feed|entry|channel|opml|cdf)\b", re.IGNORECASE)
_PAGE: Final = re.compile(rb"<html\b|<head\b|<body\b", re.IGNORECASE)
_PAGE_TYPE: Final = re.compile(rb"<!DOCTYPE\s+html", re.IGNORECASE)
_START: Final = re.compile(rb"<\?xml\b|<!DOCTYPE\s+(?:rss|feed|rdf)|<rss\b|<rdf:RDF\b|<(?:\w+:)?feed\b", re.IGNORECASE)
_DOCTYPE: Final = re.compile(rb"<!DOCTYPE[^\[>]*\[(.*?)\]\s*>", re.IGNORECASE | re.DOTALL)
_ENTITY: Final = re.compile(rb"<!ENTITY\s+(%\s+)?[\w.-]+\s+(?:\"([^\"]*)\"|'([^']*)'|[^>]*)>?", re.IGNORECASE)
_CONTROLS: Final = bytes([*range(0x00, 0x09), 0x0B, 0x0C, *range(0x0E, 0x20)])
_BOMS: Final = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_DECLARED_ENCODING: Final = re.compile(r"^(\s*<\?xml[^>]*?)\s+encoding\s*=\s*[\"'][^\"']*[\"']")
_MEDIA_PREFIX: Final = re.compile(
    rb"xmlns:([\w.-]{1,30})\s*=\s*[\"']http://search\.yahoo\.com/mrss/?[\"']", re.IGNORECASE
)
_CHANNEL_LINK: Final = re.compile(
    rb"<channel\b.*?<link>\s*(?:<!\[CDATA\[)?\s*([^<>\s]{1,2000}?)\s*(?:\]\]>)?\s*</link>", re.IGNORECASE | re.DOTALL
)
_RELATIVE_LINK: Final = re.compile(rb"<link>\s*(?:<!\[CDATA\[)?\s*(?![a-z][a-z0-9+.-]*:|[<\s])", re.IGNORECASE)
_ENTRY_START: Final = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_ENTRY_END: Final = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
_LONG_TAG: Final = re.compile(rb"<[a-zA-Z][^<>]{8000,}>?|&lt;[a-zA-Z](?:(?!&[lg]t;)[^<>]){8000,}(?:&gt;)?")
_NAMED_ENTITY: Final = re.compile(rb"&([a-zA-Z][a-zA-Z0-9]{0,31});")
_DROPPED_WITH_TEXT: Final = re.compile(
    rb"(?:<|&lt;)(?:script|style|iframe|object|embed|applet|frame|frameset|noframes|noembed|noscript|meta|textarea|xmp"
    rb"|plaintext|svg|math|template)\b|&lt;(?:title|body|head|html)\b|<!\[if|&lt;!|(?:<|&lt;)\s*(?:<|&lt;)"
    rb"|<title\b[^<>]*>(?:[^<]*&lt;|\s*<!\[CDATA\[[^\]]*<)",
    re.IGNORECASE,
)
_RELATIVE_PICTURE: Final = re.compile(
    rb"xml:base|[\s\"']src\s*=\s*(?:[\"']|&quot;|&#34;|&#39;|&apos;|&amp;quot;)?\s*(?!https?:|[\"'\s&])", re.IGNORECASE
)
_MOST_TAGS: Final = 300_000
_LEAD: Final = 64 * 1024
"""Bytes at the start in which the root element is searched."""
_LONGEST_ENTITY: Final = 64
_MOST_ENTITIES: Final = 400


def is_page(body: bytes) -> bool:
    """Whether this is a web page: the root element of a page, and none of a feed before it."""
    lead = body[:_LEAD]
    page = _PAGE.search(lead)
    root = _ROOT.search(lead)
    if root is not None:
        return page is not None and page.start() < root.start()
    return page is not None or _PAGE_TYPE.search(lead) is not None


def has_root(body: bytes) -> bool:
    """Whether the root element of a feed is near the beginning."""
    return _ROOT.search(body[:_LEAD]) is not None


def is_json(body: bytes) -> bool:
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def needs_cleaning(body: bytes) -> bool:
    """Whether texts contain markup whose content a parser of HTML may lose or show, unless it is removed before.

    Without it, the plain text of an entry is the same whether the parser of feeds cleans the HTML or not.
    """
    return _DROPPED_WITH_TEXT.search(body) is not None


def has_relative_pictures(body: bytes) -> bool:
    """Whether texts contain pictures without a full address, or state a base for addresses."""
    return _RELATIVE_PICTURE.search(body) is not None


def prepare(body: bytes, content_type: str | None) -> tuple[bytes, str]:
    """Return the feed in UTF-8, and the Content-Type that says so.

    Warnings and spaces before the feed, control characters, entities that expand and huge tags are removed.

    Raises: UnreadableDocument, if the feed is empty, is not text or has too much markup.
    """
    if not body.strip():
        raise UnreadableDocument("The feed is empty: its server sent no content.")
    kind = (content_type or "").partition(";")[0].strip()
    if kind in ("", "text/plain", "text/html", "application/octet-stream", "text/xml"):
        kind = "application/xml"
    is_ascii_based = b"<" in body[:_LEAD] and body[:64].count(0) <= 8
    if not is_ascii_based and not body.startswith(_BOMS):
        return body, content_type or kind  # an unusual encoding without a byte-order mark, which feedparser may know
    text = decode(body, declared=charset_of(content_type), markup=True)
    body = _DECLARED_ENCODING.sub(r"\1", text).encode("utf-8", "replace").translate(None, _CONTROLS)
    start = _START.search(body[:_LEAD])
    if start is not None and start.start() and not is_page(body[: start.start()]):
        body = body[start.start() :]
    return _with_own_name(_without_costly_markup(_without_entity_bombs(body))), f"{kind}; charset=utf-8"


def _without_entity_bombs(body: bytes) -> bytes:
    """Return the body without entity definitions, unless they are few, short and do not refer to each other."""
    if b"<!ENTITY" not in body.upper():
        return body
    doctype = _DOCTYPE.search(body[: 4 * _LEAD])
    if doctype is not None:
        entities = list(_ENTITY.finditer(doctype[1]))
        values = [entity[2] or entity[3] or b"" for entity in entities]
        is_harmless = len(entities) <= _MOST_ENTITIES and all(
            not entity[1] and len(value) <= _LONGEST_ENTITY and not re.search(rb"&[^#]", value)
            for entity, value in zip(entities, values, strict=True)
        )
        if is_harmless:
            return body
        body = body[: doctype.start()] + body[doctype.end() :]
    return re.sub(rb"<!ENTITY[^>]*>?", b"", body, flags=re.IGNORECASE)


def _without_costly_markup(body: bytes) -> bytes:
    """Return the body without huge tags, and with HTML entities as numeric references.

    Both would take the parser minutes, as would hundreds of thousands of tags.

    Raises: UnreadableDocument, if there are too many tags.
    """
    if body.count(b"<") + body.count(b"&lt;") > _MOST_TAGS:
        raise UnreadableDocument("The feed has far more markup than usual, so it was not read.")
    body = _LONG_TAG.sub(b"", body)
    if b"<!ENTITY" in body:
        return body
    return _NAMED_ENTITY.sub(_numeric_reference, body)


def _numeric_reference(entity: re.Match[bytes]) -> bytes:
    name = entity[1].decode("ascii")
    if name in ("amp", "lt", "gt", "quot", "apos"):
        return entity[0]
    letters = html5.get(f"{name};")
    return b"&amp;" + entity[0][1:] if letters is None else "".join(f"&#{ord(char)};" for char in letters).encode()


def base_of(body: bytes, url: str) -> str:
    """Return the URL that resolves relative links: that of the site if an item of RSS or RDF has one, else `url`.

    Feeds that write the addresses of articles without a host mean the site, whose feed may be on another host. In all
    other feeds the address of the feed stays the base, on which the ids of entries may depend. The parser knows
    `xml:base`.
    """
    first = _ENTRY_START.search(body)
    if first is None or not _RELATIVE_LINK.search(body, first.start()):
        return url
    channel = _CHANNEL_LINK.search(body[: first.start()])
    return (absolute(html.unescape(channel[1].decode("utf-8", "replace")), "") if channel else None) or url


def _with_own_name(body: bytes) -> bytes:
    """Return the feed with `media:description` under a name of its own: the parser takes it for the entry's text."""
    if b"search.yahoo.com/mrss" not in body:
        return body
    prefixes = {b"media", *(found[1] for found in _MEDIA_PREFIX.finditer(body[: 4 * _LEAD]))}
    named = rb"<(/?)(" + b"|".join(map(re.escape, prefixes)) + rb"):description\b[^<>]*?(/?)>"
    return re.sub(named, rb"<\1\2:description_of_file\3>", body, flags=re.IGNORECASE)


def is_truncated(body: bytes) -> bool:
    """Whether the document ends inside an entry."""
    opened = max((tag.start() for tag in _ENTRY_START.finditer(body)), default=-1)
    closed = max((tag.start() for tag in _ENTRY_END.finditer(body)), default=-1)
    return opened > closed
