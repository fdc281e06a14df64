"""/trend: mentions per day of one topic or two, and the topics offered for comparison."""

from datetime import timedelta

import pytest

from handlers.answers.answer import Notice, Trend
from storage.store import Store
from tests.support.newsroom import Newsroom, button

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PLANT = "Huawei opens a plant in Hungary"


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    return await Newsroom(sqlite_store).open()


async def test_one_topic_or_two_are_charted(newsroom: Newsroom) -> None:
    await newsroom.add_article(PLANT, ago=HOUR)
    await newsroom.add_article("ZTE hires a new chief", ago=2 * DAY)

    single = await newsroom.ask("/trend huawei")
    two = await newsroom.ask("/trend huawei vs zte 7d")

    assert isinstance(single, Trend) and isinstance(two, Trend)
    assert single.text == "Last 30 days. Huawei: 1 mention." and len(single.chart.days) == 30
    assert [(name, counts) for name, counts in two.chart.series] == [
        ("Huawei", (0, 0, 0, 0, 0, 0, 1)),
        ("ZTE", (0, 0, 0, 0, 1, 0, 0)),
    ]
    assert (await newsroom.click(button(two, "Share"))).public


async def test_without_other_topics_there_is_nothing_to_compare_with(newsroom: Newsroom) -> None:
    await newsroom.add_article(PLANT, ago=HOUR)
    trend = await newsroom.ask("/trend huawei 7d")

    reply = await newsroom.click(button(trend, "Compare…"))

    assert isinstance(reply.answer, Notice)
    assert reply.answer.text == (
        "No other topic has articles in the last 7 days. To compare anyway: /trend Huawei vs TOPIC"
    )
