"""Puts the runs of a page into the order in which a person reads them: columns one after another, tables by rows."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from handlers.sources.documents.pdf.runs import Run

_GUTTER: Final = 0.7
"""The least gap between columns, by the size of the font."""
_WIDE_GUTTER: Final = 1.3
"""From this width two rows on each side are enough; word gaps of three rows may be above each other by chance."""
_FEWEST_ROWS: Final = 2
_FEWEST_NARROW_ROWS: Final = 4
_PROSE_WIDTH: Final = 9.0
"""The least width of a column of prose, by the size of the font: about eighteen letters."""
_ITEM: Final = re.compile(r"\W{1,2}|\(?(?:\d{1,3}(?:\.\d{1,2})*|[a-zA-Z]|[ivx]{1,4})[.)]")
_FULL: Final = 0.7
"""Share of the column's width from which a line of prose is full."""
_MOST_CHANGES: Final = 3
"""Times that a file goes from one column to the other: to the second column, and for notes at the foot of each."""
_BREAK: Final = 1.7
"""Distance between lines, by the usual distance and the size of the font, that ends a block."""
_DEEPEST: Final = 12
_CELL_GAP: Final = 1.3
"""A gap from which two words of a row may be in different cells, by the size of the font."""
_WORD_GAP: Final = 0.16
_UNEVEN: Final = 2.0
"""The gap between cells is this many times as wide as those between the words of a row."""

Row = list[Run]


@dataclass(slots=True)
class ColumnLine:
    """The runs of one line, and the column to which it belongs."""

    runs: list[Run]
    column: int
    """Equal for lines of the same column."""
    is_row: bool
    """Whether it is a row of a table, with a gap between cells."""


@dataclass(slots=True)
class _Gutter:
    """A free space between two columns: rows from `first` to before `last`, and where it is."""

    x: float
    first: int
    last: int
    rows: int
    width: float


def arranged(rows: Sequence[Row], *, is_rtl: bool) -> list[ColumnLine]:
    """Return the lines of a page from its rows, which begin at the top. `is_rtl`: columns begin at the right."""
    lines: list[ColumnLine] = []
    for column, part in enumerate(_parts(list(rows), is_rtl=is_rtl, depth=0)):
        lines += _lines(part, column)
    return lines


def _parts(rows: list[Row], *, is_rtl: bool, depth: int) -> Iterable[list[Row]]:
    """Yield the rows of each column, in the order of reading."""
    gutter = _best_gutter(rows) if depth < _DEEPEST else None
    if gutter is None:
        if rows:
            yield rows
        return
    yield from _parts(rows[: gutter.first], is_rtl=is_rtl, depth=depth + 1)
    region = rows[gutter.first : gutter.last]
    sides = [[[run for run in row if (run.left < gutter.x) == is_left] for row in region] for is_left in (True, False)]
    for side in reversed(sides) if is_rtl else sides:
        yield from _parts([row for row in side if row], is_rtl=is_rtl, depth=depth + 1)
    yield from _parts(rows[gutter.last :], is_rtl=is_rtl, depth=depth + 1)


def _best_gutter(rows: Sequence[Row]) -> _Gutter | None:
    candidates: set[int] = set()
    for row in rows:
        for before, after in pairwise(row):
            if after.left - before.right >= _GUTTER * min(before.size, after.size):
                candidates.add(round((before.right + after.left) / 4))
    if len(rows) > 3:  # columns whose lines are at different heights have no row in common
        candidates |= {round((run.left - 3) / 2) for row in rows for run in row[:1]}
    best: _Gutter | None = None
    for candidate in candidates:
        for gutter in _gutters(rows, candidate * 2.0):
            if best is None or (gutter.rows, gutter.width) > (best.rows, best.width):
                best = gutter
    return best


def _gutters(rows: Sequence[Row], x: float) -> Iterable[_Gutter]:
    """Yield the gutters at this place: groups of neighbouring rows in which no run crosses it."""
    first = 0
    while first < len(rows):
        last = first
        while last < len(rows) and not any(run.left < x < run.right for run in rows[last]):
            last += 1
        if last - first >= _FEWEST_ROWS and (gutter := _gutter(rows, x, first, last)) is not None:
            yield gutter
        first = last + 1


def _gutter(rows: Sequence[Row], x: float, first: int, last: int) -> _Gutter | None:
    region = rows[first:last]
    left = [[run for run in row if run.right <= x] for row in region]
    right = [[run for run in row if run.left >= x] for row in region]
    left_at = [number for number, side in enumerate(left) if side]
    right_at = [number for number, side in enumerate(right) if side]
    if not left_at or not right_at:
        return None
    start, end = max(left_at[0], right_at[0]), min(left_at[-1], right_at[-1]) + 1
    left_count = sum(start <= number < end for number in left_at)
    right_count = sum(start <= number < end for number in right_at)
    width = min(run.left for row in right for run in row) - max(run.right for row in left for run in row)
    size = median(run.size for row in region for run in row)
    sides = [row for row in left if row], [row for row in right if row]
    is_separate = _is_separate(*sides)
    fewest = _FEWEST_ROWS if is_separate or width >= _WIDE_GUTTER * size else _FEWEST_NARROW_ROWS
    if min(left_count, right_count) < fewest or width < _GUTTER * size:
        return None
    prose = [_is_prose(side, size) for side in sides]
    if not (all(prose) or (is_separate and any(prose))):
        return None
    first, last = _trimmed(rows, first, last, first + start, first + end)
    return _Gutter(x=x, first=first, last=last, rows=min(left_count, right_count), width=width)


def _is_separate(left: Sequence[Row], right: Sequence[Row]) -> bool:
    """Whether the file prints one side after the other, as it does with columns and not with the cells of a table."""
    orders = sorted([(run.order, 0) for row in left for run in row] + [(run.order, 1) for row in right for run in row])
    changes = sum(before[1] != after[1] for before, after in pairwise(orders))
    return changes <= (1 if min(len(left), len(right)) < _FEWEST_NARROW_ROWS - 1 else _MOST_CHANGES)


def _trimmed(rows: Sequence[Row], first: int, last: int, start: int, end: int) -> tuple[int, int]:
    """Return the rows of the columns without those above and below that a gap parts from where both columns are.

    `start` and `end`: the rows in which both columns are.
    """
    steps = [before[0].y - after[0].y for before, after in pairwise(rows[start:end])]
    usual = median(steps) if steps else 0.0
    for number in range(end, last):
        if rows[number - 1][0].y - rows[number][0].y > max(_BREAK * usual, _BREAK * rows[number][0].size):
            last = number
            break
    for number in range(start - 1, first - 1, -1):
        if rows[number][0].y - rows[number + 1][0].y > max(_BREAK * usual, _BREAK * rows[number][0].size):
            first = number + 1
            break
    return first, last


def _is_prose(rows: Sequence[Row], size: float) -> bool:
    left = min(row[0].left for row in rows)
    right = max(row[-1].right for row in rows)
    full = sum(row[-1].right - row[0].left >= _FULL * (right - left) for row in rows)
    gaps = [after.left - before.right for row in rows for before, after in pairwise(row)]
    has_cells = sum(gap > 3 * _CELL_GAP * size for gap in gaps) * 2 > len(rows)
    return right - left >= _PROSE_WIDTH * size and full * 2 >= len(rows) and not has_cells


def _lines(rows: Sequence[Row], column: int) -> list[ColumnLine]:
    """Return the lines of a column from its rows. The cells of a table come in the order of the file."""
    lines: list[ColumnLine] = []
    band: list[list[Row]] = []
    size = median(row[0].size for row in rows)
    right, count = Counter(round(row[-1].right) for row in rows).most_common(1)[0]
    is_prose = _is_prose(rows, size) and count > 1
    for row in rows:
        is_justified = is_prose and abs(right - row[-1].right) < size
        cells = [row] if is_justified and not _is_uneven(row) else _cells(row)
        if len(cells) > 1:
            band.append(cells)
            continue
        lines += _table_lines(band, column)
        band = []
        lines.append(ColumnLine(runs=row, column=column, is_row=False))
    return lines + _table_lines(band, column)


def _gaps(row: Row) -> tuple[list[float], list[float]]:
    """Return the gaps between the runs of a row, and those between the words of each run."""
    between = [after.left - before.right for before, after in pairwise(row)]
    words = [
        after.left - before.right
        for run in row
        for before, after in pairwise(glyph for glyph in run.glyphs if glyph.text != " ")
        if after.left - before.right > _WORD_GAP * run.size
    ]
    return between, words


def _is_uneven(row: Row) -> bool:
    """Whether the row has wide and narrow gaps. In a justified line all gaps are about as wide."""
    between, words = _gaps(row)
    return bool(between and words) and max(between) > _UNEVEN * max(words)


def _cells(row: Row) -> list[Row]:
    """Return the runs of a row by cells: apart where a gap is wide, and wider than most of the row's gaps."""
    between, words = _gaps(row)
    usual = median(words) if words else min(between, default=0.0) if len(between) > 1 else 0.0
    cells = [[row[0]]]
    for gap, run in zip(between, row[1:], strict=True):
        if _is_label(cells[-1]) and len(cells) == 1:
            cells[-1].append(run)
        elif gap > _CELL_GAP * min(run.size, cells[-1][-1].size) and gap > _UNEVEN * usual:
            cells.append([run])
        else:
            cells[-1].append(run)
    return cells


def _is_label(cell: Row) -> bool:
    """Whether the cell is the bullet or number of a list's item."""
    text = "".join(glyph.text for run in cell for glyph in run.glyphs).strip()
    return bool(_ITEM.fullmatch(text))


def _table_lines(band: Sequence[Sequence[Row]], column: int) -> list[ColumnLine]:
    """Return the lines of neighbouring rows of a table: by rows, or by cells if the file prints wrapped cells."""
    if not band:
        return []
    cells = sorted((cell for row in band for cell in row), key=lambda cell: min(run.order for run in cell))
    number_of = {id(cell): number for number, row in enumerate(band) for cell in row}
    downward = sum(
        number_of[id(after)] == number_of[id(before)] + 1 and abs(after[0].left - before[0].left) < before[0].size
        for before, after in pairwise(cells)
    )
    if downward >= max(2, len(band) // 3) and downward < len(cells) - len(band):
        return [ColumnLine(runs=cell, column=column, is_row=True) for cell in cells]
    return [ColumnLine(runs=[run for cell in row for run in cell], column=column, is_row=True) for row in band]
