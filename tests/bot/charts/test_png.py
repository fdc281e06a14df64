"""PNG charts: a valid image for any chart, and equal bytes for equal charts."""

import struct

import pytest

from bot.charts.png import chart_png
from handlers.answers.parts import Chart
from tests.bot.charts.sample_charts import HOSTILE, long_chart
from tests.support.posts import chart


@pytest.mark.parametrize(
    "shown",
    [
        chart(),
        long_chart(30, 2),
        chart((0, 0, 0)),
        chart(name="华为 هواوي"),
        chart(name=HOSTILE),
    ],
    ids=["a week", "two series of a month", "no mentions", "letters the font lacks", "text that looks like formulas"],
)
def test_the_png_is_a_valid_image_and_equal_charts_give_equal_bytes(shown: Chart) -> None:
    image = chart_png(shown)

    assert image.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", image[16:24]) == (1152, 400)
    assert chart_png(shown) == image
