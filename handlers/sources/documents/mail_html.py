"""Reads the lines of an HTML letter: what a reader sees, with its headings, links and quoted letters.

Mail programs lay letters out with tables and inline styles, and hide the text of the preview in many ways.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from handlers.sources.documents.letter_marks import states_sender_or_time
from handlers.sources.documents.mail_html_style import (
    LARGE_FONT,
    SMALLEST_FONT,
    TextState,
    hidden_classes,
    state_in,
)
from handlers.sources.documents.mail_lines import MOST_LINES, Link, MailLine
from handlers.sources.text.encoding import one_line, tidy
from handlers.sources.text.html_limits import limit_html
from handlers.sources.text.html_tree import BROKEN_MARKUP, Element, page_tree, walk

_BLOCKS: Final = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dir",
        "div",
        "dl",
        "dt",
    }
    | {"fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav"}
    | {"ol", "p", "pre", "section", "summary", "table", "tbody", "td", "th", "tr", "ul"}
)
_LONGEST_HEADING: Final = 250
"""Characters."""
_LONGEST_URL: Final = 4_000
_LONGEST_CELL: Final = 80
"""Characters in a cell of a table of data. Cells with more are part of the layout."""


@dataclass(slots=True)
class _OpenLink:
    url: str
    start: int
    """The number of pieces of the line in front of the link."""
    is_added: bool = False


@dataclass(slots=True)
class _Row:
    """A row of a table: where its cells begin among the lines, and whether they contain only text."""

    start: int
    cells: list[int] = field(default_factory=list)
    has_blocks: bool = False


def html_lines(page: str) -> list[MailLine]:
    """Return the visible lines of an HTML letter. Empty if it cannot be parsed."""
    hidden = hidden_classes(page)
    tree = page_tree(limit_html(page))
    if tree is None:
        return []
    writer = _Writer(hidden)
    try:
        for event, element in walk(tree):
            if event == "start":
                writer.start(element)
            else:
                writer.end(element, is_root=element is tree)
    except BROKEN_MARKUP:
        pass  # the lines before the broken place
    writer.end_line()
    return writer.lines[:MOST_LINES]


class _Writer:
    """Collects the lines while the elements of a letter are walked."""

    def __init__(self, hidden: frozenset[str]) -> None:
        self.lines: list[MailLine] = []
        self._hidden = hidden
        self._states = [TextState()]
        self._rows: list[_Row] = []
        self._pieces: list[str] = []
        self._links: list[Link] = []
        self._open_links: list[_OpenLink] = []
        self._letters = self._linked = self._strong = 0
        """Characters of the line, of its links, and of what is set in bold or large type."""
        self._lead: list[str] = []
        self._size = 0.0

    def start(self, element: Element) -> None:
        tag = str(element.tag)
        before = self._states[-1]
        state = state_in(element, tag, before, self._hidden)
        if tag == "blockquote" and state.depth == before.depth and self._is_introduced():
            state.depth += 1
        if tag in _BLOCKS:
            self._break(tag)
        elif tag == "br":
            self._break_line()
        self._states.append(state)
        if state.is_hidden:
            return
        if tag == "a" and (url := (element.get("href") or "").strip()):
            self._open_links.append(_OpenLink(url[:_LONGEST_URL], len(self._pieces)))
        elif tag == "li":
            self._states[-1].is_bullet = True
        self._add(element.text)

    def end(self, element: Element, *, is_root: bool) -> None:
        tag = str(element.tag)
        if tag in _BLOCKS:
            self.end_line()
        state = self._states.pop()
        if not state.is_hidden and tag == "a" and (element.get("href") or "").strip() and self._open_links:
            self._add_link(self._open_links.pop())
        if tag in _BLOCKS:
            if tag == "tr" and self._rows:
                self._end_row(self._rows.pop())
            elif tag not in ("td", "th", "li"):
                self._separate()
        if not is_root and not self._states[-1].is_hidden:
            self._add(element.tail)

    def end_line(self, *, is_wrapped: bool = False) -> None:
        """Finish the current line, if it has text or a link."""
        text = tidy("".join(self._pieces)).replace("\n", " ").strip()
        state = self._states[-1]
        if text:
            for link in self._open_links[-1:]:
                self._add_link(link, is_open=True)
        if text or self._links:
            size = max(self._letters, 1)
            self.lines.append(
                MailLine(
                    text=text,
                    depth=state.depth,
                    is_bullet=state.is_bullet,
                    is_heading=len(text) <= _LONGEST_HEADING and self._strong >= size * 0.9,
                    size=self._size,
                    lead=one_line("".join(self._lead)),
                    links=tuple(self._links),
                    is_link=bool(text) and self._linked >= size * 0.9,
                    is_signature=state.is_signature,
                    is_wrapped=is_wrapped,
                )
            )
        self._pieces, self._links, self._lead = [], [], []
        for link in self._open_links:
            link.start = 0
        self._letters = self._linked = self._strong = 0
        self._size = 0.0

    def _add_link(self, link: _OpenLink, *, is_open: bool = False) -> None:
        text = one_line("".join(self._pieces[link.start :]))
        if text or not (link.is_added or is_open):
            self._links.append(Link(text, link.url))
            link.is_added = True

    def _add(self, text: str | None) -> None:
        if not text:
            return
        state = self._states[-1]
        if state.size < SMALLEST_FONT:
            return
        if state.is_pre:
            for number, line in enumerate(text.split("\n")):
                if number:
                    self._break_line()
                self._append(line, state)
        else:
            self._append(re.sub(r"\s+", " ", text), state)

    def _is_introduced(self) -> bool:
        """Whether the last line says who wrote what follows and when, as above a quoted letter."""
        self.end_line()
        last = next((line for line in reversed(self.lines[-3:]) if line.text), None)
        return last is not None and states_sender_or_time(last.text)

    def _append(self, text: str, state: TextState) -> None:
        self._pieces.append(text)
        letters = sum(map(str.isalnum, text))
        self._size = max(self._size, state.size if letters else 0.0)
        is_strong = state.is_bold or state.is_heading or state.size >= LARGE_FONT
        if self._strong == self._letters and is_strong:
            self._lead.append(text)
        self._letters += letters
        self._linked += letters if self._open_links else 0
        self._strong += letters if is_strong else 0

    def _break(self, tag: str) -> None:
        self.end_line()
        if tag == "tr":
            self._rows.append(_Row(len(self.lines)))
        elif tag in ("td", "th"):
            if self._rows:
                self._rows[-1].cells.append(len(self.lines))
        elif tag != "li":
            self._separate()
        if self._rows and tag not in ("tr", "td", "th", "p", "div"):
            self._rows[-1].has_blocks = True

    def _break_line(self) -> None:
        if self._pieces and "".join(self._pieces).strip():
            self.end_line(is_wrapped=True)
        else:
            self.end_line()
            self._separate()

    def _separate(self) -> None:
        if self.lines and not self.lines[-1].is_empty:
            self.lines.append(MailLine())

    def _end_row(self, row: _Row) -> None:
        joined = _joined_cells(self.lines, row)
        if joined is not None:
            self.lines[row.start :] = [joined]
        else:
            self._separate()


def _joined_cells(lines: list[MailLine], row: _Row) -> MailLine | None:
    """Return the cells of a row as one line if the table is one of data; None if it is one of the layout."""
    bounds = [*row.cells, len(lines)]
    cells = [[line for line in lines[start:end] if line.text] for start, end in pairwise(bounds)]
    filled = [cell[0] for cell in cells if cell]
    is_data = (
        len(filled) > 1
        and not row.has_blocks
        and all(len(cell) <= 1 for cell in cells)
        and all(len(line.text) <= _LONGEST_CELL for line in filled[:-1])
        and not any(line.is_link for line in filled)
    )
    if not is_data:
        return None
    label = filled[0].text.endswith((":", "："))
    text = (" " if label else " | ").join(line.text for line in filled)
    links = tuple(link for line in filled for link in line.links)
    return MailLine(text=text, depth=filled[0].depth, links=links, is_signature=filled[0].is_signature)
