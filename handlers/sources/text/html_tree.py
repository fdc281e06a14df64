"""HTML from outside to a tree of elements. Only this module and xml_tree.py use lxml.

Both give lxml the content itself, never a path or an address, and let it fetch nothing and load no DTD.
"""

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

import lxml.etree
import lxml.html

Element: TypeAlias = lxml.html.HtmlElement
BROKEN_MARKUP: Final = (ValueError, TypeError, AttributeError, RecursionError, lxml.etree.LxmlError)
"""What code that walks the tree of a badly broken page may raise."""
_ILLEGAL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML does not allow, and so no tree can hold."""


def page_tree(text: str) -> Element | None:
    """The root of a page, which is an `html` element. None where no element can be made of the text."""
    try:
        return lxml.html.document_fromstring(_ILLEGAL.sub("", text).encode(), parser=_parser())
    except (lxml.etree.LxmlError, ValueError, AssertionError):
        return None


def fragment_tree(text: str) -> Element | None:
    """A `div` around the elements and text of a piece of HTML. None where it cannot be parsed."""
    body = _ILLEGAL.sub("", text).encode()
    try:
        return lxml.html.fragment_fromstring(body, create_parent="div", parser=_parser())
    except (lxml.etree.LxmlError, ValueError, AssertionError):
        return None


def walk(root: Element) -> Iterator[tuple[str, Element]]:
    """Each element twice, in document order: as ("start", element) and, after all that is in it, ("end", element)."""
    for event, element in lxml.etree.iterwalk(root, events=("start", "end")):
        yield str(event), element


def _parser() -> lxml.html.HTMLParser:
    """A parser is not shared: threads would wait for one another."""
    return lxml.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, collect_ids=False
    )
