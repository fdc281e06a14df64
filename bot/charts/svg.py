"""Charts of mentions a day: as an SVG string for pages, and as one line of bars for plain text."""

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Final

from bot.charts.days import label_days, peak_of, short_day
from handlers.answers.parts import Chart

_BARS: Final = "▁▂▃▄▅▆▇█"

_HEIGHT: Final = 128
"""Height of the SVG in CSS pixels; its width is that of the page, because x is given in percent."""
_TOP: Final = 20
_BASE: Final = 104


def chart_text(chart: Chart) -> str:
    """The chart as bars in one line for each series: "▁▁▃█▁ Huawei: 23 in 7 days, most 9 on Wed 5 June"."""
    peak = peak_of(chart)
    return "\n".join(_text_line(chart, name, counts, peak) for name, counts in chart.series)


def chart_svg(chart: Chart) -> str:
    """The chart as one `<svg>` element. Colours: `currentColor`, and `--chart-2` for a second series."""
    peak = max(peak_of(chart), 1)
    width = 100 / max(len(chart.days), 1)
    parts = [
        f'<svg class="chart" role="img" width="100%" height="{_HEIGHT}" aria-label="{escape(chart.alt)}">',
        f'<line class="chart-base" x1="0" x2="100%" y1="{_BASE}.5" y2="{_BASE}.5"/>',
    ]
    labels = label_days(len(chart.days))
    for index, day in enumerate(chart.days):
        left = index * width
        today = day == chart.today
        for number, (name, counts) in enumerate(chart.series):
            parts.append(_svg_bar(chart, number, name, counts[index], day, left, width, peak))
        if index in labels:
            text = "today" if today else short_day(day, len(chart.days))
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


def _scaled(count: int, peak: int, height: int) -> int:
    """Height of a bar in pixels: a count of one is always seen."""
    return max(round(count / peak * height), 2) if count else 0


def _anchor(index: int, days: int) -> str:
    if days <= 14:
        return "middle"
    return "end" if index == days - 1 else "middle"
