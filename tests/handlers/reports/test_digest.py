"""Digests are enqueued once, at the channel's own hour, through daylight-saving changes and downtime."""

from datetime import UTC, datetime, time, timedelta

import pytest

from handlers.reports.digest import enqueue_digests
from storage.store import Store
from tests.support.digests import FRIDAY, due_digest, enqueued_digest
from tests.support.newsroom import Newsroom, button

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    return await Newsroom(sqlite_store).open()


async def count(newsroom: Newsroom) -> int:
    async with newsroom.store.read() as tx:
        return sum((await tx.deliveries.counts()).values())


async def test_a_digest_is_enqueued_once_when_its_hour_has_come(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30")
    await newsroom.ask("/subscribe huawei daily")
    await newsroom.add_article("Huawei opens a plant in Hungary")

    assert await due_digest(newsroom, FRIDAY - MINUTE) is None
    first = await enqueue_digests(newsroom.store, FRIDAY)
    second = await enqueue_digests(newsroom.store, FRIDAY + MINUTE)

    digest = await enqueued_digest(newsroom, "2026-11-27")
    assert (first, second) == (1, 0)
    assert digest is not None and not digest.late
    assert (digest.stories, digest.articles) == (1, 1)
    assert digest.groups[0].topic.title == "Huawei"
    assert digest.groups[0].stories[0].sentence.text == "Huawei opens a plant in Hungary."
    assert digest.next_at == FRIDAY + DAY
    assert (await newsroom.channel()).next_digest_at == FRIDAY + DAY


async def test_an_empty_digest_is_one_line_or_not_posted_as_the_channel_chose(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30")
    await newsroom.ask("/subscribe huawei")

    line = await due_digest(newsroom, FRIDAY)
    shown = await newsroom.ask("/digest")
    await newsroom.click(button(shown, "Silent when empty"))
    silence = await due_digest(newsroom, FRIDAY + DAY)

    assert line is not None and line.stories == 0 and line.groups == () and line.chart is None
    assert silence is None
    assert (await newsroom.channel()).next_digest_at == FRIDAY + 2 * DAY


async def test_a_channel_without_subscriptions_gets_no_empty_digest(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30")

    assert await due_digest(newsroom, FRIDAY) is None


async def test_several_missed_digests_are_enqueued_as_one_marked_late(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30")
    await newsroom.ask("/subscribe huawei daily")
    await newsroom.add_article("Huawei opens a plant in Hungary")
    newsroom.now = FRIDAY + DAY
    await newsroom.add_article("Huawei sues the regulator in Sweden")

    back = FRIDAY + 3 * DAY - HOUR
    digest = await due_digest(newsroom, back, "2026-11-29")

    assert digest is not None and digest.late and digest.day.isoformat() == "2026-11-29"
    assert digest.stories == 2 and digest.next_at == FRIDAY + 3 * DAY
    assert await count(newsroom) == 1
    regular = await due_digest(newsroom, FRIDAY + 3 * DAY)
    assert regular is not None and not regular.late and regular.stories == 0


async def test_years_of_downtime_give_one_digest(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30")
    await newsroom.ask("/subscribe huawei daily")

    assert await enqueue_digests(newsroom.store, FRIDAY + 1_200 * DAY) == 1
    assert await enqueue_digests(newsroom.store, FRIDAY + 1_200 * DAY) == 0


async def test_an_article_committed_late_is_in_the_next_digest_and_none_is_in_two(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30")
    await newsroom.ask("/subscribe huawei daily")
    newsroom.now = FRIDAY - MINUTE
    await newsroom.add_article("Huawei opens a plant in Hungary")

    first = await due_digest(newsroom, FRIDAY)
    await newsroom.add_article("Huawei sues the regulator in Sweden", ago=2 * MINUTE)  # decided before, committed after
    second = await due_digest(newsroom, FRIDAY + DAY)

    assert first is not None and [story.headline.text for story in first.groups[0].stories] == [
        "Huawei opens a plant in Hungary"
    ]
    assert second is not None and [story.headline.text for story in second.groups[0].stories] == [
        "Huawei sues the regulator in Sweden"
    ]


CLOCKS = [
    # The hour 02:30 is skipped on 28 March 2027, and comes twice on 25 October 2026.
    ("Europe/Berlin", time(2, 30), datetime(2027, 3, 27, 12, 0, tzinfo=UTC),
     ["2027-03-28T01:00:00+00:00", "2027-03-29T00:30:00+00:00", "2027-03-30T00:30:00+00:00"]),
    ("Europe/Berlin", time(2, 30), datetime(2026, 10, 24, 12, 0, tzinfo=UTC),
     ["2026-10-25T00:30:00+00:00", "2026-10-26T01:30:00+00:00", "2026-10-27T01:30:00+00:00"]),
    ("America/New_York", time(8, 30), datetime(2026, 10, 31, 14, 0, tzinfo=UTC),
     ["2026-11-01T13:30:00+00:00", "2026-11-02T13:30:00+00:00", "2026-11-03T13:30:00+00:00"]),
    ("Asia/Kathmandu", time(8, 30), datetime(2026, 11, 1, 0, 0, tzinfo=UTC),
     ["2026-11-01T02:45:00+00:00", "2026-11-02T02:45:00+00:00", "2026-11-03T02:45:00+00:00"]),
]  # fmt: skip


@pytest.mark.parametrize(("zone", "at", "start", "times"), CLOCKS)
async def test_the_local_hour_is_kept_through_daylight_saving_changes(
    newsroom: Newsroom, zone: str, at: time, start: datetime, times: list[str]
) -> None:
    newsroom.now = start
    await newsroom.ask(f"/digest at {at:%H:%M} {zone}")
    await newsroom.ask("/subscribe huawei")
    enqueued_at: list[str] = []

    tick = start
    while tick < start + 3 * DAY:
        if await enqueue_digests(newsroom.store, tick):
            enqueued_at.append(tick.isoformat())
        tick += 15 * MINUTE

    assert enqueued_at == times
    assert await count(newsroom) == 3
