"""Joins the lines of a PDF into paragraphs, by their places: lists, verses and rows of tables stay lines."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from handlers.sources.documents.pdf.hyphens import Hyphens
from handlers.sources.documents.pdf.page import Page, PageLine
from handlers.sources.text.block import Block

_BULLET: Final = re.compile(r"(?:[•‣◦▪▫■□●○◆◇►▶➤➢✓✔∙⁃·\uf0b7\uf0a7]\s*|[-*–—+]\s+)(?=\S)")
_NUMBERING: Final = re.compile(r"(?:\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-zA-Z]|[ivxIVX]{1,5})[.)]|\[\d{1,3}\]|§+)\s+\S")
_STOP: Final = re.compile(r"""[.!?:;。！？…؟।][”"'’»)\]]*$""")
_WIDE: Final = re.compile("[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff60]")
_HANGUL: Final = re.compile("[\uac00-\ud7af]")
_DIVIDED: Final = re.compile("[^\\W\\d_][-\u2010\u00ad]$")
_LABEL: Final = re.compile(r"[^\W\d_a-zà-ÿа-я][^:.!?]{1,24}:(?=\s)")
_LEADERS: Final = re.compile(r"(?:[._·…]\s?){4,}\d{1,4}$")
"""The end of a line of a table of contents."""
_FULL_SLACK: Final = 6.0
_HANGUL_SLACK: Final = 1.2
"""Space at the end of a full line of Korean, and of one that ends anywhere in a word, by the size of the font."""
_SAME_SIZE: Final = 0.06
_LINE_DISTANCE: Final = 1.3
"""Distance between lines, by the usual one of the column, that begins a paragraph."""
_FURTHEST: Final = 2.2
"""The same by the size of the font, where a column has too few lines to tell its usual distance."""
_INDENT: Final = 0.8
_DEEPEST_INDENT: Final = 5.0
"""Indents of first lines, by the size of the font."""
_FULL_SHARE: Final = 0.4
"""Share of the lines of a column that reach its edge if it is wrapped text and not a list."""
_RAGGED: Final = 0.12
"""Share of the width that a wrapped line may leave although the next word is short."""
_NARROWEST: Final = 8.0
"""Width of a column of wrapped text, by the size of the font."""


@dataclass(slots=True)
class Paragraph:
    """A paragraph and where it begins."""

    block: Block
    page: int
    size: float
    is_bold: bool
    is_row: bool
    last: PageLine
    """Its last line."""
    is_full: bool
    """Whether the last line reaches the edge of its column, so that the paragraph may go on elsewhere."""


@dataclass(slots=True)
class _Column:
    left: float
    right: float
    distance: float
    """Between its lines."""
    is_wrapped: bool = False
    """Whether its lines are wrapped text: most reach the edge."""
    is_flowing: bool = False
    """Whether most of its lines end within a sentence, wherever they end."""
    is_wide: bool = False
    """Whether some of its lines reach the margin of the page."""
    labels: frozenset[str] = frozenset()
    """Words before a colon with which several of its lines begin."""


def paragraphs_of(pages: Sequence[Page], hyphens: Hyphens) -> list[Paragraph]:
    """Return the paragraphs of the pages. One that a page or column divides is joined."""
    divides_hangul = _divides_hangul(pages)
    width = _text_width(pages)
    paragraphs: list[Paragraph] = []
    for page in pages:
        columns = _columns(page, width)
        before: PageLine | None = None
        for line in page.lines:
            column = columns[line.column]
            text = _with_initial(line, hyphens)
            bullet = _BULLET.match(text)
            if before is not None and before.column == line.column:
                joins = _continues(before, line, text, column)
            else:
                joins = bool(paragraphs) and _goes_on(paragraphs[-1], line, text)
            if joins and not bullet:
                last = paragraphs[-1]
                joined = _joined(last.block.text, last.last, line, text, hyphens, divides_hangul=divides_hangul)
                last.block = Block(text=joined, bullet=last.block.bullet)
                last.last, last.is_full = line, _is_full(line, column)
            else:
                block = Block(text=text[bullet.end() :] if bullet else text, bullet=bool(bullet))
                paragraphs.append(
                    Paragraph(
                        block=block,
                        page=page.number,
                        size=line.size,
                        is_bold=line.is_bold,
                        is_row=line.is_row,
                        last=line,
                        is_full=column.is_wrapped and _is_full(line, column),
                    )
                )
            before = line
    return [paragraph for paragraph in paragraphs if paragraph.block.text.strip()]


def _divides_hangul(pages: Sequence[Page]) -> bool:
    """Whether lines of Korean end anywhere in a word, as browsers set them: then each fills the width of its column."""
    slacks: list[bool] = []
    for page in pages:
        edges: defaultdict[int, float] = defaultdict(float)
        for line in page.lines:
            edges[line.column] = max(edges[line.column], line.right)
        for before, after in pairwise(page.lines):
            slack = (edges[before.column] - before.right) / before.size
            if slack < _FULL_SLACK and _HANGUL.match(before.text[-1:]) and _HANGUL.match(after.text):
                slacks.append(slack < _HANGUL_SLACK)
    return bool(slacks) and sum(slacks) >= 0.8 * len(slacks)


def _with_initial(line: PageLine, hyphens: Hyphens) -> str:
    """Return the text of a line with its drop cap, which may be a word of its own."""
    text = f"{line.mark} {line.text}" if line.mark else line.text
    if not line.initial:
        return text
    first = re.match(r"[^\W\d_]+", text)
    if first and len(line.initial) == 1 and hyphens.knows(first[0]) and not hyphens.knows(line.initial + first[0]):
        is_word = line.initial.casefold() in _ONE_LETTER_WORDS and len(first[0]) > 1
        return f"{line.initial} {text}" if is_word else line.initial + text
    return line.initial + text


_ONE_LETTER_WORDS: Final = frozenset("aioyàóáéвксуояи")


def _text_width(pages: Sequence[Page]) -> float:
    """Return the width between the margins of most pages, taking the right margin to be as wide as the left one."""
    widths = [
        page.width - 2 * min(line.left for line in page.lines if line.turn == page.lines[0].turn)
        for page in pages
        if page.lines and page.lines[0].turn == 0
    ]
    return median(widths) if widths else 0.0


def _columns(page: Page, text_width: float) -> dict[int, _Column]:
    groups: defaultdict[int, list[PageLine]] = defaultdict(list)
    for line in page.lines:
        groups[line.column].append(line)
    return {number: _column(lines, text_width) for number, lines in groups.items()}


def _column(lines: Sequence[PageLine], text_width: float) -> _Column:
    size = median(line.size for line in lines for _ in range(len(line.text) // 10 + 1))
    usual = [line for line in lines if abs(line.size - size) <= _SAME_SIZE * size] or lines
    left, right = min(line.left for line in usual), max(line.right for line in usual)
    distances = Counter(
        round(before.y - after.y, 1)
        for before, after in pairwise(lines)
        if 0 < before.y - after.y < _FURTHEST * max(before.size, after.size)
    )
    distance = min((d for d, count in distances.items() if count >= max(distances.values()) / 2), default=0.0)
    column = _Column(left=left, right=right, distance=distance or size * 1.25)
    pairs = [
        (before, after)
        for before, after in pairwise(lines)
        if not before.is_row and _is_near(before, after, column) and not _BULLET.match(after.text)
    ]
    full = sum(_has_no_room(before, after.text, column) for before, after in pairs)
    open_ended = sum(_is_within_sentence(before, after.text) for before, after in pairs)
    if right - left >= _NARROWEST * size and pairs:
        column.is_wrapped = full >= _FULL_SHARE * len(pairs)
        column.is_flowing = open_ended >= _FULL_SHARE * len(pairs)
        column.is_wide = text_width > 0 and right - left >= 0.9 * text_width
    labels = Counter(label[0] for line in lines if (label := _LABEL.match(line.text)))
    column.labels = frozenset(label for label, count in labels.items() if count > 1)
    return column


def _is_near(before: PageLine, after: PageLine, column: _Column) -> bool:
    """Whether the lines follow each other at the usual distance, in letters of one size."""
    if before.turn != after.turn or abs(before.size - after.size) > _SAME_SIZE * max(before.size, after.size):
        return False
    distance = before.y - after.y
    return 0 < distance <= max(_LINE_DISTANCE * column.distance, 1.15 * before.size)


def _continues(before: PageLine, line: PageLine, text: str, column: _Column) -> bool:
    """Whether a line continues the paragraph of the line before it in the same column."""
    if before.is_row or line.is_row or _LEADERS.search(before.text) or not _is_near(before, line, column):
        return False
    if _DIVIDED.search(before.text) and text[:1].isalpha():
        return True
    if before.is_bold != line.is_bold and not _ends_open(before.text):
        return False
    label = _LABEL.match(text)
    if (label and label[0] in column.labels) or (_NUMBERING.match(text) and _STOP.search(before.text)):
        return False
    if _is_indented(before, line):
        return False
    if _has_no_room(before, text, column):
        return column.is_wrapped or (column.is_wide and not text[:1].isupper())
    return (
        column.is_flowing
        and _is_within_sentence(before, text)
        and before.right - before.left >= 0.4 * (column.right - column.left)
    )


def _is_within_sentence(before: PageLine, text: str) -> bool:
    """Whether a line ends and the next begins as a sentence goes on: without a stop, and with a small letter."""
    if _STOP.search(before.text):
        return False
    return text[:1].islower() or (len(before.text.split()) >= 4 and before.text.split()[-1].islower())


def _ends_open(text: str) -> bool:
    return text.endswith((",", "-", "\u2010", "\u00ad")) or text[-1:].islower()


def _is_indented(before: PageLine, line: PageLine) -> bool:
    """Whether the line begins further inside than the line before it, as the first line of a paragraph does."""
    indent = before.right - line.right if line.is_rtl else line.left - before.left
    return (
        _INDENT * line.size <= indent <= _DEEPEST_INDENT * line.size
        and not before.initial
        and not _BULLET.match(before.text)
        and not _NUMBERING.match(before.text)
    )


def _has_no_room(before: PageLine, text: str, column: _Column) -> bool:
    """Whether the first word of the next line had no room at the end of the line before it."""
    space = _space_left(before, column)
    if _WIDE.match(text):
        return space < 2.5 * before.size
    word = re.match(r"\S+", text)
    letters = len(word[0]) if word else 0
    average = before.right - before.left
    per_letter = average / max(len(before.text), 1)
    return space < (letters + 1) * per_letter + _RAGGED * (column.right - column.left) * 0.25


def _space_left(line: PageLine, column: _Column) -> float:
    left, right = line.left - column.left, column.right - line.right
    if abs(left - right) < 0.5 * line.size and left > line.size:
        return left + right  # centred
    return left if line.is_rtl else right


def _is_full(line: PageLine, column: _Column) -> bool:
    return _space_left(line, column) < 0.3 * (column.right - column.left)


def _goes_on(last: Paragraph, line: PageLine, text: str) -> bool:
    """Whether the first line of a column or page continues the paragraph before it."""
    if last.is_row or line.is_row or not text or abs(last.last.size - line.size) > _SAME_SIZE * line.size:
        return False
    before = last.block.text
    if before.endswith(("-", "\u2010", "\u00ad")):
        return text[:1].isalpha()
    if _STOP.search(before) or _NUMBERING.match(text) or last.is_bold != line.is_bold:
        return False
    if text[:1].islower():
        return True
    is_caseless = not text[:1].isupper() and text[:1].isalpha()
    return last.is_full and (is_caseless or before.endswith(","))


def _joined(before: str, last: PageLine, line: PageLine, text: str, hyphens: Hyphens, *, divides_hangul: bool) -> str:
    divided = hyphens.joined(before, text)
    if divided is not None:
        return divided
    end, start = before[-1:], text[:1]
    if _WIDE.match(end) and _WIDE.match(start):
        return before + text
    if divides_hangul and _HANGUL.match(end) and _HANGUL.match(start) and not last.has_space:
        return before + text if hyphens.is_divided_hangul(before, text) else f"{before} {text}"
    if re.search(r"(?:https?://|www\.)\S*[/?&=._-]$", before) and not line.is_bold:
        return before + text
    return f"{before} {text}"
