"""Reads the elements of XML from outside: strictly if it is well-formed, else as much as can be recovered."""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final, TypeAlias
from xml.etree.ElementTree import Element, ParseError

import lxml.etree
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from handlers.answers.errors import UnreadableDocument

XmlElement: TypeAlias = lxml.etree._Element
_BARE_AMPERSAND: Final = re.compile(rb"&(?!#?\w{1,10};)")
_MOST_TAGS: Final = 1_500_000
"""Tags of a document that is read as a whole. An element takes about a hundred bytes of memory."""
_OWN_ENTITIES: Final = "The file defines its own entities, which could expand without limit or refer to other files."


def xml_root(body: bytes, *, kind: str) -> Element:
    """Return the root of a well-formed document without a document type. `kind`: what it is, for people.

    Raises: UnreadableDocument.
    """
    if body.count(b"<") > _MOST_TAGS:
        raise UnreadableDocument(f"The {kind} is too large: it has too many elements.")
    try:
        root: Element = fromstring(body, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise UnreadableDocument(_OWN_ENTITIES) from error
    except (ParseError, ValueError, LookupError) as error:
        raise UnreadableDocument(f"The {kind} is damaged and cannot be read.") from error
    return root


def stream_elements(stream: BinaryIO, tags: frozenset[str], *, kind: str) -> Iterator[XmlElement]:
    """Yield the root without its content, then each element whose name without namespace is one of `tags`.

    The document is read piece by piece, and an element is emptied after it was yielded. `kind`: what the document is,
    for people.

    Raises: UnreadableDocument, if the document is not well-formed or defines entities.
    """
    steps = lxml.etree.iterparse(
        stream, events=("start", "end"), load_dtd=False, resolve_entities=False, no_network=True, huge_tree=False
    )
    depth = 0
    try:
        for event, element in steps:
            if event == "start":
                depth += 1
                if depth == 1:
                    if element.getroottree().docinfo.internalDTD is not None:
                        raise UnreadableDocument(_OWN_ENTITIES)
                    yield element
                continue
            depth -= 1
            if isinstance(element.tag, str) and local_name(element) in tags:
                yield element
                _forget(element)
    except (lxml.etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise UnreadableDocument(f"The {kind} is damaged and cannot be read.") from error


def local_name(element: XmlElement) -> str:
    """Return the name of the element without its namespace; empty for a comment."""
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


def _forget(element: XmlElement) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and (before := element.getprevious()) is not None:
        parent.remove(before)


def xml_elements(body: bytes) -> list[tuple[str, dict[str, str]]]:
    """Return the tag and the attributes of every element, in document order. Empty if no element can be read.

    Raises: UnreadableDocument, if the document defines entities.
    """
    try:
        root = fromstring(body, forbid_dtd=False, forbid_entities=True, forbid_external=True)
        return [(str(element.tag), dict(element.attrib)) for element in root.iter()]
    except DefusedXmlException as error:
        raise UnreadableDocument(_OWN_ENTITIES) from error
    except (ParseError, ValueError, LookupError):
        return _recovered(body)


def _recovered(body: bytes) -> list[tuple[str, dict[str, str]]]:
    if b"<!ENTITY" in body.replace(b"\x00", b""):  # zeros: the document may be in UTF-16 or UTF-32
        raise UnreadableDocument(
            _OWN_ENTITIES
        )  # libxml2 expands entities in attributes despite `resolve_entities=False`
    parser = lxml.etree.XMLParser(
        recover=True, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True
    )
    try:
        root = lxml.etree.fromstring(_BARE_AMPERSAND.sub(b"&amp;", body), parser)
    except (lxml.etree.XMLSyntaxError, ValueError):
        return []
    if root is None:
        return []
    return [
        (str(element.tag), {str(key): str(value) for key, value in element.attrib.items()})
        for element in root.iter()
        if isinstance(element.tag, str)
    ]
