"""A roll-up names the stories that a burst or quiet hours held back, once, without those that have an alert by now."""

from datetime import time, timedelta

import pytest

from handlers.alerts.rollup import MAX_STORIES, enqueue_rollups
from handlers.answers.answer import Notice
from storage.records import Channel
from storage.store import Store
from tests.support.world import World, draft, watching

ALERTS = 12
"""The number of alerts that a burst lets through."""
PLACES = tuple(
    "Rotterdam,Leipzig,Tromso,Nairobi,Lisbon,Vienna,Catania,Oslo,Medellin,Osaka,Heraklion,Ushuaia,Carrara,Cremona,"
    "Tallinn,Porto,Dakar,Quito,Hobart,Perth,Malmo,Bergen,Zagreb,Split,Tirana,Varna,Izmir,Haifa,Muscat,Cebu".split(",")
)


async def burst(world: World, count: int) -> None:
    await world.take(*(draft(f"{place} {place}an{n} {place}ia{n} Huawei") for n, place in enumerate(PLACES[:count])))


def rollups(world: World, channel: Channel) -> list[Notice]:
    return [message.post for message in world.messages(channel) if isinstance(message.post, Notice)]


async def test_a_burst_gives_one_roll_up_that_names_every_held_story(store: Store) -> None:
    world, channel, _ = await watching(store)
    await burst(world, ALERTS + 3)
    await world.post()

    assert await enqueue_rollups(store, world.now) == 0, "the burst may continue"
    world.clock.advance(timedelta(minutes=11))
    assert await enqueue_rollups(store, world.now) == 1
    assert await enqueue_rollups(store, world.now) == 0
    await world.post()

    (rollup,) = rollups(world, channel)
    assert rollup.text == "3 more stories arrived within minutes:"
    assert [link.text.split()[0] for link in rollup.links] == list(PLACES[ALERTS : ALERTS + 3])
    assert all(link.url for link in rollup.links)
    assert len(world.alerts(channel)) == ALERTS


async def test_a_long_roll_up_counts_all_stories_and_names_the_first(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    await burst(world, len(PLACES))

    world.clock.advance(timedelta(minutes=11))
    await enqueue_rollups(sqlite_store, world.now)
    await world.post()

    (rollup,) = rollups(world, channel)
    assert len(rollup.links) == MAX_STORIES
    assert rollup.text.startswith(f"{len(PLACES) - ALERTS} more stories")


@pytest.mark.parametrize("has_digest", [False, True])
async def test_quiet_hours_end_with_a_roll_up_in_a_channel_without_a_digest(
    has_digest: bool, sqlite_store: Store
) -> None:
    world, channel, _ = await watching(sqlite_store)
    async with sqlite_store.begin() as tx:
        await tx.workspaces.update(channel.workspace_id, quiet_from=time(11), quiet_until=time(14))
        if has_digest:
            await tx.channels.update(channel.id, digest_time=time(8, 30))
    await burst(world, 2)

    world.clock.advance(timedelta(hours=1))
    assert await enqueue_rollups(sqlite_store, world.now) == 0, "quiet hours have not ended"
    world.clock.advance(timedelta(hours=2))
    enqueued = await enqueue_rollups(sqlite_store, world.now)
    await world.post()

    assert enqueued == (0 if has_digest else 1)
    assert [rollup.text for rollup in rollups(world, channel)] == (
        [] if has_digest else ["2 more stories arrived during quiet hours:"]
    )


async def test_a_held_story_that_has_an_alert_by_now_is_not_in_the_roll_up(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    await burst(world, ALERTS + 1)

    world.clock.advance(timedelta(minutes=11))
    last = PLACES[ALERTS]
    await world.take(draft(f"{last} {last}an{ALERTS} {last}ia{ALERTS} Huawei", url="https://example.net/again"))
    await world.post()

    assert await enqueue_rollups(sqlite_store, world.now) == 0
    assert rollups(world, channel) == []
    assert len(world.alerts(channel)) == ALERTS + 1
