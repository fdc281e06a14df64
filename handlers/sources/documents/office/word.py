"""Reads Word documents (.docx): what a reader sees, with insertions, without deletions, and with notes apart."""

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from handlers.answers.errors import UnreadableDocument
from handlers.drafts import Draft, FailedDraft
from handlers.sources.documents.office.list_labels import ListLabels
from handlers.sources.documents.office.package import OfficePackage, attribute, child, children, local
from handlers.sources.documents.office.paragraphs import OfficeText, Paragraph, article_of, row_of
from handlers.sources.documents.office.word_inline import Inline, is_on, is_struck
from handlers.sources.documents.page import read_page
from handlers.sources.text.encoding import decode

_MAIN: Final = "word/document.xml"
_DEEPEST: Final = 40
"""Tables and boxes inside each other."""
_GONE: Final = frozenset("del moveFrom sectPr tblPr tblGrid trPr tcPr sdtPr sdtEndPr pPr".split())
_EMBEDDED: Final = "An embedded document in it was not read."
_PAGE_STARTS: Final = (b"<!doctype html", b"<html", b"<?xml")


@dataclass(slots=True)
class _Style:
    heading: int | None
    is_hidden: bool
    list_id: str = ""
    list_level: int = 0


@dataclass(slots=True)
class _Parts:
    package: OfficePackage
    main: str
    by_kind: dict[str, str]
    by_id: dict[str, str]
    styles: dict[str, _Style] = field(default_factory=dict)

    def tree(self, kind: str) -> Element | None:
        return self.package.tree(self.by_kind[kind]) if kind in self.by_kind else None


def read_word(body: bytes, *, origin: str) -> tuple[Draft, ...]:
    """Return the article, and a FailedDraft with the reason if a part of the document could not be read.

    Raises: UnreadableDocument.
    """
    package = OfficePackage(body, kind="Word document")
    roots = {kind: target for _, kind, target in package.relations("")}
    main = roots.get("officeDocument", _MAIN)
    relations = list(package.relations(main))
    parts = _Parts(
        package, main, {kind: target for _, kind, target in relations}, {id: target for id, _, target in relations}
    )
    root = package.tree(main)
    document = child(root, "body") if root is not None else None
    if document is None:
        raise package.damaged()
    parts.styles = _styles(parts.tree("styles"))
    text = _WordReader(parts).read(document)
    properties = package.tree(roots.get("core-properties", "docProps/core.xml"))
    for element in properties if properties is not None else ():
        if local(element) == "title":
            text.title = element.text or ""
        elif local(element) == "creator":
            text.author = element.text or ""
    article = article_of(text, origin=origin)
    if text.unread:
        return article, FailedDraft(origin=origin, reason=" ".join(dict.fromkeys(text.unread)))
    return (article,)


def _styles(root: Element | None) -> dict[str, _Style]:
    styles: dict[str, _Style] = {}
    for element in children(root, "style"):
        name = child(element, "name")
        words = attribute(name, "val").casefold().split() if name is not None else []
        heading = 0 if words == ["title"] else None
        if len(words) == 2 and words[0] == "heading" and words[1].isdecimal():
            heading = int(words[1])
        id, level = _list_of(child(element, "pPr"))
        hidden = child(element, "rPr", "vanish")
        styles[attribute(element, "styleId")] = _Style(heading, hidden is not None and is_on(hidden), id, level)
    return styles


def _list_of(properties: Element | None) -> tuple[str, int]:
    """Return the list to which a paragraph or style belongs, and its level; an empty id for none."""
    id = child(properties, "numPr", "numId") if properties is not None else None
    level = child(properties, "numPr", "ilvl") if properties is not None else None
    depth = attribute(level, "val") if level is not None else "0"
    return attribute(id, "val") if id is not None else "", int(depth) if depth.isdecimal() and len(depth) < 3 else 0


class _WordReader:
    def __init__(self, parts: _Parts) -> None:
        self._parts = parts
        self._lists = ListLabels(parts.tree("numbering"))
        self._inline = Inline({id for id, style in parts.styles.items() if style.is_hidden})
        self._text = OfficeText()
        self._before = ""
        """The text of a paragraph whose end is deleted, or a drop cap: the next paragraph goes on after it."""

    def read(self, body: Element) -> OfficeText:
        self._text.paragraphs = list(self._blocks(body, 0))
        if self._before:
            self._text.paragraphs.append(Paragraph(text=self._before))
        self._text.notes = [note for kind in ("footnotes", "endnotes") for note in self._notes(kind)]
        return self._text

    def _blocks(self, container: Element, depth: int) -> Iterator[Paragraph]:
        if depth > _DEEPEST:
            self._text.unread.append(_EMBEDDED)
            return
        for element in container:
            name = local(element)
            if name == "p":
                yield from self._paragraph(element, depth)
            elif name == "tbl":
                for row in _rows(element):
                    yield from row_of([list(self._blocks(cell, depth + 1)) for cell in _cells(row)])
            elif name == "altChunk":
                yield from self._embedded(element)
            elif name == "AlternateContent":
                for chosen in _chosen(element):
                    yield from self._blocks(chosen, depth + 1)
            elif name not in _GONE:  # content controls, custom XML, insertions
                yield from self._blocks(element, depth + 1)

    def _paragraph(self, element: Element, depth: int) -> Iterator[Paragraph]:
        content = self._inline.read(element)
        properties = child(element, "pPr")
        style_name = child(properties, "pStyle") if properties is not None else None
        style = self._parts.styles.get(attribute(style_name, "val") if style_name is not None else "")
        text = self._before + content.text
        self._before = ""
        frame = child(properties, "framePr") if properties is not None else None
        is_initial = frame is not None and attribute(frame, "dropCap") in ("drop", "margin")
        if (is_initial and len(text) <= 3) or is_struck(child(properties, "rPr") if properties is not None else None):
            self._before = text
        elif text.strip():
            yield self._labelled(text, properties, style)
        for box in content.boxes:
            yield from self._blocks(box, depth + 1)

    def _labelled(self, text: str, properties: Element | None, style: _Style | None) -> Paragraph:
        """Return the paragraph with the label of its list."""
        id, level = _list_of(properties)
        if not id and style is not None:
            id, level = style.list_id, style.list_level
        label = self._lists.label(id, level) if id and id != "0" else None
        return Paragraph(
            text=f"{label} {text}" if label else text,
            is_bullet=label == "",
            heading=style.heading if style is not None else None,
        )

    def _notes(self, kind: str) -> Iterator[tuple[str, str]]:
        """Yield mark and text of the notes that the text cites."""
        root = self._parts.tree(kind)
        by_id = {attribute(element, "id"): element for element in (root if root is not None else ())}
        for mark, id in self._inline.cited[kind]:
            if id in by_id:
                yield mark, " ".join(paragraph.text for paragraph in self._blocks(by_id[id], 0)).strip()

    def _embedded(self, element: Element) -> Iterable[Paragraph]:
        """Return the text of an embedded web page; note that any other embedded document was not read."""
        name = self._parts.by_id.get(attribute(element, "id"), "")
        content = self._parts.package.part(name) if name else None
        if content is None or not content[:500].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGE_STARTS):
            self._text.unread.append(_EMBEDDED)
            return []
        try:
            page = read_page(decode(content, declared=None, markup=True), origin=posixpath.basename(name))
        except UnreadableDocument:
            self._text.unread.append(_EMBEDDED)
            return []
        return [Paragraph(text=text) for text in (page.title, *page.text.split("\n\n"))]


def _rows(table: Element) -> Iterator[Element]:
    for element in table:
        if local(element) == "tr":
            if not is_struck(child(element, "trPr")):
                yield element
        elif local(element) not in _GONE:
            yield from _rows(element)


def _cells(row: Element) -> Iterator[Element]:
    for element in row:
        if local(element) == "tc":
            yield element
        elif local(element) not in _GONE:
            yield from _cells(element)


def _chosen(element: Element) -> list[Element]:
    return [other for other in element if local(other) == "Choice"][:1] or children(element, "Fallback")[:1]
