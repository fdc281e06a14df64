"""Reads the lines of an HTML letter: what a reader sees, with its headings, links and quoted letters.

Mail programs lay letters out with tables and inline styles, and hide the text of the preview in many ways.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from handlers.sources.documents.mail_lines import MOST_LINES, Line, Link
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
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BOLD: Final = frozenset({"b", "strong", "th"})
_NOT_READ: Final = frozenset(
    {"script", "style", "template", "iframe", "object", "embed", "svg", "math", "head", "title", "button", "select"}
    | {"textarea", "audio", "video", "canvas", "del", "s", "strike", "map", "noframes"}
)
_HIDDEN: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)|"
    r"(?:max-height|max-width|(?:^|;)\s*height)\s*:\s*[01](?:px)?\s*(?:;|!|$)(?=.*overflow\s*:\s*hidden)|"
    r"overflow\s*:\s*hidden(?=.*(?:max-height|max-width|[^-]height)\s*:\s*[01](?:px)?\s*(?:;|!|$))",
    re.IGNORECASE | re.DOTALL,
)
_FONT_SIZE: Final = re.compile(
    r"(?:^|[;\s])font-size\s*:\s*(?P<size>\d{1,3}(?:\.\d{1,3})?)(?P<unit>px|pt|em|rem|%)?", re.IGNORECASE
)
_FONT_WEIGHT: Final = re.compile(r"font-weight\s*:\s*(?P<weight>bold|bolder|normal|lighter|[1-9]00)", re.IGNORECASE)
_PRE: Final = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_STYLE: Final = re.compile(r"<style\b[^>]{0,500}>", re.IGNORECASE)
_MEDIA: Final = re.compile(r"@[\w-]{1,30}[^{};]{0,300}\{(?:[^{}]{0,2000}\{[^{}]{0,2000}\}){0,500}[^{}]{0,2000}\}")
_HIDDEN_CLASS: Final = re.compile(r"\.(?P<name>[\w-]{1,60})\s{0,5}\{[^{}]{0,500}display\s{0,5}:\s{0,5}none")
_LONGEST_STYLE: Final = 30_000
"""Characters of style sheets in which hidden classes are searched."""
_LONGEST_STYLE_ATTRIBUTE: Final = 2_000
_SMALLEST_FONT: Final = 2.0
"""Pixels. Smaller text is not visible."""
_LARGE_FONT: Final = 17.5
"""Pixels. The text of letters is smaller."""
_PIXELS: Final = {"pt": 4 / 3, "em": 16.0, "rem": 16.0, "%": 0.16}
_LONGEST_HEADING: Final = 250
"""Characters."""
_LONGEST_URL: Final = 4_000
_LONGEST_CELL: Final = 80
"""Characters in a cell of a table of data. Cells with more are part of the layout."""
_QUOTE_NAMES: Final = re.compile(
    r"(?:^|[\s_-])(?:gmail_quote|protonmail_quote|cite|quoted|yahoo_quoted|zmail_extra)(?:$|[\s_-])"
)
_SIGNATURE_NAMES: Final = re.compile(
    r"(?:^|\s)(?:gmail_signature|moz-signature|x?_?signature|ms-outlook-mobile-signature|yahoo-signature|"
    r"protonmail_signature_block(?:-user)?|applemailsignature)(?:$|\s)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _State:
    """What holds for the text inside an element."""

    is_hidden: bool = False
    depth: int = 0
    size: float = 14.0
    """Pixels."""
    is_bold: bool = False
    is_heading: bool = False
    is_bullet: bool = False
    is_pre: bool = False
    is_signature: bool = False


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


def html_lines(page: str) -> list[Line]:
    """Return the visible lines of an HTML letter. Empty if it cannot be parsed."""
    hidden = _hidden_classes(page)
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


def _hidden_classes(page: str) -> frozenset[str]:
    """Return the classes that the letter's style sheets hide on every screen."""
    styles: list[str] = []
    size = 0
    for tag in _STYLE.finditer(page):
        end = page.find("</", tag.end())
        styles.append(page[tag.end() : end if end >= 0 else len(page)][: _LONGEST_STYLE - size])
        size += len(styles[-1])
        if size >= _LONGEST_STYLE:
            break
    rules = _MEDIA.sub("", "".join(styles))
    return frozenset(rule["name"].lower() for rule in _HIDDEN_CLASS.finditer(rules))


class _Writer:
    """Collects the lines while the elements of a letter are walked."""

    def __init__(self, hidden: frozenset[str]) -> None:
        self.lines: list[Line] = []
        self._hidden = hidden
        self._states = [_State()]
        self._rows: list[_Row] = []
        self._pieces: list[str] = []
        self._links: list[Link] = []
        self._open_links: list[_OpenLink] = []
        self._letters = self._linked = self._strong = 0
        """Characters of the line, of its links, and of what is set in bold or large type."""
        self._lead: list[str] = []

    def start(self, element: Element) -> None:
        tag = str(element.tag)
        before = self._states[-1]
        state = _state_in(element, tag, before, self._hidden)
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
                Line(
                    text=text,
                    depth=state.depth,
                    is_bullet=state.is_bullet,
                    is_heading=len(text) <= _LONGEST_HEADING and self._strong >= size * 0.9,
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

    def _add_link(self, link: _OpenLink, *, is_open: bool = False) -> None:
        text = one_line("".join(self._pieces[link.start :]))
        if text or not (link.is_added or is_open):
            self._links.append(Link(text, link.url))
            link.is_added = True

    def _add(self, text: str | None) -> None:
        if not text:
            return
        state = self._states[-1]
        if state.size < _SMALLEST_FONT:
            return
        if state.is_pre:
            for number, line in enumerate(text.split("\n")):
                if number:
                    self._break_line()
                self._append(line, state)
        else:
            self._append(re.sub(r"\s+", " ", text), state)

    def _append(self, text: str, state: _State) -> None:
        self._pieces.append(text)
        letters = sum(map(str.isalnum, text))
        is_strong = state.is_bold or state.is_heading or state.size >= _LARGE_FONT
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
            self.lines.append(Line())

    def _end_row(self, row: _Row) -> None:
        """Join the cells of a row if the table is one of data and not of the layout."""
        bounds = [*row.cells, len(self.lines)]
        cells = [[line for line in self.lines[start:end] if line.text] for start, end in pairwise(bounds)]
        filled = [cell[0] for cell in cells if cell]
        is_data = (
            len(filled) > 1
            and not row.has_blocks
            and all(len(cell) <= 1 for cell in cells)
            and all(len(line.text) <= _LONGEST_CELL for line in filled[:-1])
            and not any(line.is_link for line in filled)
        )
        if is_data:
            label = filled[0].text.endswith((":", "："))
            text = (" " if label else " | ").join(line.text for line in filled)
            links = tuple(link for line in filled for link in line.links)
            first = filled[0]
            joined = Line(text=text, depth=first.depth, links=links, is_signature=first.is_signature)
            self.lines[row.start :] = [joined]
        else:
            self._separate()


def _state_in(element: Element, tag: str, before: _State, hidden: frozenset[str]) -> _State:
    """Return the state inside the element."""
    style = (element.get("style") or "")[:_LONGEST_STYLE_ATTRIBUTE]
    names = f"{element.get('class') or ''} {element.get('id') or ''}"[:500].lower()
    is_hidden = (
        before.is_hidden
        or tag in _NOT_READ
        or element.get("hidden") is not None
        or bool(style and _HIDDEN.search(style))
        or not hidden.isdisjoint((element.get("class") or "")[:500].lower().split())
    )
    if is_hidden:
        return _State(is_hidden=True, depth=before.depth)
    is_bold = before.is_bold or tag in _BOLD
    if weight := _FONT_WEIGHT.search(style):
        is_bold = weight["weight"].lower() in ("bold", "bolder", "600", "700", "800", "900")
    is_quote = tag == "blockquote" and (
        (element.get("type") or "").lower() == "cite" or bool(_QUOTE_NAMES.search(names))
    )
    return _State(
        depth=before.depth + is_quote,
        size=_font_size(element, tag, style, before.size),
        is_bold=is_bold,
        is_heading=before.is_heading or tag in _HEADINGS,
        is_bullet=before.is_bullet and tag not in ("ul", "ol"),
        is_pre=before.is_pre or tag == "pre" or bool(style and _PRE.search(style)),
        is_signature=before.is_signature or bool(_SIGNATURE_NAMES.search(names)),
    )


def _font_size(element: Element, tag: str, style: str, before: float) -> float:
    if size := _FONT_SIZE.search(style):
        return float(size["size"]) * _PIXELS.get((size["unit"] or "px").lower(), 1.0)
    if tag == "font" and (element.get("size") or "").lstrip("+") in ("4", "5", "6", "7"):
        return _LARGE_FONT
    return 14.0 if tag == "table" and before < _SMALLEST_FONT else before
