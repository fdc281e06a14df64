"""Charts of mentions per day as PNG images for chat."""

import io
import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bot.charts.days import label_days, peak_of, short_day
from handlers.answers.parts import Chart

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_INCHES: Final = (7.2, 2.5)
_DPI: Final = 160
_LEFT, _RIGHT, _BOTTOM, _TOP = 0.06, 0.99, 0.12, 0.88
"""The area of the bars, in figure coordinates: the image is 1 wide and 1 high."""
_POINT: Final = 1 / (72 * _INCHES[1])
"""The height of a typographic point in figure coordinates."""
_HALF_LABEL: Final = 0.026
"""Half the width of a day's label, which must not extend past the right edge."""
_COLORS: Final = ("#0f766e", "#b45309")
_CACHED: Final = 256
"""Images kept in memory, about 30 kB each."""
_DRAWING: Final = threading.Lock()
"""Drawing holds the interpreter lock, so threads gain nothing in parallel; a thread that waits may find the image in
the cache.
"""


def chart_png(chart: Chart) -> bytes:
    """Return the chart as a PNG on a white background; equal charts give equal bytes.

    Takes about 0.05 s of CPU for a chart that is not cached: call it in a thread.
    """
    with _DRAWING:
        return _draw(chart)


@lru_cache(maxsize=_CACHED)
def _draw(chart: Chart) -> bytes:
    # matplotlib is imported only where it is used: a process that posts no image does not load it. pyplot is not safe
    # in threads. Axes are avoided because their ticks and layout take longer than drawing everything in the image.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=_INCHES, dpi=_DPI, facecolor="white")
    scale = _Scale(days=len(chart.days), highest=max(peak_of(chart), 1) * 1.18)
    _draw_grid(figure, scale)
    _draw_day_labels(figure, chart, scale)
    for number in range(len(chart.series)):
        _draw_series(figure, chart, scale, number)
    _draw_heading(figure, chart)
    buffer = io.BytesIO()
    FigureCanvasAgg(figure).print_png(buffer, metadata={"Software": None}, pil_kwargs={"compress_level": 1})
    return buffer.getvalue()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """Converts days and counts to figure coordinates."""

    days: int
    highest: float
    """The count at the top edge of the bars' area."""

    def x(self, day: float) -> float:
        return _LEFT + (day + 0.6) / (max(self.days, 1) + 0.2) * (_RIGHT - _LEFT)

    def y(self, count: float) -> float:
        return _BOTTOM + count / self.highest * (_TOP - _BOTTOM)


def _draw_grid(figure: "Figure", scale: _Scale) -> None:
    """Draw the base line, and a labelled line at about three counts above it."""
    from matplotlib.lines import Line2D
    from matplotlib.ticker import MaxNLocator

    for count in MaxNLocator(nbins=3, integer=True).tick_values(0, scale.highest):
        if count <= scale.highest:
            y, color = scale.y(count), "#eeeeee" if count else "#bbbbbb"
            figure.add_artist(Line2D((_LEFT, _RIGHT), (y, y), color=color, linewidth=0.8, zorder=0))
            figure.text(_LEFT - 0.007, y, f"{count:.0f}", ha="right", va="center", fontsize=8, color="#555555")


def _draw_day_labels(figure: "Figure", chart: Chart, scale: _Scale) -> None:
    for index in label_days(scale.days):
        label = "today" if chart.days[index] == chart.today else short_day(chart.days[index], scale.days)
        center = min(scale.x(index), 1 - _HALF_LABEL)
        figure.text(center, _BOTTOM - 3.5 * _POINT, label, ha="center", va="top", fontsize=8, color="#555555")


def _draw_series(figure: "Figure", chart: Chart, scale: _Scale, number: int) -> None:
    """Draw the bars of a series. Today's bar is hatched, because the day is not over."""
    from matplotlib.collections import PolyCollection
    from matplotlib.patches import Rectangle

    _, counts = chart.series[number]
    color = _COLORS[number % len(_COLORS)]
    width = 0.8 / len(chart.series)
    bars = []
    for index, count in enumerate(counts):
        center = index - 0.4 + width * (number + 0.5)
        left, right, top = scale.x(center - width * 0.46), scale.x(center + width * 0.46), scale.y(count)
        if chart.days[index] == chart.today:
            box = ((left, _BOTTOM), right - left, top - _BOTTOM)
            figure.add_artist(Rectangle(*box, facecolor=color, alpha=0.55, hatch="///", edgecolor=color))
        elif count:
            bars.append(((left, _BOTTOM), (left, top), (right, top), (right, _BOTTOM)))
        if count and scale.days <= 14:
            above = (scale.x(center), top + 2 * _POINT)
            figure.text(*above, str(count), ha="center", va="bottom", fontsize=8, color="#444444")
    figure.add_artist(PolyCollection(bars, facecolors=color, transform=figure.transFigure))


def _draw_heading(figure: "Figure", chart: Chart) -> None:
    """Draw the title, and a legend where there are two series."""
    from matplotlib.patches import Patch

    title = _drawable(chart.title)
    if title:
        figure.text(_LEFT, _TOP + 6 * _POINT, title, fontsize=10, color="#222222", parse_math=False)
    if len(chart.series) < 2:
        return
    names = enumerate(name for name, _ in chart.series)
    patches = [Patch(color=_COLORS[n % len(_COLORS)], label=_drawable(name) or f"{n + 1}") for n, name in names]
    legend = figure.legend(
        handles=patches, loc="upper right", bbox_to_anchor=(_RIGHT, _TOP), frameon=False, fontsize=8, ncols=2
    )
    for text in legend.get_texts():
        text.set_parse_math(False)


def _drawable(text: str) -> str | None:
    """Return the text if the font has all its letters, else None: no label is better than empty boxes."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    letters = get_font(findfont(FontProperties())).get_charmap()
    return text if all(ord(letter) in letters for letter in text) else None
