"""Puts the paragraphs of an office document together, in the same way for every format."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from handlers.drafts import ArticleDraft
from handlers.sources.documents.assemble import assemble_printed
from handlers.sources.documents.comparison import letters_of
from handlers.sources.documents.pdf.page import About
from handlers.sources.documents.pdf.title import author_of, is_title
from handlers.sources.text.block import Block
from handlers.sources.text.encoding import one_line
from handlers.sources.text.language import agreed_language

_TOP: Final = 12
"""Paragraphs at the top among which the title is."""
_LONGEST_CELL: Final = 200
"""Characters of a cell that is part of a row. A longer one is text that a table only places."""
_SYMBOLS: Final = (
    dict.fromkeys(range(0xF020, 0xF100))
    | {0xF020 + number: chr(32 + number) for number in range(32)}
    | {0xF0A3: "≤", 0xF0B0: "°", 0xF0B1: "±", 0xF0B3: "≥", 0xF0B4: "×", 0xF0B7: "•", 0xF0B9: "≠", 0xF06D: "µ"}
)
"""Characters of the font Symbol, at the places where Word puts those of fonts that have no letters."""
_GOES_ON: Final = re.compile(r"[^\W\d_]")


@dataclass(slots=True, kw_only=True)
class Paragraph:
    """A paragraph as it is read. Line breaks in it are line feeds."""

    text: str
    is_bullet: bool = False
    heading: int | None = None
    """0 for the title, 1 for a heading of the first level, and so on; None for text."""


@dataclass(slots=True, kw_only=True)
class OfficeText:
    """What was read of a document."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    """Mark and text of each note."""
    title: str = ""
    author: str = ""
    """As the file states them."""
    unread: list[str] = field(default_factory=list)
    """Sentences that name what was not read."""


def article_of(text: OfficeText, *, origin: str) -> ArticleDraft:
    """Return the article in the text. Raises: UnreadableDocument, if there is none."""
    paragraphs = [
        replace(paragraph, text=paragraph.text.translate(_SYMBOLS))
        for paragraph in text.paragraphs
        if paragraph.text.strip()
    ]
    title = _title(text.title, paragraphs)
    shown = next((paragraph for paragraph in paragraphs[:_TOP] if one_line(paragraph.text) == title), None)
    blocks = [block for paragraph in paragraphs if paragraph is not shown for block in _blocks(paragraph)]
    notes = [Block(text=f"[{mark}] {one_line(note)}") for mark, note in text.notes if note.strip()]
    draft = assemble_printed(blocks, notes, origin=origin, title=title)
    author = author_of(About(page_count=0, author=text.author))
    return replace(draft, author=draft.author or author, language=agreed_language(None, draft.title, draft.text))


def _title(stated: str, paragraphs: Sequence[Paragraph]) -> str | None:
    """Return the paragraph in the style of titles, else the first heading at the top, else what the file states."""
    top = paragraphs[:_TOP]
    for level in (0, 1):
        for paragraph in top if level == 0 else top[:2]:
            if paragraph.heading == level:
                return one_line(paragraph.text)
    own = one_line(stated)
    is_shown = letters_of(own) in letters_of(" ".join(paragraph.text for paragraph in top))
    return own if is_title(own) and (is_shown or len(own.split()) > 2) else None


def _blocks(paragraph: Paragraph) -> Iterator[Block]:
    """Yield the lines of a paragraph. A break after which the sentence goes on does not divide it."""
    lines: list[str] = []
    for line in filter(None, map(one_line, paragraph.text.split("\n"))):
        goes_on = _GOES_ON.match(line) and not line[:1].isupper()
        if lines and (goes_on or paragraph.heading is not None):
            lines[-1] += f" {line}"
        else:
            lines.append(line)
    for number, line in enumerate(lines):
        yield Block(text=line, bullet=paragraph.is_bullet and number == 0)


def ruby_base(instruction: str) -> str:
    """Return the text under the small characters that a field prints over it; empty for any other field."""
    words = instruction.split(maxsplit=1)
    if words[:1] != ["EQ"] or "\\o" not in instruction or "," not in instruction:
        return ""
    return instruction.rpartition(",")[2].strip().removesuffix(")")


def row_of(cells: Sequence[Sequence[Paragraph]]) -> list[Paragraph]:
    """Return the row of a table as one paragraph, or the paragraphs of its cells if these are texts."""
    full = [[paragraph for paragraph in cell if paragraph.text.strip()] for cell in cells]
    is_data = all(len(cell) <= 1 and sum(len(paragraph.text) for paragraph in cell) <= _LONGEST_CELL for cell in full)
    if is_data and sum(map(bool, full)) > 1:
        return [Paragraph(text=" | ".join(one_line(cell[0].text) for cell in full if cell))]
    return [paragraph for cell in full for paragraph in cell]
