"""Reads OpenDocument texts (.odt): what a reader sees, with insertions, without deletions, and with notes apart."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from handlers.drafts import ArticleDraft
from handlers.sources.documents.office.package import OfficePackage, attribute, child, children, local
from handlers.sources.documents.office.paragraphs import OfficeText, Paragraph, article_of, row_of

_GONE: Final = frozenset(
    (
        "tracked-changes annotation annotation-end ruby-text note-citation sequence-decls variable-decls forms "
        "user-field-decls dde-connection-decls title desc hidden-paragraph hidden-text index-title-template "
        "table-of-content-source illustration-index-source alphabetical-index-source tab-stops script event-listeners"
    ).split()
)
_FRAMES: Final = frozenset("text-box frame custom-shape g rect line ellipse polygon".split())
_TABLE_PARTS: Final = frozenset("table-rows table-header-rows table-row-group".split())
_MOST_SPACES: Final = 100
_DEEPEST: Final = 60


@dataclass(slots=True)
class _Content:
    pieces: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)


def read_opendocument(body: bytes, *, origin: str) -> ArticleDraft:
    """Return the article. Raises: UnreadableDocument."""
    package = OfficePackage(body, kind="OpenDocument text")
    root = package.tree("content.xml")
    document = child(root, "body", "text") if root is not None else None
    if root is None or document is None:
        raise package.damaged()
    reader = _TextReader(_hidden_styles(root, package.tree("styles.xml")), _title_styles(root))
    text = OfficeText(paragraphs=list(reader.blocks(document, 0)), notes=reader.notes)
    meta = package.tree("meta.xml")
    for element in meta.iter() if meta is not None else ():
        if local(element) == "title":
            text.title = element.text or ""
        elif local(element) == "initial-creator" or (local(element) == "creator" and not text.author):
            text.author = element.text or ""
    return article_of(text, origin=origin)


def _styles(root: Element | None) -> Iterator[Element]:
    for element in root if root is not None else ():
        if local(element) in ("styles", "automatic-styles"):
            yield from children(element, "style")


def _hidden_styles(*roots: Element | None) -> frozenset[str]:
    """Return the names of styles whose text is not displayed."""
    return frozenset(
        attribute(style, "name")
        for root in roots
        for style in _styles(root)
        if any(attribute(properties, "display") == "none" for properties in children(style, "text-properties"))
    )


def _title_styles(root: Element) -> frozenset[str]:
    """Return the names of the style of titles, and of those that a document derives from it."""
    return frozenset(
        {"Title"}
        | {attribute(style, "name") for style in _styles(root) if attribute(style, "parent-style-name") == "Title"}
    )


class _TextReader:
    def __init__(self, hidden: frozenset[str], titles: frozenset[str]) -> None:
        self._hidden = hidden
        self._titles = titles
        self.notes: list[tuple[str, str]] = []

    def blocks(self, container: Element, depth: int, *, is_item: bool = False) -> Iterator[Paragraph]:
        """Yield the paragraphs in an element."""
        for element in container if depth <= _DEEPEST else ():
            name = local(element)
            if name in _GONE or self._is_hidden(element):
                continue
            if name in ("p", "h"):
                yield from self._paragraph(element, depth, is_item=is_item)
                is_item = False
            elif name == "list-item":
                yield from self.blocks(element, depth + 1, is_item=True)
            elif name == "table":
                for row in _rows(element):
                    cells = (cell for cell in row if local(cell) == "table-cell")
                    yield from row_of([list(self.blocks(cell, depth + 1)) for cell in cells])
            else:
                yield from self.blocks(element, depth + 1)

    def _paragraph(self, element: Element, depth: int, *, is_item: bool) -> Iterator[Paragraph]:
        content = _Content()
        self._inline(element, content, 0)
        level = attribute(element, "outline-level")
        heading = int(level) if local(element) == "h" and level.isdecimal() and len(level) < 3 else None
        if attribute(element, "style-name") in self._titles:
            heading = 0
        yield Paragraph(text="".join(content.pieces), is_bullet=is_item, heading=heading)
        for box in content.boxes:
            yield from self.blocks(box, depth + 1)

    def _inline(self, container: Element, content: _Content, depth: int) -> None:
        """Add the text inside an element, and the text after each of its children."""
        content.pieces.append(_squeezed(container.text))
        for element in container if depth <= _DEEPEST else ():
            name = local(element)
            if name == "s":
                count = attribute(element, "c")
                content.pieces.append(" " * min(int(count) if count.isdecimal() else 1, _MOST_SPACES))
            elif name == "tab":
                content.pieces.append(" ")
            elif name == "line-break":
                content.pieces.append("\n")
            elif name == "note":
                self._note(element, depth)
            elif name in _FRAMES:
                content.boxes.append(element)
            elif name not in _GONE and not self._is_hidden(element):
                self._inline(element, content, depth + 1)
            content.pieces.append(_squeezed(element.tail))

    def _note(self, element: Element, depth: int) -> None:
        citation, body = child(element, "note-citation"), child(element, "note-body")
        mark = (citation.text if citation is not None else None) or str(len(self.notes) + 1)
        if body is not None:
            position = len(self.notes)
            text = " ".join(paragraph.text for paragraph in self.blocks(body, depth + 1))
            self.notes.insert(position, (mark.strip(), text))

    def _is_hidden(self, element: Element) -> bool:
        return bool(self._hidden) and attribute(element, "style-name") in self._hidden


def _squeezed(text: str | None) -> str:
    """Return the text with its blanks as one space each: line feeds in the file are no line breaks."""
    return " ".join(f"|{text or ''}|".split())[1:-1] if text else ""


def _rows(table: Element) -> Iterator[Element]:
    for element in table:
        if local(element) == "table-row":
            yield element
        elif local(element) in _TABLE_PARTS:
            yield from _rows(element)
