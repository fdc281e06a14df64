"""Charts of mentions a day: as an SVG string for pages, a PNG for chat, and one line of bars for plain text."""

import io
from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Final

from handlers.answer_parts import Chart

_BARS: Final = "▁▂▃▄▅▆▇█"

_HEIGHT: Final = 128
"""Height of the SVG in CSS pixels; its width is that of the page, because x is given in percent."""
_TOP: Final = 20
_BASE: Final = 104

_PNG_INCHES: Final = (7.2, 2.5)
_PNG_DPI: Final = 160
_PNG_COLORS: Final = ("#0f766e", "#b45309")


def chart_text(chart: Chart) -> str:
    """The chart as bars in one line for each series: "▁▁▃█▁ Huawei: 23 in 7 days, most 9 on Wed 5 June"."""
    peak = _peak(chart)
    return "\n".join(_text_line(chart, name, counts, peak) for name, counts in chart.series)


def chart_svg(chart: Chart) -> str:
    """The chart as one `<svg>` element. Colours: `currentColor`, and `--chart-2` for a second series."""
    peak = max(_peak(chart), 1)
    width = 100 / max(len(chart.days), 1)
    parts = [
        f'<svg class="chart" role="img" width="100%" height="{_HEIGHT}" aria-label="{escape(chart.alt)}">',
        f'<line class="chart-base" x1="0" x2="100%" y1="{_BASE}.5" y2="{_BASE}.5"/>',
    ]
    labels = _label_days(len(chart.days))
    for index, day in enumerate(chart.days):
        left = index * width
        today = day == chart.today
        for number, (name, counts) in enumerate(chart.series):
            parts.append(_svg_bar(chart, number, name, counts[index], day, left, width, peak))
        if index in labels:
            text = "today" if today else _short(day, len(chart.days))
            parts.append(
                f'<text class="chart-day{" chart-today" if today else ""}" x="{left + width / 2:.3f}%" '
                f'y="{_BASE + 16}" text-anchor="{_anchor(index, len(chart.days))}">{text}</text>'
            )
    parts.append("</svg>")
    return "".join(parts)


def spark_svg(counts: Sequence[int], *, alt: str) -> str:
    """A chart the size of a word, for a line of a table."""
    peak = max(max(counts, default=0), 1)
    step = 100 / max(len(counts), 1)
    bars = "".join(
        f'<rect x="{index * step:.3f}%" width="{step * 0.72:.3f}%" y="{24 - _scaled(count, peak, 22)}" '
        f'height="{_scaled(count, peak, 22)}" rx="1" fill="currentColor"/>'
        for index, count in enumerate(counts)
        if count
    )
    base = '<line class="chart-base" x1="0" x2="100%" y1="24.5" y2="24.5"/>'
    return f'<svg class="spark" role="img" width="100%" height="25" aria-label="{escape(alt)}">{base}{bars}</svg>'


def chart_png(chart: Chart) -> bytes:
    """The chart as a PNG on white. About 0.1 s of CPU: call it in a thread. The same chart gives the same bytes."""
    # Imported here: a process that posts no picture does not pay for matplotlib. No pyplot: that is not for threads.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=_PNG_INCHES, dpi=_PNG_DPI, facecolor="white", layout="constrained")
    axes = figure.add_subplot()
    positions = range(len(chart.days))
    width = 0.8 / max(len(chart.series), 1)
    for number, (name, counts) in enumerate(chart.series):
        color = _PNG_COLORS[number % len(_PNG_COLORS)]
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
    labels = sorted(_label_days(len(chart.days)))
    axes.set_xticks(
        labels,
        [
            "today" if chart.days[index] == chart.today else _short(chart.days[index], len(chart.days))
            for index in labels
        ],
    )
    axes.set_xlim(-0.6, max(len(chart.days), 1) - 0.4)
    axes.set_ylim(0, max(_peak(chart), 1) * 1.18)
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


def _text_line(chart: Chart, name: str, counts: Sequence[int], peak: int) -> str:
    bars = "".join(_BARS[0] if not peak else _BARS[round(count / peak * (len(_BARS) - 1))] for count in counts)
    days = f"{len(counts)} {'day' if len(counts) == 1 else 'days'}"
    line = f"{bars} {name}: {sum(counts)} in {days}"
    if not any(counts):
        return line
    most = max(counts)
    day = chart.days[list(counts).index(most)]
    return f"{line}, most {most} on {day:%a} {day.day} {day:%B}"


def _svg_bar(chart: Chart, number: int, name: str, count: int, day: date, left: float, width: float, peak: int) -> str:
    slot = width * 0.76 / len(chart.series)
    x = left + width * 0.12 + slot * number
    height = _scaled(count, peak, _BASE - _TOP)
    today = " chart-today" if day == chart.today else ""
    tip = (
        f"{day:%a} {day.day} {day:%b}: {count}"
        if len(chart.series) == 1
        else f"{name}, {day:%a} {day.day} {day:%b}: {count}"
    )
    fill = "currentColor" if number == 0 else "var(--chart-2, currentColor)"
    bar = (
        f'<rect class="chart-bar chart-bar-{number + 1}{today}" x="{x:.3f}%" width="{slot * 0.94:.3f}%" '
        f'y="{_BASE - height}" height="{height}" rx="2" fill="{fill}"><title>{escape(tip)}</title></rect>'
    )
    if not count or len(chart.days) > 14:
        return bar
    return (
        f'{bar}<text class="chart-count" x="{x + slot * 0.47:.3f}%" y="{_BASE - height - 5}" '
        f'text-anchor="middle">{count}</text>'
    )


def _peak(chart: Chart) -> int:
    return max((max(counts, default=0) for _, counts in chart.series), default=0)


def _scaled(count: int, peak: int, height: int) -> int:
    """Height of a bar in pixels: a count of one is always seen."""
    return max(round(count / peak * height), 2) if count else 0


def _label_days(days: int) -> frozenset[int]:
    """Which days are named under the axis: all of a fortnight, else about six of them and always the last."""
    if days <= 10:
        return frozenset(range(days))
    step = -(-days // 6)
    return frozenset(range(days - 1, -1, -step))


def _short(day: date, days: int) -> str:
    return f"{day:%a}" if days <= 7 else f"{day.day} {day:%b}"


def _anchor(index: int, days: int) -> str:
    if days <= 14:
        return "middle"
    return "end" if index == days - 1 else "middle"


def _drawable(text: str) -> str | None:
    """The text if the picture's font has all its letters, else None: better no words than empty boxes."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    known = get_font(findfont(FontProperties())).get_charmap()
    return text if all(ord(letter) in known for letter in text) else None
