"""/digest: show, set and stop the digest of a channel."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.answers.answer import Digest, Listing, Notice
from handlers.answers.parts import Tone
from storage.records import Channel
from storage.store import Store
from tests.support.digests import FRIDAY, due_digest
from tests.support.newsroom import Newsroom, button

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    return await Newsroom(sqlite_store).open()


async def test_digest_shows_the_next_three_times_in_the_zones_of_channel_and_reader(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30 Europe/Berlin mon-fri")

    answer = await newsroom.ask("/digest", zone="America/New_York")

    assert isinstance(answer, Listing)
    assert answer.summary == "Mon-Fri at 08:30 Europe/Berlin. When there is nothing new, one line says so. Next:"
    assert [(row.title, row.detail) for row in answer.rows] == [
        ("Tomorrow 08:30, 27 November", "tomorrow 02:30 your time"),
        ("Mon 08:30, 30 November", "Mon 02:30 your time"),
        ("Tue 08:30, 1 December", "Tue 02:30 your time"),
    ]


async def test_setting_a_time_says_when_the_next_digest_comes(newsroom: Newsroom) -> None:
    answer = await newsroom.ask("/digest at 18:00 Europe/Berlin", zone="Europe/London")

    assert isinstance(answer, Notice) and answer.tone is Tone.DONE
    assert answer.text == (
        "#general gets its digest every day at 18:00 Europe/Berlin. The next one comes today 18:00. "
        "That is today 17:00 your time."
    )


async def test_a_new_time_never_gives_a_second_digest_on_the_same_day(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30")
    await newsroom.ask("/subscribe huawei")
    await due_digest(newsroom, FRIDAY)
    newsroom.now = FRIDAY + HOUR

    await newsroom.ask("/digest at 12:00")

    assert (await newsroom.channel()).next_digest_at == datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


async def test_off_stops_the_digest_and_counts_the_subscriptions_that_need_it(newsroom: Newsroom) -> None:
    await newsroom.ask("/subscribe huawei daily")

    answer = await newsroom.ask("/digest off")

    assert isinstance(answer, Notice) and "1 daily or weekly subscription depends on it" in answer.text
    assert await due_digest(newsroom, FRIDAY + DAY) is None
    undone = await newsroom.click(button(answer, "Undo"))
    assert isinstance(undone.answer, Notice) and "08:30" in undone.answer.text


async def test_now_shows_the_digest_to_the_asker_and_changes_nothing(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30")
    await newsroom.ask("/subscribe huawei daily")
    await newsroom.ask("/subscribe zte weekly")
    await newsroom.add_article("Huawei opens a plant in Hungary")
    await newsroom.add_article("ZTE hires a new chief")
    before: Channel = await newsroom.channel()

    reply = await newsroom.reply("/digest now")

    assert not reply.public and isinstance(reply.answer, Digest) and reply.answer.stories == 2
    assert await newsroom.channel() == before


async def test_changing_the_zone_of_the_workspace_moves_its_digests(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30")

    answer = await newsroom.ask("/news zone Asia/Tokyo")

    assert isinstance(answer, Notice) and "1 digest moves with it." in answer.text
    assert (await newsroom.channel()).next_digest_at == datetime(2026, 11, 26, 23, 30, tzinfo=UTC)
