"""After the clock was set back or forward, or the machine slept, everything goes on at once and nothing is doubled."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from handlers.alerts.rollup import enqueue_rollups
from handlers.answers.answer import Digest
from handlers.reports.digest import enqueue_digests
from handlers.rules.refusals import RefusalKind
from storage.records import DeliveryState, Platform, Source, SourceKind
from storage.store import Store
from tests.support.fakes import NOON, Failure
from tests.support.machine import DAY, HOUR, hour_ahead, set_back
from tests.support.world import World, huawei

FEED = "https://wire.example/feed.xml"


async def feed(world: World, **fields: Any) -> Source:
    return await world.source(FEED, kind=SourceKind.FEED, **fields)


async def is_due(world: World, at: datetime) -> bool:
    async with world.store.read() as tx:
        found = await tx.sources.find(0, FEED)
    assert found is not None and found.next_poll_at is not None
    return found.next_poll_at <= at and (found.leased_until is None or found.leased_until <= at)


async def test_what_waits_to_be_posted_is_posted_at_once_after_the_clock_was_set_back(store: Store) -> None:
    machine, world, channel = await hour_ahead(store)
    world.messenger.post_failures.append(Failure(kind=RefusalKind.UNTIL_TIME, retry_after=timedelta(minutes=2)))
    await world.notice(channel, "refused once")
    await world.post()
    await world.notice(channel, "new")

    await set_back(machine)
    await world.post()

    assert world.notices(channel) == ["refused once", "new"]


async def test_the_pace_of_slack_does_not_wait_for_the_old_time(store: Store) -> None:
    machine, world, channel = await hour_ahead(store, Platform.SLACK)
    await world.notice(channel, "first")
    await world.post()
    await world.notice(channel, "second")

    await set_back(machine)
    await world.post()

    assert world.notices(channel) == ["first", "second"]


async def test_an_edit_is_made_at_once(store: Store) -> None:
    machine, world, channel = await hour_ahead(store)
    (arrived,) = await world.take(huawei())
    await world.post()
    async with store.begin() as tx:
        await tx.deliveries.request_edit(channel.id, arrived.story_id or 0, due_at=world.now + timedelta(seconds=20))

    await set_back(machine)

    assert await world.post() == 1
    (delivery,) = await world.deliveries(arrived.story_id)
    assert delivery.posted_version == delivery.wanted_version == 2


@pytest.mark.parametrize("is_right", [False, True], ids=["put right", "put wrong"])
async def test_a_message_that_may_be_posted_is_found_and_not_posted_again(store: Store, is_right: bool) -> None:
    machine, world, channel = await hour_ahead(store, is_right=is_right)
    world.messenger.post_failures.append(Failure(stored=True))
    notice = await world.notice(channel, "once")
    await world.post()
    assert (await world.delivery(notice.id)).state is DeliveryState.UNKNOWN

    await set_back(machine)
    await world.post()

    assert (await world.delivery(notice.id)).state is DeliveryState.SENT
    assert world.notices(channel) == ["once"]


async def test_leases_of_a_process_that_ended_are_over_within_a_minute(store: Store) -> None:
    machine, world, channel = await hour_ahead(store)
    await world.notice(channel, "left behind")
    async with store.begin() as tx:
        await tx.channels.lease(channel.id, owner="gone", now=world.now, until=world.now + timedelta(minutes=1))

    await set_back(machine)
    await world.post(after=timedelta(minutes=1))

    assert world.notices(channel) == ["left behind"]


async def test_a_feed_is_polled_when_it_would_have_been(store: Store) -> None:
    machine, world, _ = await hour_ahead(store)
    await feed(world, last_polled_at=world.now, next_poll_at=world.now + timedelta(minutes=15))

    await set_back(machine)

    assert not await is_due(world, world.now + timedelta(minutes=14))
    assert await is_due(world, world.now + timedelta(minutes=15))


async def test_a_feed_that_was_just_added_is_polled_at_once(store: Store) -> None:
    machine, world, _ = await hour_ahead(store)
    await feed(world)

    await set_back(machine)

    assert await is_due(world, world.now)


async def test_a_wait_that_was_stored_before_the_clock_went_wrong_is_kept(store: Store) -> None:
    machine, world, _ = await hour_ahead(store)
    polled = world.now - 2 * HOUR
    await feed(world, last_polled_at=polled, next_poll_at=polled + timedelta(hours=6))

    await set_back(machine)

    assert not await is_due(world, polled + timedelta(hours=5))


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_step_is_also_found_at_the_next_start(store: Store, restarted: bool) -> None:
    machine, world, channel = await hour_ahead(store)
    await world.notice(channel, "waits")
    if restarted:
        machine.start(store)

    machine.wall.advance(-HOUR)
    step = await machine.watch.look()
    await world.post()

    assert timedelta(minutes=59) < step <= HOUR
    assert world.notices(channel) == ["waits"]


@pytest.mark.parametrize(
    ("wall", "seconds"),
    [
        (timedelta(seconds=10), 10.0),
        (-timedelta(seconds=30), 10.0),
        (DAY, 10.0),
        (timedelta(hours=8), 1.0),
    ],
    ids=["time goes on", "a small step back", "forward a day", "a suspend of eight hours"],
)
async def test_only_a_step_back_is_corrected(sqlite_store: Store, wall: timedelta, seconds: float) -> None:
    machine, world, _ = await hour_ahead(sqlite_store)
    at = world.now + 2 * DAY
    await feed(world, last_polled_at=world.now, next_poll_at=at)

    machine.wall.advance(wall)
    machine.seconds += seconds

    assert await machine.watch.look() == timedelta(0)
    assert not await is_due(world, at - timedelta(seconds=1))


@pytest.mark.parametrize("steps", [(DAY,), (timedelta(hours=8),), (-HOUR,), (DAY, -DAY), (-HOUR, HOUR)], ids=str)
async def test_nothing_is_posted_twice(store: Store, steps: tuple[timedelta, ...]) -> None:
    machine, world, channel = await hour_ahead(store, is_right=True)
    async with store.begin() as tx:
        await tx.channels.update(
            channel.id, digest_time=time(13, 0), digest_zone="UTC", next_digest_at=NOON + HOUR, last_digest_at=NOON
        )
    world.messenger.post_failures.append(Failure(stored=True))
    await world.take(huawei())
    await world.post()

    for step in (timedelta(0), *steps):
        machine.wall.advance(step)
        for number in range(3):
            machine.run_for(timedelta(seconds=20))
            await machine.watch.look()
            await enqueue_digests(store, world.now)
            await enqueue_rollups(store, world.now)
            await world.notice(channel, f"{steps} {step} {number}")
            await world.post()

    keys = [message.key for message in world.messages(channel)]
    assert len(keys) == len(set(keys))
    assert len(world.alerts(channel)) == 1
    assert len(world.notices(channel)) == 3 * (len(steps) + 1)
    days = [message.post.day for message in world.messages(channel) if isinstance(message.post, Digest)]
    assert len(days) == len(set(days))
