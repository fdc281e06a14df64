"""The bytes of a feed before they are parsed: what they are, their encoding, and what must be taken out first."""

import re
from html.entities import html5
from typing import Final

from handlers.answers.errors import UnreadableDocument
from handlers.sources.text.encoding import decode

_ROOT: Final = re.compile(rb"<(?:rss|rdf:RDF|(?:\w+:)?feed|entry|channel|opml|cdf)\b", re.IGNORECASE)
_PAGE: Final = re.compile(rb"<html\b|<head\b|<body\b", re.IGNORECASE)
_PAGE_TYPE: Final = re.compile(rb"<!DOCTYPE\s+html", re.IGNORECASE)
_START: Final = re.compile(rb"<\?xml\b|<!DOCTYPE\s+(?:rss|feed|rdf)|<rss\b|<rdf:RDF\b|<(?:\w+:)?feed\b", re.IGNORECASE)
_DOCTYPE: Final = re.compile(rb"<!DOCTYPE[^\[>]*\[(.*?)\]\s*>", re.IGNORECASE | re.DOTALL)
_ENTITY: Final = re.compile(rb"<!ENTITY\s+(%\s+)?[\w.-]+\s+(?:\"([^\"]*)\"|'([^']*)'|[^>]*)>?", re.IGNORECASE)
_CONTROLS: Final = bytes([*range(0x00, 0x09), 0x0B, 0x0C, *range(0x0E, 0x20)])
_MARKS: Final = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_OPENS: Final = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_CLOSES: Final = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
_LONG_TAG: Final = re.compile(rb"<[a-zA-Z][^<>]{8000,}>?|&lt;[a-zA-Z](?:(?!&[lg]t;)[^<>]){8000,}(?:&gt;)?")
_NAMED: Final = re.compile(rb"&([a-zA-Z][a-zA-Z0-9]{0,31});")
_MOST_TAGS: Final = 300_000
_LEAD: Final = 64 * 1024
_LONGEST_ENTITY: Final = 64
_MOST_ENTITIES: Final = 400


def is_page(body: bytes) -> bool:
    """A web page: no feed's root, but a page's."""
    lead = body[:_LEAD]
    page = _PAGE.search(lead)
    root = _ROOT.search(lead)
    if root is not None:
        return page is not None and page.start() < root.start()
    return page is not None or _PAGE_TYPE.search(lead) is not None


def has_root(body: bytes) -> bool:
    """Whether the root of a feed stands near the beginning."""
    return _ROOT.search(body[:_LEAD]) is not None


def is_json(body: bytes) -> bool:
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def prepared(body: bytes) -> bytes:
    """Without a lead of warnings and blanks, control characters, and entities that could grow without end.

    Raises: UnreadableDocument.
    """
    if not body.strip():
        raise UnreadableDocument("The feed is empty: its server answered without a single byte of content.")
    if not body.startswith(_MARKS) and body[:64].count(0) > 8:
        return body  # a rare encoding without its mark: feedparser knows some
    if body.startswith(_MARKS):  # every rule below is about bytes of ASCII
        text = decode(body, markup=True)
        body = re.sub(r"^(\s*<\?xml[^>]*?)\s+encoding\s*=\s*[\"'][^\"']*[\"']", r"\1", text).encode("utf-8", "replace")
    body = body.removeprefix(b"\xef\xbb\xbf").translate(None, _CONTROLS)
    start = _START.search(body[:_LEAD])
    if start is not None and start.start() and not is_page(body[: start.start()]):
        body = body[start.start() :]
    return _without_traps(_without_bombs(body))


def _without_bombs(body: bytes) -> bytes:
    """A DOCTYPE keeps its entities only when they are few, short and do not use one another."""
    if b"<!ENTITY" not in body.upper():
        return body
    found = _DOCTYPE.search(body[: 4 * _LEAD])
    if found is not None:
        entities = list(_ENTITY.finditer(found[1]))
        values = [entity[2] or entity[3] or b"" for entity in entities]
        harmless = len(entities) <= _MOST_ENTITIES and all(
            not entity[1] and len(value) <= _LONGEST_ENTITY and not re.search(rb"&[^#]", value)
            for entity, value in zip(entities, values, strict=True)
        )
        if harmless:
            return body
        body = body[: found.start()] + body[found.end() :]
    return re.sub(rb"<!ENTITY[^>]*>?", b"", body, flags=re.IGNORECASE)


def _without_traps(body: bytes) -> bytes:
    """Without what costs a parser minutes: endless tags, entities that it does not know, tags by the hundred thousand.

    Raises: UnreadableDocument.
    """
    if body.count(b"<") + body.count(b"&lt;") > _MOST_TAGS:
        raise UnreadableDocument("The feed has more markup than any real one, so it was not read.")
    body = _LONG_TAG.sub(b"", body)
    if b"<!ENTITY" in body:
        return body
    return _NAMED.sub(_numbered, body)


def _numbered(found: re.Match[bytes]) -> bytes:
    name = found[1].decode("ascii")
    if name in ("amp", "lt", "gt", "quot", "apos"):
        return found[0]
    letters = html5.get(f"{name};")
    return b"&amp;" + found[0][1:] if letters is None else "".join(f"&#{ord(char)};" for char in letters).encode()


def cut_short(body: bytes) -> bool:
    """Whether the document ends within an entry."""
    opened = max((found.start() for found in _OPENS.finditer(body)), default=-1)
    closed = max((found.start() for found in _CLOSES.finditer(body)), default=-1)
    return opened > closed


def content_type_of(body: bytes, content_type: str | None) -> str:
    """The Content-Type to read it by. Valid UTF-8 is UTF-8, whatever the server or the document call it."""
    kind = (content_type or "").partition(";")[0].strip() or "application/xml"
    if kind in ("text/plain", "text/html", "application/octet-stream", "text/xml"):
        kind = "application/xml"
    if not body.startswith(_MARKS) and 0 not in body[:64] and not body.isascii():
        try:
            body.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            return f"{kind}; charset=utf-8"
    charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", content_type or "", re.IGNORECASE)
    return f"{kind}; charset={charset[1]}" if charset else kind
