"""Charts: what a reader sees of the counts, in each of the three forms."""

import struct
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest

from bot.charts.png import chart_png
from bot.charts.svg import chart_svg, chart_text, spark_svg
from handlers.answers.parts import Chart
from tests.support.posts import chart

HOSTILE = "<script>alert(1)</script> $x_{2$ \" ' &"


def long_chart(days: int, series: int = 1) -> Chart:
    every = tuple(date(2026, 1, 1) + timedelta(days=day) for day in range(days))
    counts = tuple(day % 5 for day in range(days))
    return Chart(title="t", days=every, series=(("a", counts), ("b", counts))[:series], today=every[-1], alt="in words")


def bars(svg: str) -> list[ElementTree.Element]:
    return [element for element in ElementTree.fromstring(svg).iter("rect")]


def test_a_line_of_bars_names_the_total_and_the_highest_day() -> None:
    assert chart_text(chart()) == "▃▅▂▁▄█▇ Huawei: 23 in 7 days, most 7 on Sat 21 November"


def test_a_line_without_mentions_is_flat() -> None:
    assert chart_text(chart((0, 0, 0))) == "▁▁▁ Huawei: 0 in 3 days"


def test_two_series_share_one_scale() -> None:
    both = Chart(
        title="t",
        days=chart().days[:2],
        series=(("Huawei", (8, 8)), ("5G", (4, 0))),
        today=chart().days[1],
        alt="",
    )

    lines = chart_text(both).split("\n")

    assert [line.split(" ")[0] for line in lines] == ["██", "▅▁"]


def test_svg_has_a_bar_a_day_as_high_as_its_count() -> None:
    heights = [int(bar.attrib["height"]) for bar in bars(chart_svg(chart((0, 1, 2, 4))))]

    assert heights[0] == 0
    assert heights[3] == 2 * heights[2] == 4 * heights[1]


def test_svg_marks_today_and_is_described_in_words() -> None:
    svg = ElementTree.fromstring(chart_svg(chart()))

    assert svg.attrib["aria-label"] == "Huawei: 23 mentions"
    assert [bar.attrib["class"] for bar in svg.iter("rect")][-1].endswith("chart-today")
    assert [text.text for text in svg.iter("text") if "chart-day" in text.attrib["class"]][-1] == "today"


@pytest.mark.parametrize("days", [1, 7, 14, 30, 366])
@pytest.mark.parametrize("series", [1, 2])
def test_svg_stays_inside_its_width_and_names_few_days(days: int, series: int) -> None:
    svg = chart_svg(long_chart(days, series))

    edges = [float(bar.attrib["x"][:-1]) + float(bar.attrib["width"][:-1]) for bar in bars(svg)]
    assert len(edges) == days * series
    assert max(edges) <= 100
    assert svg.count('class="chart-day') <= 10


def test_svg_carries_no_style_of_its_own_that_a_strict_page_would_forbid() -> None:
    assert "style=" not in chart_svg(chart())
    assert "style=" not in spark_svg((1, 2), alt="x")


def test_words_from_outside_cannot_leave_the_svg() -> None:
    hostile = Chart(
        title=HOSTILE,
        days=chart().days[:1],
        series=((HOSTILE, (1,)), (HOSTILE, (2,))),
        today=chart().days[0],
        alt=HOSTILE,
    )

    tree = ElementTree.fromstring(chart_svg(hostile))

    assert not list(tree.iter("script"))
    assert tree.attrib["aria-label"] == HOSTILE


def test_a_spark_shows_only_days_with_articles() -> None:
    assert len(bars(spark_svg((0, 1, 0, 5), alt="x"))) == 2


@pytest.mark.parametrize(
    "shown",
    [
        chart(),
        long_chart(30, 2),
        chart((0, 0, 0)),
        chart(name="华为 هواوي"),
        chart(name=HOSTILE),
    ],
    ids=["a week", "two series of a month", "no mentions", "letters the font lacks", "words that look like formulas"],
)
def test_png_is_a_picture_and_always_the_same_bytes(shown: Chart) -> None:
    picture = chart_png(shown)

    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", picture[16:24]) == (1152, 400)
    assert chart_png(shown) == picture
