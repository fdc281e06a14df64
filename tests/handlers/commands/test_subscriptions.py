"""/subscriptions: what a channel gets, at what pace, and how much to expect."""

from datetime import timedelta

import pytest

from handlers.answers.answer import Listing
from storage.store import Store
from tests.support.newsroom import Newsroom

HOUR = timedelta(hours=1)


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    return await Newsroom(sqlite_store).open()


async def test_the_list_shows_paces_forecasts_and_the_digest(newsroom: Newsroom) -> None:
    await newsroom.add_article("Huawei opens a plant in Hungary", ago=HOUR)
    await newsroom.ask("/subscribe huawei")
    await newsroom.ask("/subscribe zte weekly")

    answer = await newsroom.ask("/subscriptions")

    assert isinstance(answer, Listing)
    assert answer.summary == "2 subscriptions · digest every day at 08:30, next tomorrow 08:30."
    assert [(row.title, row.detail) for row in answer.rows] == [
        ("Huawei", "instant · about 1 story a week"),
        ("ZTE", "weekly · no stories in 30 days"),
    ]
    assert all(len(row.buttons) <= 5 for row in answer.rows)
    changed = await newsroom.click(answer.rows[0].buttons[0])
    assert (
        isinstance(changed.answer, Listing) and changed.replaces and changed.answer.rows[0].detail.startswith("daily")
    )


async def test_an_empty_channel_gets_the_first_command_to_type(newsroom: Newsroom) -> None:
    answer = await newsroom.ask("/subscriptions")

    assert isinstance(answer, Listing) and "/subscribe huawei" in answer.summary
