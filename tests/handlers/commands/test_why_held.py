"""/why of an article that was held: the reason, and where the article is shown instead."""

import pytest

from handlers.answers.answer import Explanation
from storage.records import Article
from storage.store import Store
from tests.support.newsroom import Newsroom

PLANT = "Huawei opens a plant in Hungary"
PLACES = tuple(
    "Rotterdam Leipzig Tromso Nairobi Lisbon Vienna Catania Oslo Medellin Osaka Heraklion Ushuaia Carrara".split()
)
"""One more than the alerts that a burst lets through."""


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    return await Newsroom(sqlite_store).open()


async def verdict_on(newsroom: Newsroom, article: Article) -> str:
    answer = await newsroom.ask(f"/why {article.id}")
    assert isinstance(answer, Explanation), answer
    return answer.verdict


@pytest.mark.parametrize(
    ("commands", "verdict"),
    [
        (["/subscribe huawei daily"], "its subscription is daily or weekly, so it comes in the digest"),
        (
            ["/subscribe huawei daily", "/digest off"],
            "its subscription is daily or weekly, and the channel has no digest. /digest at 08:30 sets one",
        ),
        (
            ["/subscribe huawei", "/news quiet 00:00-23:59", "/digest at 08:30"],
            "it arrived in quiet hours, so it comes in the digest",
        ),
        (
            ["/subscribe huawei", "/news quiet 00:00-23:59"],
            "it arrived in quiet hours, so one message lists it after they end",
        ),
    ],
)
async def test_a_held_article_is_shown_with_the_reason_and_what_shows_it_later(
    newsroom: Newsroom, commands: list[str], verdict: str
) -> None:
    for command in commands:
        await newsroom.ask(command)
    arrived = await newsroom.add_article(PLANT)
    assert arrived.article is not None

    assert await verdict_on(newsroom, arrived.article) == f"Not posted: {verdict}."


@pytest.mark.parametrize("digest", [[], ["/digest at 08:30"]])
async def test_an_article_held_in_a_burst_is_in_the_next_roll_up(newsroom: Newsroom, digest: list[str]) -> None:
    for command in ["/subscribe huawei", *digest]:
        await newsroom.ask(command)
    for place in PLACES:
        arrived = await newsroom.add_article(f"{place} {place}an {place}ia Huawei", f"{place} {place}os {place}ium.")
    assert arrived.article is not None

    assert (
        await verdict_on(newsroom, arrived.article)
        == "Not posted: too many alerts came within minutes, so one message lists it afterwards."
    )
