"""Short ways to the values in an element of XML. Namespaces are ignored, because publishers change them."""

from collections.abc import Iterator
from typing import TypeAlias

from handlers.sources.lists.entry import squeeze
from handlers.sources.text.xml_tree import XmlElement, local_name

Element: TypeAlias = XmlElement


def at(element: Element, path: str) -> Iterator[Element]:
    """Yield the elements at the path, such as "names/name", in document order."""
    name, _, rest = path.partition("/")
    for child in element:
        if local_name(child) == name:
            if rest:
                yield from at(child, rest)
            else:
                yield child


def text_of(element: Element, path: str = "") -> str:
    """Return the text of the first element at the path that has one, or of the element itself without a path."""
    if not path:
        return squeeze("".join(str(piece) for piece in element.itertext()))
    return next((text for found in at(element, path) if (text := text_of(found))), "")


def texts_of(element: Element, path: str) -> list[str]:
    """Return the texts of all elements at the path that have one."""
    return [text for found in at(element, path) if (text := text_of(found))]


def attribute(element: Element, name: str) -> str:
    """Return the value of the attribute, without namespace; empty if there is none."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return squeeze(str(value))
    return ""
