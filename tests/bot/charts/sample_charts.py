"""Charts for the tests of every format."""

from datetime import date, timedelta

from handlers.answers.parts import Chart

HOSTILE = "<script>alert(1)</script> $x_{2$ \" ' &"


def long_chart(days: int, series: int = 1) -> Chart:
    """Return a chart of so many days from 1 January 2026 on, with counts from 0 to 4; the last day is today."""
    dates = tuple(date(2026, 1, 1) + timedelta(days=day) for day in range(days))
    counts = tuple(day % 5 for day in range(days))
    return Chart(title="t", days=dates, series=(("a", counts), ("b", counts))[:series], today=dates[-1], alt="in words")
