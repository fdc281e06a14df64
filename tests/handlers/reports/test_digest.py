"""Digests: once, at the channel's own hour, through clock changes and downtime; and what stands in them."""

from datetime import UTC, datetime, time, timedelta

import pytest

from handlers.answers.answer import Digest, Listing, Notice
from handlers.answers.parts import Tone
from handlers.answers.serialize import deserialize
from handlers.reports.digest import enqueue_digests
from storage.records import Channel, DeliveryKind
from storage.store import Store
from tests.support.newsroom import NOW, Newsroom, button

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    return await Newsroom(sqlite_store).open()


async def due(newsroom: Newsroom, at: datetime, day: str | None = None) -> Digest | None:
    """What is owed when the tick comes at this moment, for this local date."""
    newsroom.now = at
    await enqueue_digests(newsroom.store, at)
    return await owed(newsroom, day or at.date().isoformat())


async def owed(newsroom: Newsroom, day: str) -> Digest | None:
    channel = await newsroom.channel()
    async with newsroom.store.read() as tx:
        delivery = await tx.deliveries.find(channel.id, DeliveryKind.DIGEST, day)
    if delivery is None:
        return None
    assert delivery.body is not None
    digest = deserialize(delivery.body)
    assert isinstance(digest, Digest)
    return digest


async def count(newsroom: Newsroom) -> int:
    async with newsroom.store.read() as tx:
        return sum((await tx.deliveries.counts()).values())


FRIDAY = datetime(2026, 11, 27, 8, 30, tzinfo=UTC)


async def test_a_digest_is_owed_once_when_its_hour_has_come(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30")
    await newsroom.ask("/subscribe huawei daily")
    await newsroom.add_article("Huawei opens a plant in Hungary")

    assert await due(newsroom, FRIDAY - MINUTE) is None
    first = await enqueue_digests(newsroom.store, FRIDAY)
    second = await enqueue_digests(newsroom.store, FRIDAY + MINUTE)

    digest = await owed(newsroom, "2026-11-27")
    assert (first, second) == (1, 0)
    assert digest is not None and not digest.late
    assert (digest.stories, digest.articles) == (1, 1)
    assert digest.groups[0].topic.title == "Huawei"
    assert digest.groups[0].stories[0].sentence.text == "Huawei opens a plant in Hungary."
    assert digest.next_at == FRIDAY + DAY
    assert (await newsroom.channel()).next_digest_at == FRIDAY + DAY


async def test_a_story_stands_under_its_first_topic_only(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30")
    for topic in ("huawei", "5g", "sanctions"):
        await newsroom.ask(f"/subscribe {topic} daily")
    await newsroom.add_article("Huawei wins a 5G order in Brazil")
    await newsroom.add_article("Huawei sues the regulator in Sweden")
    await newsroom.add_article("5G auction in India raises billions")

    digest = await due(newsroom, FRIDAY)

    assert digest is not None and (digest.stories, digest.articles) == (3, 3)
    groups = [(one.topic.title, len(one.stories), one.more, one.elsewhere) for one in digest.groups]
    assert groups == [("5G", 2, 0, 0), ("Huawei", 1, 0, 1)]


async def test_a_long_topic_lists_five_and_counts_the_rest(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30")
    await newsroom.ask("/subscribe huawei daily")
    for place in ("plant in Hungary", "court case Sweden", "sea cable Chile", "phone launch Dubai", "chip rumour",
                  "school fund Kenya", "solar park Spain"):  # fmt: skip
        await newsroom.add_article(f"Huawei {place}")

    digest = await due(newsroom, FRIDAY)

    assert digest is not None
    assert (digest.stories, len(digest.groups[0].stories), digest.groups[0].more) == (7, 5, 2)


async def test_what_was_held_back_is_counted_by_its_reason(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30")
    await newsroom.ask("/news quiet 22:00-07:00")
    await newsroom.ask("/subscribe huawei")
    newsroom.now = NOW + 9 * HOUR
    await newsroom.add_article("Huawei opens a plant in Hungary")
    await newsroom.add_article(
        "Huawei was founded in Shenzhen", source_url="https://young.example/feed", ago=timedelta()
    )

    digest = await due(newsroom, FRIDAY)

    assert digest is not None and digest.held == (("overnight (22:00-07:00)", 2),)
    assert digest.stories == 2


async def test_nothing_new_is_one_line_or_silence(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30")
    await newsroom.ask("/subscribe huawei")

    line = await due(newsroom, FRIDAY)
    shown = await newsroom.ask("/digest")
    await newsroom.click(button(shown, "Silent when empty"))
    silence = await due(newsroom, FRIDAY + DAY)

    assert line is not None and line.stories == 0 and line.groups == () and line.chart is None
    assert silence is None
    assert (await newsroom.channel()).next_digest_at == FRIDAY + 2 * DAY


async def test_a_channel_without_subscriptions_is_left_alone(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30")

    assert await due(newsroom, FRIDAY) is None


async def test_several_missed_ones_are_sent_as_one_marked_late(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30")
    await newsroom.ask("/subscribe huawei daily")
    await newsroom.add_article("Huawei opens a plant in Hungary")
    newsroom.now = FRIDAY + DAY
    await newsroom.add_article("Huawei sues the regulator in Sweden")

    back = FRIDAY + 3 * DAY - HOUR
    digest = await due(newsroom, back, "2026-11-29")

    assert digest is not None and digest.late and digest.day.isoformat() == "2026-11-29"
    assert digest.stories == 2 and digest.next_at == FRIDAY + 3 * DAY
    assert await count(newsroom) == 1
    regular = await due(newsroom, FRIDAY + 3 * DAY)
    assert regular is not None and not regular.late and regular.stories == 0


async def test_after_a_year_away_it_is_still_one(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30")
    await newsroom.ask("/subscribe huawei daily")

    assert await enqueue_digests(newsroom.store, FRIDAY + 1_200 * DAY) == 1
    assert await enqueue_digests(newsroom.store, FRIDAY + 1_200 * DAY) == 0


async def test_what_is_committed_late_is_in_the_next_digest_and_nothing_is_in_two(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30")
    await newsroom.ask("/subscribe huawei daily")
    newsroom.now = FRIDAY - MINUTE
    await newsroom.add_article("Huawei opens a plant in Hungary")

    first = await due(newsroom, FRIDAY)
    await newsroom.add_article("Huawei sues the regulator in Sweden", ago=2 * MINUTE)  # decided before, committed after
    second = await due(newsroom, FRIDAY + DAY)

    assert first is not None and [one.headline.text for one in first.groups[0].stories] == [
        "Huawei opens a plant in Hungary"
    ]
    assert second is not None and [one.headline.text for one in second.groups[0].stories] == [
        "Huawei sues the regulator in Sweden"
    ]


async def test_weekly_topics_come_on_monday_with_their_seven_days(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30")
    await newsroom.ask("/subscribe huawei weekly")
    await newsroom.add_article("Huawei opens a plant in Hungary")

    friday = await due(newsroom, FRIDAY)
    for day in (1, 2):
        await due(newsroom, FRIDAY + day * DAY)
    newsroom.now = FRIDAY + 2 * DAY + HOUR
    await newsroom.add_article("Huawei sues the regulator in Sweden")
    monday = await due(newsroom, FRIDAY + 3 * DAY)
    tuesday = await due(newsroom, FRIDAY + 4 * DAY)

    assert friday is not None and friday.stories == 0
    assert monday is not None and monday.stories == 2
    assert tuesday is not None and tuesday.stories == 0


async def test_weekly_topics_come_on_the_weeks_first_digest_day(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30 UTC wed,fri")
    await newsroom.ask("/subscribe huawei weekly")
    await newsroom.add_article("Huawei opens a plant in Hungary")

    friday = await due(newsroom, FRIDAY)
    wednesday = await due(newsroom, FRIDAY + 5 * DAY)

    assert friday is not None and friday.stories == 0
    assert wednesday is not None and wednesday.stories == 1


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
async def test_the_hour_is_kept_through_clock_changes(
    newsroom: Newsroom, zone: str, at: time, start: datetime, times: list[str]
) -> None:
    newsroom.now = start
    await newsroom.ask(f"/digest at {at:%H:%M} {zone}")
    await newsroom.ask("/subscribe huawei")
    came: list[str] = []

    tick = start
    while tick < start + 3 * DAY:
        if await enqueue_digests(newsroom.store, tick):
            came.append(tick.isoformat())
        tick += 15 * MINUTE

    assert came == times[: len(came)] and len(came) == 3
    assert await count(newsroom) == 3


async def test_the_command_shows_the_next_three_times_in_both_zones(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30 Europe/Berlin mon-fri")

    answer = await newsroom.ask("/digest", zone="America/New_York")

    assert isinstance(answer, Listing)
    assert answer.summary == "Mon-Fri at 08:30 Europe/Berlin. When there is nothing new, one line says so. Next:"
    assert [(row.title, row.detail) for row in answer.rows] == [
        ("Tomorrow 08:30, 27 November", "tomorrow 02:30 your time"),
        ("Mon 08:30, 30 November", "Mon 02:30 your time"),
        ("Tue 08:30, 1 December", "Tue 02:30 your time"),
    ]


async def test_setting_an_hour_says_when_the_first_one_comes(newsroom: Newsroom) -> None:
    answer = await newsroom.ask("/digest at 18:00 Europe/Berlin", zone="Europe/London")

    assert isinstance(answer, Notice) and answer.tone is Tone.DONE
    assert answer.text == (
        "#general gets its digest every day at 18:00 Europe/Berlin. The next one comes today 18:00. "
        "That is today 17:00 your time."
    )


async def test_a_new_hour_never_makes_a_second_digest_of_a_day(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30")
    await newsroom.ask("/subscribe huawei")
    await due(newsroom, FRIDAY)
    newsroom.now = FRIDAY + HOUR

    await newsroom.ask("/digest at 12:00")

    assert (await newsroom.channel()).next_digest_at == datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


async def test_off_ends_it_and_names_who_waits_for_it(newsroom: Newsroom) -> None:
    await newsroom.ask("/subscribe huawei daily")

    answer = await newsroom.ask("/digest off")

    assert isinstance(answer, Notice) and "1 daily or weekly subscription depends on it" in answer.text
    assert await due(newsroom, FRIDAY + DAY) is None
    undone = await newsroom.click(button(answer, "Undo"))
    assert isinstance(undone.answer, Notice) and "08:30" in undone.answer.text


async def test_now_shows_it_to_the_asker_and_changes_nothing(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30")
    await newsroom.ask("/subscribe huawei daily")
    await newsroom.ask("/subscribe zte weekly")
    await newsroom.add_article("Huawei opens a plant in Hungary")
    await newsroom.add_article("ZTE hires a new chief")
    before: Channel = await newsroom.channel()

    reply = await newsroom.reply("/digest now")

    assert not reply.public and isinstance(reply.answer, Digest) and reply.answer.stories == 2
    assert await newsroom.channel() == before


async def test_a_muted_story_is_not_in_the_digest(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30")
    await newsroom.ask("/subscribe huawei")
    arrived = await newsroom.add_article("Huawei opens a plant in Hungary")
    await newsroom.click(f"mute:story:{arrived.story_id}")

    digest = await due(newsroom, FRIDAY)

    assert digest is not None and digest.stories == 0


async def test_the_zone_of_the_workspace_moves_its_digests(newsroom: Newsroom) -> None:
    await newsroom.ask("/digest at 08:30")

    answer = await newsroom.ask("/news zone Asia/Tokyo")

    assert isinstance(answer, Notice) and "1 digest moves with it." in answer.text
    assert (await newsroom.channel()).next_digest_at == datetime(2026, 11, 26, 23, 30, tzinfo=UTC)
