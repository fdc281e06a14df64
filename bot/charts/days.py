"""What the SVG and PNG charts share: the highest count, which days get a label, and how a label reads."""

from datetime import date

from handlers.answers.parts import Chart


def peak_of(chart: Chart) -> int:
    """Return the highest count of any series on any day; 0 for a chart without days."""
    return max((max(counts, default=0) for _, counts in chart.series), default=0)


def label_days(days: int) -> frozenset[int]:
    """Return the indexes of the days to label on the axis: all of up to 10, else about six including the last."""
    if days <= 10:
        return frozenset(range(days))
    step = -(-days // 6)
    return frozenset(range(days - 1, -1, -step))


def short_day(day: date, days: int) -> str:
    """Return the label of a day: "Wed" in a chart of at most 7 days, else "6 Jun"."""
    return f"{day:%a}" if days <= 7 else f"{day.day} {day:%b}"
