"""What every form of a chart shares: its highest bar, and which of its days are named, and how."""

from datetime import date

from handlers.answers.parts import Chart


def peak_of(chart: Chart) -> int:
    return max((max(counts, default=0) for _, counts in chart.series), default=0)


def label_days(days: int) -> frozenset[int]:
    """Which days are named under the axis: all of a fortnight, else about six of them and always the last."""
    if days <= 10:
        return frozenset(range(days))
    step = -(-days // 6)
    return frozenset(range(days - 1, -1, -step))


def short_day(day: date, days: int) -> str:
    return f"{day:%a}" if days <= 7 else f"{day.day} {day:%b}"
