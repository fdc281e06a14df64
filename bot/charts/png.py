"""A chart of mentions a day as a PNG for chat; equal charts are drawn once."""

import io
import threading
from functools import lru_cache
from typing import Final

from bot.charts.days import label_days, peak_of, short_day
from handlers.answers.parts import Chart

_INCHES: Final = (7.2, 2.5)
_DPI: Final = 160
_LEFT, _RIGHT, _BOTTOM, _TOP = 0.06, 0.99, 0.12, 0.88
"""Where the bars stand in the picture, whose width and height are 1."""
_POINT: Final = 1 / (72 * _INCHES[1])
"""The height of a typographic point in it."""
_HALF_A_NAME: Final = 0.026
"""Half the width of a day's name, which must not reach over the right edge."""
_COLORS: Final = ("#0f766e", "#b45309")
_KEPT: Final = 256
"""Pictures of about 30 kB each."""
_DRAWING: Final = threading.Lock()
"""One at a time: drawing holds the interpreter anyway, and whoever waits may find the picture drawn."""


def chart_png(chart: Chart) -> bytes:
    """The chart as a PNG on white. About 0.05 s of CPU: call it in a thread. The same chart gives the same bytes."""
    with _DRAWING:
        return _drawn(chart)


@lru_cache(maxsize=_KEPT)
def _drawn(chart: Chart) -> bytes:
    # Imported here: a process that posts no picture does not pay for matplotlib. No pyplot: that is not for threads.
    # And no axes: their ticks and layout cost more than all that stands in the picture.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.collections import PolyCollection
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch, Rectangle
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=_INCHES, dpi=_DPI, facecolor="white")
    days = len(chart.days)
    highest = max(peak_of(chart), 1) * 1.18

    def across(day: float) -> float:
        return _LEFT + (day + 0.6) / (max(days, 1) + 0.2) * (_RIGHT - _LEFT)

    def up(count: float) -> float:
        return _BOTTOM + count / highest * (_TOP - _BOTTOM)

    def line(count: float, color: str) -> None:
        figure.add_artist(Line2D((_LEFT, _RIGHT), (up(count),) * 2, color=color, linewidth=0.8, zorder=0))

    for count in MaxNLocator(nbins=3, integer=True).tick_values(0, highest):
        if count <= highest:
            line(count, "#eeeeee" if count else "#bbbbbb")
            figure.text(_LEFT - 0.007, up(count), f"{count:.0f}", ha="right", va="center", fontsize=8, color="#555555")
    for index in label_days(days):
        name = "today" if chart.days[index] == chart.today else short_day(chart.days[index], days)
        middle = min(across(index), 1 - _HALF_A_NAME)
        figure.text(middle, _BOTTOM - 3.5 * _POINT, name, ha="center", va="top", fontsize=8, color="#555555")

    width = 0.8 / max(len(chart.series), 1)
    for number, (_, counts) in enumerate(chart.series):
        color = _COLORS[number % len(_COLORS)]
        bars = []
        for index, count in enumerate(counts):
            middle = index - 0.4 + width * (number + 0.5)
            left, right, top = across(middle - width * 0.46), across(middle + width * 0.46), up(count)
            if chart.days[index] == chart.today:
                place = ((left, _BOTTOM), right - left, top - _BOTTOM)
                figure.add_artist(Rectangle(*place, facecolor=color, alpha=0.55, hatch="///", edgecolor=color))
            elif count:
                bars.append(((left, _BOTTOM), (left, top), (right, top), (right, _BOTTOM)))
            if count and days <= 14:
                above = (across(middle), top + 2 * _POINT)
                figure.text(*above, str(count), ha="center", va="bottom", fontsize=8, color="#444444")
        figure.add_artist(PolyCollection(bars, facecolors=color, transform=figure.transFigure))

    title = _drawable(chart.title)
    if title:
        figure.text(_LEFT, _TOP + 6 * _POINT, title, fontsize=10, color="#222222", parse_math=False)
    if len(chart.series) > 1:
        named = enumerate(name for name, _ in chart.series)
        patches = [Patch(color=_COLORS[n % len(_COLORS)], label=_drawable(name) or f"{n + 1}") for n, name in named]
        corner = (_RIGHT, _TOP)
        legend = figure.legend(
            handles=patches, loc="upper right", bbox_to_anchor=corner, frameon=False, fontsize=8, ncols=2
        )
        for text in legend.get_texts():
            text.set_parse_math(False)
    buffer = io.BytesIO()
    FigureCanvasAgg(figure).print_png(buffer, metadata={"Software": None}, pil_kwargs={"compress_level": 1})
    return buffer.getvalue()


def _drawable(text: str) -> str | None:
    """The text if the picture's font has all its letters, else None: better no words than empty boxes."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    known = get_font(findfont(FontProperties())).get_charmap()
    return text if all(ord(letter) in known for letter in text) else None
