"""A chart of mentions a day as a PNG for chat; equal charts are drawn once."""

import io
import threading
from functools import lru_cache
from typing import Final

from bot.chart_days import label_days, peak_of, short_day
from handlers.answer_parts import Chart

_INCHES: Final = (7.2, 2.5)
_DPI: Final = 160
_PLACE: Final = {"left": 0.06, "right": 0.99, "bottom": 0.12, "top": 0.88}
"""The axes within the picture, whose width and height are 1."""
_COLORS: Final = ("#0f766e", "#b45309")
_KEPT: Final = 256
"""Pictures of about 10 kB each."""
_DRAWING: Final = threading.Lock()
"""One at a time: drawing holds the interpreter anyway, and whoever waits may find the picture drawn."""


def chart_png(chart: Chart) -> bytes:
    """The chart as a PNG on white. About 0.1 s of CPU: call it in a thread. The same chart gives the same bytes."""
    with _DRAWING:
        return _drawn(chart)


@lru_cache(maxsize=_KEPT)
def _drawn(chart: Chart) -> bytes:
    # Imported here: a process that posts no picture does not pay for matplotlib. No pyplot: that is not for threads.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=_INCHES, dpi=_DPI, facecolor="white")
    figure.subplots_adjust(**_PLACE)  # a layout that finds its place by itself draws everything twice
    axes = figure.add_subplot()
    positions = range(len(chart.days))
    width = 0.8 / max(len(chart.series), 1)
    for number, (name, counts) in enumerate(chart.series):
        color = _COLORS[number % len(_COLORS)]
        places = [position - 0.4 + width * (number + 0.5) for position in positions]
        bars = axes.bar(places, counts, width=width * 0.92, color=color, label=_drawable(name) or f"{number + 1}")
        for day, bar, count in zip(chart.days, bars, counts, strict=True):
            if day == chart.today:
                bar.set(alpha=0.55, hatch="///", edgecolor=color)
            if count and len(chart.days) <= 14:
                axes.annotate(
                    str(count),
                    (bar.get_x() + bar.get_width() / 2, count),
                    xytext=(0, 2),
                    textcoords="offset points",
                    ha="center",
                    fontsize=8,
                    color="#444444",
                )
    labels = sorted(label_days(len(chart.days)))
    axes.set_xticks(
        labels,
        [
            "today" if chart.days[index] == chart.today else short_day(chart.days[index], len(chart.days))
            for index in labels
        ],
    )
    axes.set_xlim(-0.6, max(len(chart.days), 1) - 0.4)
    axes.set_ylim(0, max(peak_of(chart), 1) * 1.18)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=3, integer=True))
    axes.tick_params(length=0, labelsize=8, labelcolor="#555555")
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color("#bbbbbb")
    axes.grid(axis="y", color="#eeeeee", linewidth=0.8)
    axes.set_axisbelow(True)
    title = _drawable(chart.title)
    if title:
        axes.set_title(title, loc="left", fontsize=10, color="#222222", parse_math=False)
    if len(chart.series) > 1:
        legend = axes.legend(frameon=False, fontsize=8, ncols=2, loc="upper right")
        for text in legend.get_texts():
            text.set_parse_math(False)
    buffer = io.BytesIO()
    FigureCanvasAgg(figure).print_png(buffer, metadata={"Software": None})
    return buffer.getvalue()


def _drawable(text: str) -> str | None:
    """The text if the picture's font has all its letters, else None: better no words than empty boxes."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    known = get_font(findfont(FontProperties())).get_charmap()
    return text if all(ord(letter) in known for letter in text) else None
