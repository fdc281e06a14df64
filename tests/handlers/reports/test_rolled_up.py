"""A digest marks the stories that a roll-up in the channel has named, unless they have grown since."""

from datetime import time, timedelta

from handlers.alerts.rollup import enqueue_rollups
from handlers.answers.answer import Digest, Notice
from handlers.reports.digest import Edition, compose_digest
from storage.records import Channel, OutcomeState
from storage.store import Store
from tests.support.world import World, draft, watching

DAY = timedelta(days=1)
PLACES = "Rotterdam,Leipzig,Tromso,Nairobi,Lisbon,Vienna,Catania,Oslo,Medellin,Osaka,Heraklion,Ushuaia,Carrara".split(
    ","
)


async def burst(world: World, channel: Channel) -> frozenset[int]:
    """Take so many articles that the last one is held back. Return those that became alerts."""
    async with world.store.begin() as tx:
        await tx.channels.update(channel.id, digest_time=time(8, 30))
    await world.take(*(draft(f"{place} {place}an {place}ia Huawei") for place in PLACES))
    await world.post()
    async with world.store.read() as tx:
        outcomes = await tx.outcomes.of_channel(channel.id, since=world.now - DAY, until=world.now + DAY)
    return frozenset(outcome.article_id for outcome in outcomes if outcome.state is OutcomeState.ALERT)


async def roll_up(world: World) -> None:
    world.clock.advance(timedelta(minutes=11))
    assert await enqueue_rollups(world.store, world.now) == 1


async def digest_of(world: World, channel: Channel, *, excluded: frozenset[int]) -> Digest:
    since, until = world.now - DAY, world.now + timedelta(seconds=1)
    edition = Edition(since=since, until=until, now=world.now, weekly=False, excluded=excluded)
    async with world.store.read() as tx:
        return await compose_digest(tx, channel, edition)


def listed(digest: Digest) -> list[str]:
    stories = [story for group in digest.groups for story in group.stories]
    return [story.headline.text.split()[0] for story in stories if story.listed_at is not None]


async def test_a_story_of_a_posted_roll_up_is_marked(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    alerted = await burst(world, channel)
    await roll_up(world)

    assert listed(await digest_of(world, channel, excluded=alerted)) == [], "it is not posted yet"

    await world.post()
    world.clock.advance(timedelta(hours=3))
    assert listed(await digest_of(world, channel, excluded=alerted)) == ["Carrara"]


async def test_a_story_that_has_grown_since_is_news(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    alerted = await burst(world, channel)
    await roll_up(world)
    await world.post()

    world.clock.advance(timedelta(minutes=5))
    place = PLACES[-1]
    other = draft(f"{place} {place}an {place}ia of Huawei", url="https://other.example/1", publisher="Other Wire")
    await world.take(other)

    digest = await digest_of(world, channel, excluded=alerted)
    assert (digest.stories, listed(digest)) == (1, [])


async def test_a_roll_up_shows_different_headlines_of_a_story(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    await burst(world, channel)
    place = PLACES[-1]
    other = f"{place} {place}an {place}ia: more of Huawei"
    await world.take(draft(other, url="https://other.example/1", publisher="Other Wire"))
    await roll_up(world)
    await world.post()

    (rollup,) = [message.post for message in world.messages(channel) if isinstance(message.post, Notice)]
    assert rollup.text == "1 more story arrived within minutes:"
    assert [link.text for link in rollup.links][1:] == [f"also: {other} (Other Wire)"]
