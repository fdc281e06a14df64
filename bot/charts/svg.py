"""Charts of mentions per day: as an SVG string for web pages, and as a line of bars for plain text."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from bot.charts.days import label_days, peak_of, short_day
from handlers.answers.parts import Chart

_BARS: Final = "▁▂▃▄▅▆▇█"

_HEIGHT: Final = 128
"""Height of the SVG in CSS pixels. Its width follows the page, because x is given in percent."""
_TOP: Final = 20
_BASE: Final = 104


def chart_text(chart: Chart) -> str:
    """Return one line of bars for each series: "▁▁▃█▁ Huawei: 23 in 7 days, most 9 on Wed 5 June"."""
    peak = peak_of(chart)
    return "\n".join(_text_line(chart, name, counts, peak) for name, counts in chart.series)


def chart_svg(chart: Chart) -> str:
    """Return the chart as one `<svg>` element, with all text escaped.

    The first series has the colour `currentColor`, the second `--chart-2`.
    """
    peak = max(peak_of(chart), 1)
    width = 100 / max(len(chart.days), 1)
    slot = width * 0.76 / max(len(chart.series), 1)
    parts = [
        f'<svg class="chart" role="img" width="100%" height="{_HEIGHT}" aria-label="{escape(chart.alt)}">',
        f'<line class="chart-base" x1="0" x2="100%" y1="{_BASE}.5" y2="{_BASE}.5"/>',
    ]
    labels = label_days(len(chart.days))
    for index, day in enumerate(chart.days):
        left = index * width
        today = day == chart.today
        for number in range(len(chart.series)):
            box = _Box(x=left + width * 0.12 + slot * number, width=slot, peak=peak)
            parts.append(_svg_bar(chart, number, index, box))
        if index in labels:
            text = "today" if today else short_day(day, len(chart.days))
            parts.append(
                f'<text class="chart-day{" chart-today" if today else ""}" x="{left + width / 2:.3f}%" '
                f'y="{_BASE + 16}" text-anchor="{_anchor(index, len(chart.days))}">{text}</text>'
            )
    parts.append("</svg>")
    return "".join(parts)


def spark_svg(counts: Sequence[int], *, alt: str) -> str:
    """Return a sparkline as one `<svg>` element: a bar for each count above 0. `alt` describes it in words."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Box:
    """The space for a bar: `x` and `width` in percent, and the count that fills its height."""

    x: float
    width: float
    peak: int


def _svg_bar(chart: Chart, number: int, index: int, box: _Box) -> str:
    """Return the bar of series `number` on day `index`, with its count above it in charts of up to 14 days."""
    (name, counts), day = chart.series[number], chart.days[index]
    count = counts[index]
    height = _scaled(count, box.peak, _BASE - _TOP)
    today = " chart-today" if day == chart.today else ""
    series = f"{name}, " if len(chart.series) > 1 else ""
    tip = f"{series}{day:%a} {day.day} {day:%b}: {count}"
    fill = "currentColor" if number == 0 else "var(--chart-2, currentColor)"
    bar = (
        f'<rect class="chart-bar chart-bar-{number + 1}{today}" x="{box.x:.3f}%" width="{box.width * 0.94:.3f}%" '
        f'y="{_BASE - height}" height="{height}" rx="2" fill="{fill}"><title>{escape(tip)}</title></rect>'
    )
    if not count or len(chart.days) > 14:
        return bar
    return (
        f'{bar}<text class="chart-count" x="{box.x + box.width * 0.47:.3f}%" y="{_BASE - height - 5}" '
        f'text-anchor="middle">{count}</text>'
    )


def _scaled(count: int, peak: int, height: int) -> int:
    """Return the height of a bar in pixels; at least 2 for any count above 0, so that it can be seen."""
    return max(round(count / peak * height), 2) if count else 0


def _anchor(index: int, days: int) -> str:
    if days <= 14:
        return "middle"
    return "end" if index == days - 1 else "middle"
