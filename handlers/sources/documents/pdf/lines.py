"""Gives the lines of a page in the order of reading, from its glyphs."""

from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Final

from handlers.sources.documents.pdf.columns import arranged
from handlers.sources.documents.pdf.glyphs import Glyph
from handlers.sources.documents.pdf.page import PageLine
from handlers.sources.documents.pdf.runs import Run, rows_of
from handlers.sources.documents.pdf.scripts import is_indic_sign, is_mostly_rtl
from handlers.sources.documents.pdf.words import written

_SAME_PLACE: Final = 0.02
"""Distance between places that are the same, by the size of the font."""
_SHORT: Final = 12
"""Glyphs of a line in which the letters may be fewer than those of the marks."""


def lines_of(glyphs: Sequence[Glyph]) -> list[PageLine]:
    """Return the lines of a page as a person reads them; what is turned otherwise than most of the text comes last."""
    turns: dict[int, list[tuple[int, Glyph]]] = {}
    for order, glyph in enumerate(glyphs):
        turns.setdefault(glyph.turn, []).append((order, glyph))
    lines: list[PageLine] = []
    for turned in sorted(turns.values(), key=len, reverse=True):
        is_rtl = is_mostly_rtl("".join(glyph.text for _, glyph in turned))
        for line in arranged(rows_of(turned), is_rtl=is_rtl):
            written_line = _line(line.runs, is_rtl=is_rtl)
            written_line.column, written_line.is_row = line.column, line.is_row
            lines.append(written_line)
    return [line for line in lines if line.text or line.mark]


def _place(glyph: Glyph) -> float:
    """Return where the drawing of a glyph begins. Signs over a letter come before the letter that begins there."""
    is_sign = not glyph.text.isascii() and is_indic_sign(glyph.text)
    return glyph.origin - _SAME_PLACE * glyph.size if is_sign else glyph.origin


def _line(runs: Sequence[Run], *, is_rtl: bool) -> PageLine:
    glyphs = [glyph for run in runs for glyph in run.glyphs]
    sizes: Counter[float] = Counter()
    for glyph in glyphs:
        sizes[glyph.size] += 1
    size = max(sizes) if len(glyphs) <= _SHORT else max(sizes, key=lambda size: (sizes[size], size))
    y = median(glyph.y for glyph in glyphs if glyph.size == size)
    glyphs.sort(key=_place)
    text, mark = written(glyphs, size=size, y=y, is_rtl=is_rtl)
    last = glyphs[0] if is_rtl else glyphs[-1]
    return PageLine(
        text=text,
        left=min(run.left for run in runs),
        right=max(run.right for run in runs),
        y=y,
        size=size,
        is_bold=sum(glyph.is_bold for glyph in glyphs) * 2 > len(glyphs),
        turn=glyphs[0].turn,
        is_rtl=is_rtl,
        mark=mark,
        initial=next((run.initial for run in runs if run.initial), ""),
        has_space=last.text == " ",
    )
