"""What a burst or quiet hours held is seen in one message: once, and never what was alerted meanwhile."""

from datetime import time, timedelta

import pytest

from handlers.alerts.rollup import LISTED, enqueue_rollups
from handlers.answers.answer import Notice
from storage.records import Channel
from storage.store import Store
from tests.support.world import World, draft, watching

ALERTS = 12
"""That a burst lets through."""
PLACES = tuple(
    "Rotterdam,Leipzig,Tromso,Nairobi,Lisbon,Vienna,Catania,Oslo,Medellin,Osaka,Heraklion,Ushuaia,Carrara,Cremona,"
    "Tallinn,Porto,Dakar,Quito,Hobart,Perth,Malmo,Bergen,Zagreb,Split,Tirana,Varna,Izmir,Haifa,Muscat,Cebu".split(",")
)


async def burst(world: World, count: int) -> None:
    await world.take(*(draft(f"{place} {place}an{n} {place}ia{n} Huawei") for n, place in enumerate(PLACES[:count])))


def folds(world: World, channel: Channel) -> list[Notice]:
    return [message.post for message in world.messages(channel) if isinstance(message.post, Notice)]


async def test_a_burst_is_folded_into_one_message_that_names_every_story(store: Store) -> None:
    world, channel, _ = await watching(store)
    await burst(world, ALERTS + 3)
    await world.post()

    assert await enqueue_rollups(store, world.now) == 0, "the burst may go on"
    world.clock.advance(timedelta(minutes=11))
    assert await enqueue_rollups(store, world.now) == 1
    assert await enqueue_rollups(store, world.now) == 0
    await world.post()

    (fold,) = folds(world, channel)
    assert fold.text == "3 more stories in a burst, folded into one message."
    assert [link.text.split()[0] for link in fold.links] == list(PLACES[ALERTS : ALERTS + 3])
    assert all(link.url for link in fold.links)
    assert len(world.alerts(channel)) == ALERTS


async def test_a_long_burst_says_how_many_there_are(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    await burst(world, len(PLACES))

    world.clock.advance(timedelta(minutes=11))
    await enqueue_rollups(sqlite_store, world.now)
    await world.post()

    (fold,) = folds(world, channel)
    assert len(fold.links) == LISTED
    assert fold.text.startswith(f"{len(PLACES) - ALERTS} more stories")


@pytest.mark.parametrize("has_digest", [False, True])
async def test_quiet_hours_end_with_one_message_where_no_digest_comes(has_digest: bool, sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    async with sqlite_store.begin() as tx:
        await tx.workspaces.update(channel.workspace_id, quiet_from=time(11), quiet_until=time(14))
        if has_digest:
            await tx.channels.update(channel.id, digest_time=time(8, 30))
    await burst(world, 2)

    world.clock.advance(timedelta(hours=1))
    assert await enqueue_rollups(sqlite_store, world.now) == 0, "it is still quiet"
    world.clock.advance(timedelta(hours=2))
    owed = await enqueue_rollups(sqlite_store, world.now)
    await world.post()

    assert owed == (0 if has_digest else 1)
    assert [fold.text for fold in folds(world, channel)] == (
        [] if has_digest else ["2 more stories while it was quiet."]
    )


async def test_a_held_story_that_was_alerted_meanwhile_is_not_named(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    await burst(world, ALERTS + 1)

    world.clock.advance(timedelta(minutes=11))
    last = PLACES[ALERTS]
    await world.take(draft(f"{last} {last}an{ALERTS} {last}ia{ALERTS} Huawei", url="https://example.net/again"))
    await world.post()

    assert await enqueue_rollups(sqlite_store, world.now) == 0
    assert folds(world, channel) == []
    assert len(world.alerts(channel)) == ALERTS + 1
