"""XML from outside to its elements: strictly where it is well-formed, else as far as a damaged file can be read."""

import re
from typing import Final
from xml.etree.ElementTree import ParseError

import lxml.etree
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from handlers.answers.errors import UnreadableDocument

_BARE_AMPERSAND: Final = re.compile(rb"&(?!#?\w{1,10};)")
_OWN_ENTITIES: Final = "The file defines entities of its own, which could unfold without end or name other files."


def xml_elements(body: bytes) -> list[tuple[str, dict[str, str]]]:
    """The tag and the attributes of every element, in document order. Empty where no element can be read.

    Raises: UnreadableDocument, for a document that defines entities.
    """
    try:
        root = fromstring(body, forbid_dtd=False, forbid_entities=True, forbid_external=True)
        return [(str(element.tag), dict(element.attrib)) for element in root.iter()]
    except DefusedXmlException as error:
        raise UnreadableDocument(_OWN_ENTITIES) from error
    except (ParseError, ValueError, LookupError):
        return _recovered(body)


def _recovered(body: bytes) -> list[tuple[str, dict[str, str]]]:
    if b"<!ENTITY" in body.replace(b"\x00", b""):  # the zeros are those of UTF-16 and UTF-32
        raise UnreadableDocument(_OWN_ENTITIES)  # libxml2 replaces entities in attributes whatever it is told
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
