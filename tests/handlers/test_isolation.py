"""Nothing crosses from one workspace to another: articles, stories, counts, sources, topics, alerts, names, mutes."""

from datetime import timedelta

import pytest

from handlers.answers.answer import Alert
from handlers.delivery.compose import NothingToShow, compose_alert
from storage.records import Channel, DeliveryState, OutcomeState, Source, SourceKind, Topic, Workspace
from storage.store import Store
from tests.support.world import World, copied, huawei, huawei_elsewhere

LATER = timedelta(minutes=5)


class Tenants:
    """Two workspaces, each with a channel, a topic and a source of its own; and what they share."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.workspaces: dict[str, Workspace] = {}
        self.channels: dict[str, Channel] = {}
        self.sources: dict[str, Source] = {}
        self.topics: dict[str, Topic] = {}

    @classmethod
    async def settle(cls, store: Store) -> "Tenants":
        self = cls(World(store))
        shared = await self.world.topic("huawei")
        for name in ("A", "B"):
            home = self.workspaces[name] = await self.world.workspace(name)
            self.channels[name] = await self.world.channel(f"intel-{name}", workspace=name)
            self.topics[name] = await self.world.topic(f"moscow {name}", "moscow", workspace_id=home.id)
            url = f"https://{name}.example/feed"
            self.sources[name] = await self.world.source(url, kind=SourceKind.FEED, workspace_id=home.id)
            await self.world.subscribe(self.channels[name], shared)
            await self.world.subscribe(self.channels[name], self.topics[name])
        return self

    async def alert(self, name: str, story_id: int | None) -> Alert:
        async with self.world.store.read() as tx:
            return await compose_alert(tx, self.channels[name], story_id or 0)


async def test_a_private_article_reaches_its_own_workspace_alone(store: Store) -> None:
    tenants = await Tenants.settle(store)
    world = tenants.world

    (arrived,) = await world.take(huawei(), source=tenants.sources["A"])
    await world.post()

    assert [one.name for one in arrived.topics] == ["huawei", "moscow A"]
    (alert,) = world.alerts(tenants.channels["A"])
    assert [mark.title for mark in alert.topics] == ["Huawei", "Moscow A"]
    assert world.messages(tenants.channels["B"]) == []
    assert await world.outcomes(tenants.channels["B"]) == ()
    with pytest.raises(NothingToShow):
        await tenants.alert("B", arrived.story_id)


async def test_a_shared_article_reaches_both_each_with_its_own_topics(store: Store) -> None:
    tenants = await Tenants.settle(store)
    world = tenants.world

    await world.take(huawei())
    await world.post()

    for name in ("A", "B"):
        (alert,) = world.alerts(tenants.channels[name])
        assert [mark.title for mark in alert.topics] == ["Huawei", f"Moscow {name}"]


async def test_the_same_event_told_privately_by_both_is_two_stories(store: Store) -> None:
    tenants = await Tenants.settle(store)
    world = tenants.world

    (one,) = await world.take(huawei(), source=tenants.sources["A"])
    (other,) = await world.take(huawei_elsewhere(), source=tenants.sources["B"])
    (same,) = await world.take(huawei(), source=tenants.sources["B"])

    assert same.state == "new"
    assert other.story_id == same.story_id != one.story_id
    assert (one.story_articles, same.story_articles) == (1, 2)
    assert [outcome.state for outcome in await world.outcomes(tenants.channels["A"])] == [OutcomeState.ALERT]


async def test_private_reports_of_a_public_story_are_counted_for_their_own_workspace_only(store: Store) -> None:
    tenants = await Tenants.settle(store)
    world = tenants.world
    (public,) = await world.take(huawei(publisher="Example Wire"))
    await world.post()

    (private,) = await world.take(huawei_elsewhere(publisher="Secret A"), source=tenants.sources["A"])
    await world.post(after=LATER)

    assert private.story_id == public.story_id
    (seen_by_a,), (seen_by_b,) = world.alerts(tenants.channels["A"]), world.alerts(tenants.channels["B"])
    assert [one.publisher for one in seen_by_a.more] == ["Secret A"]
    assert (seen_by_a.independent, seen_by_b.independent) == (2, 1)
    assert seen_by_b.more == ()
    assert world.messenger.calls.count("edit") == 1
    assert [len(world.notes(tenants.channels[name])) for name in ("A", "B")] == [1, 0]


async def test_a_public_report_draws_private_stories_in_without_a_second_alert_or_a_leak(store: Store) -> None:
    tenants = await Tenants.settle(store)
    world = tenants.world
    await world.take(huawei(publisher="Secret A"), source=tenants.sources["A"])
    await world.take(copied(publisher="Secret B"), source=tenants.sources["B"])
    await world.post()

    (public,) = await world.take(huawei_elsewhere(publisher="Daily Sample"))
    await world.post(after=LATER)

    for name, other in (("A", "B"), ("B", "A")):
        (alert,) = world.alerts(tenants.channels[name])
        shown = [report.publisher for report in (alert.lead, *alert.more)]
        assert sorted(shown) == ["Daily Sample", f"Secret {name}"]
        assert f"Secret {other}" not in str(alert)
        states = [outcome.state for outcome in await world.outcomes(tenants.channels[name])]
        assert states == [OutcomeState.ALERT, OutcomeState.MERGED]
    assert public.story_articles == 1
    ledger = await world.ledger()
    assert (ledger.agrees, ledger.deliveries_by_state[DeliveryState.SENT] > 1) == (True, True)


async def test_a_private_source_names_nothing_that_others_share(store: Store) -> None:
    """Or one workspace could make the public articles of others count as known."""
    tenants = await Tenants.settle(store)
    world = tenants.world
    await world.take(huawei(url="https://example.org/a"))
    planted = huawei(url="https://example.org/a", guid="https://example.org/next")
    (known,) = await world.take(planted, source=tenants.sources["A"])

    (next_one,) = await world.take(huawei_elsewhere(url=None, guid="https://example.org/next"))

    assert known.state == "known"
    assert next_one.state == "new"


async def test_a_known_public_article_shows_a_workspace_its_own_topics_only(store: Store) -> None:
    tenants = await Tenants.settle(store)
    world = tenants.world
    await world.take(huawei(url="https://example.org/a"))

    (known,) = await world.take(huawei(url="https://example.org/a"), source=tenants.sources["A"])

    assert known.state == "known"
    assert [one.name for one in known.topics] == ["huawei", "moscow A"]
    assert {match.topic_id for match in known.matches} == {topic.id for topic in known.topics}


async def test_another_workspaces_subscription_to_a_private_topic_gives_nothing(store: Store) -> None:
    """It cannot be made by any command; if it stood in the database all the same, nothing would cross."""
    tenants = await Tenants.settle(store)
    world = tenants.world
    thief = await world.channel("thief", workspace="B")
    await world.subscribe(thief, tenants.topics["A"])

    await world.take(huawei())
    await world.take(copied(), source=tenants.sources["A"])
    await world.post()

    assert world.messages(thief) == []
    assert await world.outcomes(thief) == ()


async def test_a_mute_and_a_follower_stay_in_their_channel(store: Store) -> None:
    tenants = await Tenants.settle(store)
    world = tenants.world
    (first,) = await world.take(huawei())
    await world.post()
    async with store.begin() as tx:
        await tx.mutes.add(tenants.channels["A"].id, f"story:{first.story_id}", "U1", world.now)
        await tx.follows.set(tenants.channels["A"].id, first.story_id or 0, "U1", world.now)

    await world.take(huawei_elsewhere())
    await world.post(after=LATER)

    (seen_by_a,), (seen_by_b,) = world.alerts(tenants.channels["A"]), world.alerts(tenants.channels["B"])
    assert (len(seen_by_a.more), len(seen_by_b.more)) == (0, 1)
    (note,) = world.notes(tenants.channels["B"])
    assert note.mentions == ()
    assert world.notes(tenants.channels["A"]) == []
