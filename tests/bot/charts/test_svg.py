"""SVG charts and text charts: the counts that a reader sees, and text from outside stays text."""

from xml.etree import ElementTree

import pytest

from bot.charts.svg import chart_svg, chart_text, spark_svg
from handlers.answers.parts import Chart
from tests.bot.charts.sample_charts import HOSTILE, long_chart
from tests.support.posts import chart


def bars(svg: str) -> list[ElementTree.Element]:
    return [element for element in ElementTree.fromstring(svg).iter("rect")]


def test_a_text_chart_names_the_total_and_the_highest_day() -> None:
    assert chart_text(chart()) == "▃▅▂▁▄█▇ Huawei: 23 in 7 days, most 7 on Sat 21 November"


def test_a_text_chart_without_mentions_is_flat() -> None:
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


def test_an_svg_chart_has_a_bar_per_day_in_proportion_to_its_count() -> None:
    heights = [int(bar.attrib["height"]) for bar in bars(chart_svg(chart((0, 1, 2, 4))))]

    assert heights[0] == 0
    assert heights[3] == 2 * heights[2] == 4 * heights[1]


def test_an_svg_chart_marks_today_and_has_a_text_alternative() -> None:
    svg = ElementTree.fromstring(chart_svg(chart()))

    assert svg.attrib["aria-label"] == "Huawei: 23 mentions"
    assert [bar.attrib["class"] for bar in svg.iter("rect")][-1].endswith("chart-today")
    assert [text.text for text in svg.iter("text") if "chart-day" in text.attrib["class"]][-1] == "today"


@pytest.mark.parametrize("days", [1, 7, 14, 30, 366])
@pytest.mark.parametrize("series", [1, 2])
def test_an_svg_chart_stays_inside_its_width_and_labels_at_most_ten_days(days: int, series: int) -> None:
    svg = chart_svg(long_chart(days, series))

    edges = [float(bar.attrib["x"][:-1]) + float(bar.attrib["width"][:-1]) for bar in bars(svg)]
    assert len(edges) == days * series
    assert max(edges) <= 100
    assert svg.count('class="chart-day') <= 10


def test_an_svg_chart_has_no_inline_style_which_the_content_security_policy_would_block() -> None:
    assert "style=" not in chart_svg(chart())
    assert "style=" not in spark_svg((1, 2), alt="x")


def test_text_from_outside_cannot_add_elements_to_the_svg() -> None:
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


def test_a_sparkline_shows_only_days_with_articles() -> None:
    assert len(bars(spark_svg((0, 1, 0, 5), alt="x"))) == 2
