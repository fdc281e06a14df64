"""Tells the notes of a PDF from its text, and takes the raised marks that cite them out of the words."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from handlers.sources.documents.pdf.page import MARK_END, MARK_START, Page, PageLine

_MARK: Final = re.compile(f"{MARK_START}([^{MARK_END}]*){MARK_END}")
_SIGNS: Final = frozenset("*†‡§¶#∗⁎")
_NUMBERED: Final = re.compile(r"(?P<mark>\d{1,3}|[*†‡§∗]{1,3})[.)\]:]?\s+(?=\S)")
_SMALLER: Final = 0.95
"""Size of notes by that of the text."""
_NEXT_LINE: Final = 1.8
"""Distance between two lines of a note, by the size of the font."""
_LOW: Final = 0.5
"""Part of a page's height in which notes without raised marks are."""
_UNITS: Final = frozenset("mm cm dm m km ft in yd mi s h kg g t kWh W l L px ha Hz eV Pa J N K".split())
_RAISED_DIGITS: Final = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LETTERS_BEFORE: Final = re.compile(r"[^\W\d_]+$")
_MEASURED: Final = re.compile(r"\d\s?[^\W\d_]+$")
_DIGITS_BEFORE: Final = re.compile(r"\d[\d.,]*$")


@dataclass(slots=True)
class Note:
    """A note: its mark, its lines and its page."""

    mark: str
    page: int
    lines: list[PageLine] = field(default_factory=list)


@dataclass(slots=True)
class NotedPages:
    """The pages without notes, whose words have no raised marks."""

    pages: list[Page]
    notes: list[Note]


def without_notes(pages: Sequence[Page]) -> NotedPages:
    """Return the pages and their notes apart."""
    cited = {mark for page in pages for line in page.lines for mark in _marks(line.text)}
    usual = _usual_size(pages)
    notes: list[Note] = []
    rest: list[Page] = []
    for page in pages:
        lines: list[PageLine] = []
        note: Note | None = None
        for line in page.lines:
            mark = _note_mark(line, page, cited, usual)
            if mark is not None:
                note = Note(mark=mark, page=page.number, lines=[line])
                notes.append(note)
            elif note is not None and _continues(note.lines[-1], line, usual):
                note.lines.append(line)
            else:
                note = None
                lines.append(line)
        rest.append(
            Page(
                number=page.number,
                width=page.width,
                height=page.height,
                lines=lines,
                hidden=page.hidden,
                is_plausible=page.is_plausible,
            )
        )
    known = {note.mark for note in notes} | _SIGNS
    for line in (*(line for page in rest for line in page.lines), *(line for note in notes for line in note.lines)):
        line.text = _without_marks(line.text, known)
    return NotedPages(pages=rest, notes=notes)


def _marks(text: str) -> Iterable[str]:
    for match in _MARK.finditer(text):
        yield from _single_marks(match[1])


def _single_marks(mark: str) -> list[str]:
    """Return the marks in "1,2", "3–5" or "*†"."""
    return [part for part in re.split(r"[\s,;–-]+", mark.strip("()[] ")) if part]


def _usual_size(pages: Sequence[Page]) -> float:
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _note_mark(line: PageLine, page: Page, cited: set[str], usual: float) -> str | None:
    """Return the mark of the note that begins with this line; None if no note does."""
    if line.mark:
        mark = line.mark.strip("()[]. ")
        return mark if mark in cited or (line.size < _SMALLER * usual and mark) else None
    numbered = _NUMBERED.match(line.text)
    if numbered is None or numbered["mark"] not in cited:
        return None
    if line.size >= _SMALLER * usual or line.y > page.height * _LOW:
        return None
    line.text = line.text[numbered.end() :]
    return numbered["mark"]


def _continues(last: PageLine, line: PageLine, usual: float) -> bool:
    if line.column != last.column or line.turn != last.turn or line.mark or line.is_row:
        return False
    is_same_size = abs(line.size - last.size) < 0.04 * last.size
    distance = last.y - line.y
    return is_same_size and last.size < _SMALLER * usual and 0 < distance < _NEXT_LINE * last.size


def _without_marks(text: str, known: set[str] | frozenset[str]) -> str:
    if MARK_START not in text:
        return text
    result = ""
    end = 0
    for match in _MARK.finditer(text):
        result += text[end : match.start()]
        end = match.end()
        result += _kept(match[1], result, known)
    return result + text[end:]


def _kept(mark: str, before: str, known: set[str] | frozenset[str]) -> str:
    """Return what remains of a raised mark after `before`: nothing of a mark that cites a note, else an exponent."""
    letters = _LETTERS_BEFORE.search(before)
    raised = mark.translate(_RAISED_DIGITS)
    if letters and letters[0] in _UNITS and (letters[0] == before or _MEASURED.search(before)):
        return raised
    if all(single in known or single[0] in _SIGNS for single in _single_marks(mark)):
        return ""
    if not any(map(str.isdigit, mark)):
        return mark
    if letters:
        return raised if len(letters[0]) == 1 or letters[0] in _UNITS else ""
    digits = _DIGITS_BEFORE.search(before)
    return raised if digits is None or digits[0] == "10" else ""
