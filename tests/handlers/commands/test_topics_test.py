"""/topics test: what a query would have matched, and better queries to choose from."""

from datetime import timedelta

import pytest

from handlers.answers.answer import Notice, TopicTest
from handlers.answers.parts import Tone
from storage.store import Store
from tests.support.newsroom import Newsroom, button, chip_news

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    return await chip_news(sqlite_store)


async def test_a_test_shows_matches_near_misses_and_words_never_seen(newsroom: Newsroom) -> None:
    answer = await newsroom.ask("/topics test (semiconductor OR chipmaker OR wafer) AND plant")

    assert isinstance(answer, TopicTest)
    assert (answer.articles, answer.days, answer.posts_a_week) == (1, 30, 1.0)
    assert [row.title for row in answer.examples] == ["TSMC opens a semiconductor plant in Dresden"]
    assert [row.title for row in answer.near_misses] == ["Chipmaker ASML raises its forecast"]
    assert answer.near_misses[0].detail.startswith("lacks plant · ")
    assert answer.never_seen == ("wafer",)
    assert answer.shares == (("semiconductor", 1.0),)
    assert sum(answer.chart.series[0][1]) == 1


async def test_a_tested_query_is_saved_once(newsroom: Newsroom) -> None:
    answer = await newsroom.ask("/topics test semiconductor AND plant")

    saved = await newsroom.click(button(answer, "Save"))
    again = await newsroom.click(button(answer, "Save"))

    assert isinstance(saved.answer, Notice) and saved.answer.code == "semiconductor AND plant"
    assert saved.answer == again.answer
    async with newsroom.store.read() as tx:
        assert len([topic for topic in await tx.topics.all() if topic.query == "semiconductor AND plant"]) == 1


@pytest.mark.parametrize(
    ("query", "narrow", "wide"),
    [
        ("plant", "title:plant", None),
        ("plant AND dresden", "plant NEAR/12 dresden", "plant"),
        ("title:plant", None, "plant"),
        ('"plant opens"', 'title:"plant opens"', "plant NEAR/4 opens"),
        ("plant NOT dresden", None, "plant"),
        ("opens ONEAR/3 dresden", None, "opens NEAR/3 dresden"),
        ("2 of (plant, dresden, porto)", "2 of (plant, porto)", "plant OR dresden OR porto"),
        ("porto OR plant", "porto", None),  # one word alone finds most of them
        ("huawei", None, None),
    ],
)
async def test_narrow_finds_fewer_articles_and_widen_finds_more(
    newsroom: Newsroom, query: str, narrow: str | None, wide: str | None
) -> None:
    far = "Dresden " + "and so on " * 10 + "the plant"
    for title, text in (
        ("A plant in Dresden", "The plant opens in Dresden."),
        ("Dresden opens a fair", "No more."),
        ("A day in Dresden", f"{far}."),
        ("Dresden sees plant opened", "It opens today."),
        ("Porto", "A plant there, for Porto."),
        ("Summer", "The plant withers."),
    ):
        await newsroom.add_article(title, text, ago=DAY)
    answer = await newsroom.ask(f"/topics test {query}")
    assert isinstance(answer, TopicTest)

    offered = {
        button.label: await newsroom.click(button) for button in answer.buttons if button.label in ("Narrow", "Widen")
    }

    got = {label: reply.answer for label, reply in offered.items()}
    assert {label: test.query for label, test in got.items() if isinstance(test, TopicTest)} == {
        label: better for label, better in (("Narrow", narrow), ("Widen", wide)) if better
    }
    for label, test in got.items():
        assert isinstance(test, TopicTest)
        assert 0 < test.articles < answer.articles if label == "Narrow" else test.articles > answer.articles


async def test_testing_needs_no_right_but_saving_does(newsroom: Newsroom) -> None:
    answer = await newsroom.ask("/topics test semiconductor", may_manage=False)

    refused = await newsroom.click(button(answer, "Save"), may_manage=False)

    assert isinstance(answer, TopicTest)
    assert isinstance(refused.answer, Notice) and refused.answer.tone is Tone.REFUSED
