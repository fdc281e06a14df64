"""Workspaces are isolated: articles, stories, counts, sources, topics, alerts, mutes and followers are never shared."""

from datetime import timedelta

import pytest

from handlers.answers.answer import Alert
from handlers.delivery.compose import NothingToShow, compose_alert
from storage.records import Channel, DeliveryState, OutcomeState, Source, SourceKind, Topic, Workspace
from storage.store import Store
from tests.support.world import World, copied, huawei, huawei_elsewhere

LATER = timedelta(minutes=5)


class Tenants:
    """Two workspaces, A and B, each with a channel, a topic and a source of its own, and a topic that both share."""

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


async def test_a_private_article_reaches_only_its_own_workspace(store: Store) -> None:
    tenants = await Tenants.settle(store)
    world = tenants.world

    (arrived,) = await world.take(huawei(), source=tenants.sources["A"])
    await world.post()

    assert [topic.name for topic in arrived.topics] == ["huawei", "moscow A"]
    (alert,) = world.alerts(tenants.channels["A"])
    assert [mark.title for mark in alert.topics] == ["Huawei", "Moscow A"]
    assert world.messages(tenants.channels["B"]) == []
    assert await world.outcomes(tenants.channels["B"]) == ()
    with pytest.raises(NothingToShow):
        await tenants.alert("B", arrived.story_id)


async def test_a_shared_article_reaches_both_workspaces_each_with_its_own_topics(store: Store) -> None:
    tenants = await Tenants.settle(store)
    world = tenants.world

    await world.take(huawei())
    await world.post()

    for name in ("A", "B"):
        (alert,) = world.alerts(tenants.channels[name])
        assert [mark.title for mark in alert.topics] == ["Huawei", f"Moscow {name}"]


async def test_private_articles_of_two_workspaces_about_one_event_are_two_stories(store: Store) -> None:
    tenants = await Tenants.settle(store)
    world = tenants.world

    (first,) = await world.take(huawei(), source=tenants.sources["A"])
    (other,) = await world.take(huawei_elsewhere(), source=tenants.sources["B"])
    (same,) = await world.take(huawei(), source=tenants.sources["B"])

    assert same.state == "new"
    assert other.story_id == same.story_id != first.story_id
    assert (first.story_articles, same.story_articles) == (1, 2)
    assert [outcome.state for outcome in await world.outcomes(tenants.channels["A"])] == [OutcomeState.ALERT]


async def test_a_private_article_of_a_shared_story_is_counted_only_in_its_own_workspace(store: Store) -> None:
    tenants = await Tenants.settle(store)
    world = tenants.world
    (public,) = await world.take(huawei(publisher="Example Wire"))
    await world.post()

    (private,) = await world.take(huawei_elsewhere(publisher="Secret A"), source=tenants.sources["A"])
    await world.post(after=LATER)

    assert private.story_id == public.story_id
    (seen_by_a,), (seen_by_b,) = world.alerts(tenants.channels["A"]), world.alerts(tenants.channels["B"])
    assert [report.publisher for report in seen_by_a.more] == ["Secret A"]
    assert (seen_by_a.independent, seen_by_b.independent) == (2, 1)
    assert seen_by_b.more == ()
    assert world.messenger.calls.count("edit") == 1
    assert [len(world.notes(tenants.channels[name])) for name in ("A", "B")] == [1, 0]


async def test_a_shared_article_merges_private_stories_without_a_second_alert_or_a_leak(store: Store) -> None:
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


async def test_a_private_source_cannot_claim_the_guid_of_a_shared_article(store: Store) -> None:
    """Otherwise a workspace could make shared articles count as duplicates for everyone."""
    tenants = await Tenants.settle(store)
    world = tenants.world
    await world.take(huawei(url="https://example.org/a"))
    planted = huawei(url="https://example.org/a", guid="https://example.org/next")
    (duplicate,) = await world.take(planted, source=tenants.sources["A"])

    (next_one,) = await world.take(huawei_elsewhere(url=None, guid="https://example.org/next"))

    assert duplicate.state == "known"
    assert next_one.state == "new"


async def test_a_duplicate_of_a_shared_article_matches_only_the_workspaces_own_topics(store: Store) -> None:
    tenants = await Tenants.settle(store)
    world = tenants.world
    await world.take(huawei(url="https://example.org/a"))

    (duplicate,) = await world.take(huawei(url="https://example.org/a"), source=tenants.sources["A"])

    assert duplicate.state == "known"
    assert [topic.name for topic in duplicate.topics] == ["huawei", "moscow A"]
    assert {match.topic_id for match in duplicate.matches} == {topic.id for topic in duplicate.topics}


async def test_a_subscription_to_another_workspaces_topic_gets_nothing(store: Store) -> None:
    """No command can make such a subscription. If one were in the database, it would still have no effect."""
    tenants = await Tenants.settle(store)
    world = tenants.world
    thief = await world.channel("thief", workspace="B")
    await world.subscribe(thief, tenants.topics["A"])

    await world.take(huawei())
    await world.take(copied(), source=tenants.sources["A"])
    await world.post()

    assert world.messages(thief) == []
    assert await world.outcomes(thief) == ()


async def test_mutes_and_followers_apply_only_in_their_own_channel(store: Store) -> None:
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
