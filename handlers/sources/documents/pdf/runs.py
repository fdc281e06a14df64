"""Joins the glyphs of a page into runs, which are parts of lines, and the runs into rows of one height."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from handlers.sources.documents.pdf.glyphs import Glyph

_SAME_LINE: Final = 0.2
"""Difference in height between letters of one line. This and the following are shares of the size of the font."""
_SAME_HEIGHT: Final = 0.05
"""The same for letters of different sizes, as in small capitals."""
_APART: Final = 0.7
"""The gap at which a run ends: it may be the gap between columns."""
_SMALL: Final = 0.85
_RAISED: Final = 0.9
_LOWERED: Final = 0.4
_TOUCHES: Final = 0.35
_LONGEST_MARK: Final = 6
"""A mark is smaller than the letters beside it, has few characters, touches them and is not raised above them."""
_INITIAL: Final = 1.7
"""A drop cap is larger than the letters of its word by this factor."""
_LONGEST_INITIAL: Final = 3


@dataclass(slots=True, eq=False)
class Run:
    """Glyphs that are beside each other, without a gap in which a column could end."""

    glyphs: list[Glyph]
    order: int
    """Position of its first glyph in the file."""
    left: float
    right: float
    y: float
    size: float
    initial: str = ""
    """The drop cap with which its first word begins."""


def rows_of(glyphs: Iterable[tuple[int, Glyph]]) -> list[list[Run]]:
    """Return the runs of glyphs with one turn, row by row from the top, each row from left to right.

    Each glyph is given with its position in the file. Raised marks are in the row of the letters that they follow.
    """
    rows = _rows(_without_initials(_runs(glyphs)))
    return [sorted(row, key=lambda run: run.left) for row in rows]


def _runs(glyphs: Iterable[tuple[int, Glyph]]) -> list[Run]:
    runs: list[Run] = []
    last: Glyph | None = None
    for order, glyph in glyphs:
        if last is not None and _follows(last, glyph):
            run = runs[-1]
            run.glyphs.append(glyph)
            if glyph.text != " ":
                run.left, run.right = min(run.left, glyph.left), max(run.right, glyph.right)
        elif glyph.text == " ":
            continue
        else:
            runs.append(
                Run(glyphs=[glyph], order=order, left=glyph.left, right=glyph.right, y=glyph.y, size=glyph.size)
            )
        last = glyph
    return runs


def _follows(last: Glyph, glyph: Glyph) -> bool:
    if abs(glyph.y - last.y) > _SAME_HEIGHT * last.size:
        return False
    if glyph.size != last.size and not 0.8 < glyph.size / last.size < 1.25:
        return False
    gap = glyph.left - last.right
    if gap < 0:
        gap = last.left - glyph.right
    return gap <= _APART * last.size


def _without_initials(runs: list[Run]) -> list[Run]:
    """Return the runs without drop caps, which are noted at the runs whose first letters they are."""
    if not runs:
        return runs
    usual = median(run.size for run in runs)
    rest = []
    for run in runs:
        letters = "".join(glyph.text for glyph in run.glyphs).strip()
        is_large = run.size >= _INITIAL * usual and 0 < len(letters) <= _LONGEST_INITIAL and letters[-1].isalpha()
        first = _first_beside(run, runs) if is_large else None
        if first is None or first.initial:
            rest.append(run)
        else:
            first.initial = letters
            first.order = min(first.order, run.order)
    return rest


def _first_beside(initial: Run, runs: Sequence[Run]) -> Run | None:
    """Return the first line of the paragraph beside a drop cap; None if no line begins above its foot."""
    beside = [
        run
        for run in runs
        if run.size * _INITIAL <= initial.size
        and initial.left - run.size <= run.left <= initial.right + 1.5 * run.size
        and initial.y - 0.2 * initial.size <= run.y <= initial.y + initial.size
    ]
    is_indented = any(run.left >= initial.right - 0.5 * run.size for run in beside)
    first = max(beside, key=lambda run: (run.y, -run.left), default=None)
    return first if first is not None and is_indented and first.y >= initial.y + 0.15 * initial.size else None


def _rows(runs: Sequence[Run]) -> list[list[Run]]:
    """Return the runs by their baselines, marks with the row beside which they are raised."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: (-run.y, run.left)):
        for row in rows[:-4:-1]:
            if _is_same_row(row[0], run):
                row.append(run)
                break
        else:
            rows.append([run])
    for number, row in enumerate(rows):
        for run in [run for run in row if len(run.glyphs) <= _LONGEST_MARK]:
            hosts = (other for other in rows[max(number - 4, 0) : number + 5] if other is not row)
            host = next((other for other in hosts if any(_is_mark_of(run, large) for large in other)), None)
            if host is not None:
                host.append(run)
                row.remove(run)
    return [row for row in rows if row]


def _is_same_row(run: Run, other: Run) -> bool:
    distance = abs(run.y - other.y)
    if distance <= _SAME_HEIGHT * max(run.size, other.size):
        return True
    small, large = sorted((run.size, other.size))
    return distance <= _SAME_LINE * small and small > _SMALL * large


def _is_mark_of(run: Run, large: Run) -> bool:
    if run.size > _SMALL * large.size or not -_LOWERED * large.size < run.y - large.y < _RAISED * large.size:
        return False
    touch = _TOUCHES * large.size
    gap = max(run.left - large.right, large.left - run.right)
    return gap <= touch and (gap >= -touch or any(abs(run.left - glyph.right) <= touch for glyph in large.glyphs))
