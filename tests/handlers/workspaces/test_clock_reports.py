"""After the clock was set back, digests keep their hour, and nothing is reported twice or never."""

from datetime import datetime, time, timedelta

from handlers.alerts.rollup import enqueue_rollups
from handlers.answers.answer import Notice
from handlers.reports.digest import enqueue_digests
from storage.store import Store
from tests.support.fakes import NOON
from tests.support.machine import DAY, HOUR, hour_ahead, set_back
from tests.support.world import draft


async def test_a_digest_keeps_its_hour(store: Store) -> None:
    machine, _, channel = await hour_ahead(store)
    due = NOON + timedelta(minutes=30)
    async with store.begin() as tx:
        await tx.channels.update(channel.id, digest_time=time(12, 30), digest_zone="UTC", next_digest_at=due)

    await set_back(machine)

    assert await enqueue_digests(store, due - timedelta(seconds=1)) == 0
    assert await enqueue_digests(store, due) == 1


async def test_a_digest_that_was_set_by_a_clock_years_ahead_comes_on_the_next_day(store: Store) -> None:
    machine, world, channel = await hour_ahead(store)
    machine.wall.advance(400 * DAY)
    await machine.watch.look()
    async with store.begin() as tx:
        await tx.channels.update(
            channel.id, digest_time=time(8, 0), digest_zone="UTC", next_digest_at=world.now, last_digest_at=world.now
        )
    await enqueue_digests(store, world.now)

    await set_back(machine, 400 * DAY)

    async with store.read() as tx:
        found = await tx.channels.get(channel.id)
    assert found is not None and found.next_digest_at is not None and found.last_digest_at is not None
    assert found.next_digest_at == datetime(2026, 11, 24, 8, 0, tzinfo=NOON.tzinfo)
    assert found.last_digest_at <= world.now


async def test_what_a_burst_held_is_rolled_up_once_and_in_time(store: Store) -> None:
    machine, world, channel = await hour_ahead(store)
    names = ("Rotterdam", "Leipzig", "Tromso", "Nairobi", "Lisbon", "Vienna", "Catania", "Oslo", "Medellin", "Osaka")
    places = [*names, "Heraklion", "Ushuaia", "Carrara", "Cremona"]
    await world.take(*(draft(f"{place} {place}an{n} {place}ia{n} Huawei") for n, place in enumerate(places)))
    await world.post()

    await set_back(machine)
    machine.run_for(timedelta(minutes=11))
    first = await enqueue_rollups(store, world.now)
    machine.run_for(HOUR)
    again = await enqueue_rollups(store, world.now)
    await world.post()

    rollups = [message.post for message in world.messages(channel) if isinstance(message.post, Notice)]
    assert (first, again, len(rollups)) == (1, 0, 1)
