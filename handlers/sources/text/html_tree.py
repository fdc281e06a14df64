"""Parses HTML from outside into a tree of elements. Only this module and xml_tree.py use lxml.

Both pass the content itself to lxml, never a path or a URL, and allow it neither network access nor DTDs.
"""

import re
from collections.abc import Iterator
from typing import Any, Final, TypeAlias

import lxml.etree
import lxml.html

Element: TypeAlias = lxml.html.HtmlElement
BROKEN_MARKUP: Final = (ValueError, TypeError, AttributeError, RecursionError, lxml.etree.LxmlError)
"""Exceptions that walking the tree of a badly broken page may raise."""
_ILLEGAL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML does not allow and no tree can hold."""


def page_tree(text: str) -> Element | None:
    """Return the root of a page, an `html` element. None if the text cannot be parsed."""
    try:
        return lxml.html.document_fromstring(_ILLEGAL.sub("", text).encode(), parser=_parser())
    except (lxml.etree.LxmlError, ValueError, AssertionError):
        return None


def fragment_tree(text: str) -> Element | None:
    """Return a `div` around the elements and text of an HTML fragment. None if it cannot be parsed."""
    body = _ILLEGAL.sub("", text).encode()
    try:
        return lxml.html.fragment_fromstring(body, create_parent="div", parser=_parser())
    except (lxml.etree.LxmlError, ValueError, AssertionError):
        return None


def walk(root: Element) -> Iterator[tuple[str, Element]]:
    """Yield each element in document order as ("start", element) and, after its content, as ("end", element)."""
    for event, element in lxml.etree.iterwalk(root, events=("start", "end")):
        yield str(event), element


def elements_at(tree: Element, path: str) -> list[Any]:
    """Return the elements at this XPath."""
    result = tree.xpath(path)
    return result if isinstance(result, list) else []


def _parser() -> lxml.html.HTMLParser:
    """Return a new parser. A shared one would make threads wait for each other."""
    return lxml.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, collect_ids=False
    )
