"""Reads the text inside the paragraphs of a Word document."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from handlers.sources.documents.office.package import attribute, child, local
from handlers.sources.documents.office.paragraphs import ruby_base

_WORD: Final = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_MATH: Final = (
    "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "http://purl.oclc.org/ooxml/officeDocument/math",
)
"""Namespaces of Word's text, and of formulas: as Word writes them, and as the standard names them."""
_TEXTS: Final = frozenset(f"{{{space}}}t" for space in (*_WORD, *_MATH))
_GONE: Final = frozenset("del moveFrom pPr rPr sdtPr rt rubyPr delText delInstrText fldData tblPr".split())
_SIGNS: Final = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_DEEPEST: Final = 60


@dataclass(slots=True)
class ParagraphText:
    """The text of a paragraph, and the text boxes that are anchored in it."""

    pieces: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.pieces)


class Inline:
    """Reads paragraphs one after another, because fields may begin in one and end in another."""

    def __init__(self, hidden_styles: Collection[str]) -> None:
        self._hidden_styles = hidden_styles
        self._fields: list[bool] = []
        """For each open field whether what follows is its instruction."""
        self._instruction = ""
        self.cited: dict[str, list[tuple[str, str]]] = {"footnotes": [], "endnotes": []}
        """Mark and id of the notes that were cited."""

    def read(self, paragraph: Element) -> ParagraphText:
        """Return the content of a paragraph."""
        content = ParagraphText()
        self._read(paragraph, content, 0)
        return content

    def _read(self, container: Element, content: ParagraphText, depth: int, *, is_hidden: bool = False) -> None:
        if depth > _DEEPEST:
            return
        for element in container:
            name = local(element)
            if name == "fldChar":
                content.pieces.append(self._field(attribute(element, "fldCharType")))
            elif name == "instrText":
                self._instruction += element.text or ""
            elif name in _GONE:
                continue
            elif name == "r":
                hidden = is_hidden or self._is_hidden(element)
                self._read(element, content, depth + 1, is_hidden=hidden)
            elif name == "AlternateContent":
                for chosen in _chosen(element):
                    self._read(chosen, content, depth + 1, is_hidden=is_hidden)
            elif name == "txbxContent":
                if not is_hidden:
                    content.boxes.append(element)
            elif name in ("footnoteReference", "endnoteReference"):
                self._cite(element, f"{name[:-9]}s")
            elif not (is_hidden or any(self._fields)) and (piece := _piece(element, name)):
                content.pieces.append(piece)
            else:
                self._read(element, content, depth + 1, is_hidden=is_hidden)

    def _field(self, kind: str) -> str:
        """Begin or end a field, or its instruction. Return what the instruction itself prints."""
        if kind == "begin":
            self._fields.append(True)
            self._instruction = ""
        elif kind == "separate" and self._fields:
            self._fields[-1] = False
        elif kind == "end" and self._fields and self._fields.pop():
            return ruby_base(self._instruction)
        return ""

    def _cite(self, element: Element, kind: str) -> None:
        cited = self.cited[kind]
        mark = str(len(cited) + 1)
        cited.append((mark if kind == "footnotes" else f"e{mark}", attribute(element, "id")))

    def _is_hidden(self, run: Element) -> bool:
        vanish, style = child(run, "rPr", "vanish"), child(run, "rPr", "rStyle")
        if vanish is not None:
            return is_on(vanish)
        return style is not None and attribute(style, "val") in self._hidden_styles


def _piece(element: Element, name: str) -> str:
    if element.tag in _TEXTS:
        return element.text or ""
    if name == "sym":
        return _symbol(attribute(element, "char"))
    return _SIGNS.get(name, "")


def _symbol(code: str) -> str:
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    return chr(number) if 32 <= number < 0x110000 and not 0xD800 <= number < 0xE000 else ""


def _chosen(element: Element) -> list[Element]:
    """Return the first alternative that has a text box, else the first of all."""
    return [other for other in element if any(local(part) == "txbxContent" for part in other.iter())][:1] or (
        [other for other in element if local(other) in ("Choice", "Fallback")][:1]
    )


def is_on(element: Element) -> bool:
    """Whether a property that is present holds."""
    return attribute(element, "val").casefold() not in ("0", "false", "off")


def is_struck(properties: Element | None) -> bool:
    """Whether the properties of a paragraph's end or a row say that it was deleted or moved elsewhere."""
    return properties is not None and any(local(element) in ("del", "moveFrom") for element in properties)
