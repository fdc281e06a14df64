"""A chart of mentions a day as a PNG for chat, with matplotlib's letters; equal charts are drawn once."""

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
_LINE: Final = 26
_BELOW: Final = 8
_COLORS: Final = ("#0f766e", "#b45309")
_KEPT: Final = 256
"""Pictures of about 10 kB each."""
_DRAWING: Final = threading.Lock()
"""One at a time: drawing holds the interpreter anyway, and whoever waits may find the picture drawn."""


def chart_png(chart: Chart) -> bytes:
    """The chart as a PNG on white. Some milliseconds of CPU: call it in a thread. The same chart gives the same bytes.

    Its axes lay themselves out anew for each picture, which costs 20 times as much as these bars and kept words.
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
        import numpy

        self._pixels: Any = numpy.full((_HEIGHT, _WIDTH, 3), 255, numpy.uint8)

    def bar(self, x: float, y: float, width: float, height: float, color: str, *, unfinished: bool = False) -> None:
        """A day that is not over is pale, and hatched."""
        import numpy

        left, right, top, foot = round(x), round(x + width), round(_HEIGHT - y - height), round(_HEIGHT - y)
        part = self._pixels[max(top, 0) : foot, max(left, 0) : right]
        part[:] = _rgb(color)
        if unfinished:
            down, across = numpy.indices(part.shape[:2])
            height, width = part.shape[:2]
            edge = (across < 2) | (across >= width - 2) | (down < 2)
            part[~edge & ((across + down) % 24 >= 2)] = _pale(color)

    def line(self, start: float, end: float, y: float, color: str) -> None:
        self.bar(start, y - 1, end - start, 2, color)

    def text(self, words: str, x: float, y: float, size: float, color: str, *, align: float = 0.0) -> None:
        """`align` says which part of the words lies before `x`; `y` is their base line."""
        if not words:
            return
        ink = _ink(words, size)
        left, top = max(round(x - align * _width(words, size)), 0), max(round(_HEIGHT - y) - _LINE, 0)
        part = self._pixels[top : top + ink.shape[0], left : left + ink.shape[1]]
        ink = ink[: part.shape[0], : part.shape[1], None]
        part[:] = (part * (255 - ink) + ink * _rgb(color)) // 255

    def png(self) -> bytes:
        """Each line as what differs from the one above: of flat bars nearly nothing is left to compress.

        The usual encoder tries five ways for each line, and takes longer than all of the drawing.
        https://www.w3.org/TR/png-3/#9Filter-types
        """
        import numpy

        lines = self._pixels.reshape(_HEIGHT, -1)
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


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _pale(color: str) -> tuple[int, ...]:
    return tuple(round(255 - 0.55 * (255 - part)) for part in _rgb(color))


@lru_cache
def _font(size: float) -> Any:
    from matplotlib.font_manager import FontProperties

    return FontProperties(size=size)


@lru_cache(maxsize=2_048)
def _width(words: str, size: float) -> float:
    """Pixels. Most words and numbers of charts come again."""
    return float(_renderer(1, 1).get_text_width_height_descent(words, _font(size), False)[0])


@lru_cache(maxsize=2_048)
def _ink(words: str, size: float) -> Any:
    """How much of each pixel the letters cover, 0 to 255; their base line lies `_LINE` pixels below the top."""
    import numpy

    page = _renderer(min(int(_width(words, size)) + 4, _WIDTH), _LINE + _BELOW)
    page.draw_text(page.new_gc(), 0, _LINE, words, _font(size), 0)
    return numpy.asarray(page.buffer_rgba())[:, :, 3].astype(numpy.uint16)


def _renderer(width: int, height: int) -> Any:
    from matplotlib.backends.backend_agg import RendererAgg

    return RendererAgg(width, height, _DPI)


def _drawable(text: str) -> str | None:
    """The text if the picture's font has all its letters, else None: better no words than empty boxes."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    known = get_font(findfont(FontProperties())).get_charmap()
    return text if all(ord(letter) in known for letter in text) else None
