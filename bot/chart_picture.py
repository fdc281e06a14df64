"""A chart of mentions a day as a PNG for chat, drawn by matplotlib's renderer itself; equal charts are drawn once."""

import struct
import threading
import zlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from bot.chart_days import label_days, peak_of, short_day
from handlers.answer_parts import Chart

_WIDTH: Final = 1152
_HEIGHT: Final = 400
_DPI: Final = 160
_BASE: Final = 34
"""Pixels between the picture's lower edge and the line on which the bars stand."""
_TOP: Final = 344
"""The height up to which they may reach, their counts above them."""
_TITLE: Final = 378
_RIGHT: Final = 10
_LETTERS: Final = 22
"""Pixels that stand between what is written and what it belongs to, two thirds of a line."""
_COLORS: Final = ("#0f766e", "#b45309")
_KEPT: Final = 256
"""Pictures of about 10 kB each."""
_DRAWING: Final = threading.Lock()
"""One at a time: drawing holds the interpreter anyway, and whoever waits may find the picture drawn."""


def chart_png(chart: Chart) -> bytes:
    """The chart as a PNG on white. Some milliseconds of CPU: call it in a thread. The same chart gives the same bytes.

    Axes, which would lay themselves out anew for each picture, cost 20 times as much as these few strokes.
    """
    with _DRAWING:
        return _kept_png(chart)


@lru_cache(maxsize=_KEPT)
def _kept_png(chart: Chart) -> bytes:
    # Imported here: a process that posts no picture does not pay for matplotlib. No pyplot: that is not for threads.
    from matplotlib.ticker import MaxNLocator

    page = _Page()
    top = max(peak_of(chart), 1)
    most = MaxNLocator(nbins=3, integer=True).tick_values(0, top * 1.18)
    ticks = [int(value) for value in most if 0 <= value <= top * 1.18]
    left = 12 + max(_width(str(tick), 8) for tick in ticks)
    scale = (_TOP - _BASE) / (top * 1.18)
    for tick in ticks:
        y = _BASE + round(tick * scale)
        page.line(left, _WIDTH - _RIGHT, y, "#bbbbbb" if tick == 0 else "#eeeeee")
        page.text(str(tick), left - 8, y - 7, 8, "#555555", align=1.0)
    page.text(_drawable(chart.title) or "", left, _TITLE, 10, "#222222")
    step = (_WIDTH - _RIGHT - left) / (max(len(chart.days), 1) + 0.2)
    for number, (_, counts) in enumerate(chart.series):
        _bars(page, chart, number, counts, left=left + 0.1 * step, step=step, scale=scale)
    page.line(left, _WIDTH - _RIGHT, _BASE, "#bbbbbb")
    for index in sorted(label_days(len(chart.days))):
        day = chart.days[index]
        name = "today" if day == chart.today else short_day(day, len(chart.days))
        half = _width(name, 8) / 2
        middle = min(left + step * (index + 0.6), _WIDTH - half - 2)
        page.text(name, middle, _BASE - _LETTERS, 8, "#555555", align=0.5)
    if len(chart.series) > 1:
        _legend(page, [_drawable(name) or f"{number}" for number, (name, _) in enumerate(chart.series, start=1)])
    return page.png()


def _bars(
    page: "_Page", chart: Chart, number: int, counts: Iterable[int], *, left: float, step: float, scale: float
) -> None:
    slot = 0.8 * step / len(chart.series)
    color = _COLORS[number % len(_COLORS)]
    for index, (day, count) in enumerate(zip(chart.days, counts, strict=True)):
        if not count:
            continue
        x = left + step * (index + 0.1) + slot * (number + 0.04)
        page.bar(x, _BASE, slot * 0.92, count * scale, color, unfinished=day == chart.today)
        if len(chart.days) <= 14:
            page.text(str(count), x + slot * 0.46, _BASE + count * scale + 5, 8, "#444444", align=0.5)


def _legend(page: "_Page", names: Iterable[str]) -> None:
    """In the title's line, from the right."""
    x = float(_WIDTH - _RIGHT)
    for number, name in reversed(list(enumerate(names))):
        x -= _width(name, 9)
        page.text(name, x, _TITLE, 9, "#222222")
        x -= 50
        page.bar(x, _TITLE, 36, 12, _COLORS[number % len(_COLORS)])
        x -= 36


class _Page:
    """A white page; all places are in pixels from its lower left corner, sizes of letters in points."""

    def __init__(self) -> None:
        from matplotlib.backends.backend_agg import RendererAgg

        self._renderer: Any = RendererAgg(_WIDTH, _HEIGHT, _DPI)
        self.bar(0, 0, _WIDTH, _HEIGHT, "#ffffff")

    def bar(self, x: float, y: float, width: float, height: float, color: str, *, unfinished: bool = False) -> None:
        from matplotlib.colors import to_rgba
        from matplotlib.path import Path
        from matplotlib.transforms import Affine2D

        pen = self._renderer.new_gc()
        pen.set_foreground(color)
        pen.set_linewidth(1 if unfinished else 0)
        pen.set_snap(True)
        if unfinished:
            pen.set_alpha(0.55)
            pen.set_hatch("///")
            pen.set_hatch_color(color)
        face = to_rgba(color, 0.55 if unfinished else 1)
        self._renderer.draw_path(pen, Path.unit_rectangle(), Affine2D().scale(width, height).translate(x, y), face)
        pen.restore()

    def line(self, start: float, end: float, y: float, color: str) -> None:
        self.bar(start, y - 1, end - start, 2, color)

    def text(self, words: str, x: float, y: float, size: float, color: str, *, align: float = 0.0) -> None:
        """`align` says which part of the words lies before `x`; `y` is their base line."""
        if words:
            pen = self._renderer.new_gc()
            pen.set_foreground(color)
            start = round(x - align * _width(words, size))
            self._renderer.draw_text(pen, start, round(_HEIGHT - y), words, _font(size), 0)
            pen.restore()

    def png(self) -> bytes:
        """Each line as what differs from the one above: of flat bars nearly nothing is left to compress.

        The usual encoder tries five ways for each line, and takes longer than all of the drawing.
        https://www.w3.org/TR/png-3/#9Filter-types
        """
        import numpy

        lines = numpy.asarray(self._renderer.buffer_rgba())[:, :, :3].reshape(_HEIGHT, -1)
        above = numpy.zeros((_HEIGHT, 1 + _WIDTH * 3), numpy.uint8)
        above[:, 0] = 2  # the filter "up"
        above[0, 1:] = lines[0]
        above[1:, 1:] = lines[1:] - lines[:-1]
        head = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
        inches = struct.pack(">IIB", round(_DPI / 0.0254), round(_DPI / 0.0254), 1)
        chunks = ((b"IHDR", head), (b"pHYs", inches), (b"IDAT", zlib.compress(above.tobytes(), 3)), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
            for name, body in chunks
        )


@lru_cache
def _font(size: float) -> Any:
    from matplotlib.font_manager import FontProperties

    return FontProperties(size=size)


@lru_cache(maxsize=4_096)
def _width(words: str, size: float) -> float:
    """Pixels. Most words and numbers of charts come again."""
    from matplotlib.backends.backend_agg import RendererAgg

    renderer: Any = RendererAgg(1, 1, _DPI)
    return float(renderer.get_text_width_height_descent(words, _font(size), False)[0])


def _drawable(text: str) -> str | None:
    """The text if the picture's font has all its letters, else None: better no words than empty boxes."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    known = get_font(findfont(FontProperties())).get_charmap()
    return text if all(ord(letter) in known for letter in text) else None
