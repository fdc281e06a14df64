"""Articles about one event are assigned to one story, also across batches, workspaces and processes."""

from storage.records import DeliveryKind, DeliveryState, OutcomeState, SourceKind
from storage.store import Store
from tests.support.world import World, copied, flood, huawei, huawei_elsewhere, watching


async def test_an_article_about_the_same_event_is_assigned_to_the_story_and_its_alert(store: Store) -> None:
    world, channel, _ = await watching(store)

    (first,) = await world.take(huawei())
    (second,) = await world.take(huawei_elsewhere())

    assert second.story_id == first.story_id
    assert second.story_articles == 2
    assert [outcome.state for outcome in await world.outcomes(channel)] == [OutcomeState.ALERT, OutcomeState.MERGED]
    alert, *notes = await world.deliveries(first.story_id)
    assert (alert.kind, alert.wanted_version) == (DeliveryKind.ALERT, 2)
    assert [(note.kind, note.parent_id) for note in notes] == [(DeliveryKind.NOTE, alert.id)]
    assert (await world.ledger()).agrees


async def test_an_article_that_does_not_match_the_topic_counts_as_a_source_of_the_story(sqlite_store: Store) -> None:
    world, channel, topic = await watching(sqlite_store)
    async with sqlite_store.begin() as tx:
        await tx.topics.update(topic.id, query='"and Huawei"')

    (first,) = await world.take(huawei())
    (second,) = await world.take(huawei_elsewhere(text=huawei_elsewhere().text.replace("MTS and Huawei", "the firms")))

    assert (second.story_id, second.topics) == (first.story_id, ())
    assert len(await world.outcomes(channel)) == 1
    alert, line = await world.deliveries(first.story_id)
    assert second.article is not None
    assert line.subject == f"added:{second.article.id}"
    assert alert.wanted_version == 2


async def test_two_events_are_two_stories_with_an_alert_each(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)

    first, second = await world.take(huawei(), flood(title="Huawei helps where the Ahr flooded Altenahr"))

    assert first.story_id != second.story_id
    assert [outcome.state for outcome in await world.outcomes(channel)] == [OutcomeState.ALERT] * 2


async def test_two_processes_assign_articles_to_the_same_story(store: Store) -> None:
    world, channel, _ = await watching(store)
    other = World(store)
    await other.take(flood())

    (first,) = await world.take(huawei())
    (second,) = await other.take(huawei_elsewhere())
    (third,) = await world.take(huawei(url="https://other.example/copy", title="Huawei, MTS: 5G in Russia agreed"))

    assert first.story_id == second.story_id == third.story_id
    assert len(world.messages(channel)) == 0
    assert [outcome.state for outcome in await world.outcomes(channel)][1:] == [OutcomeState.MERGED] * 2


async def test_a_private_story_merged_into_a_shared_one_leaves_one_alert(store: Store) -> None:
    world, channel, _ = await watching(store)
    private = await world.source("private", kind=SourceKind.API, workspace_id=channel.workspace_id)
    (own,) = await world.take(huawei(), source=private)

    other, shared, more = await world.take(flood(), huawei_elsewhere(), copied())

    assert own.story_id != shared.story_id == more.story_id != other.story_id
    assert [result.story_articles for result in (other, shared, more)] == [1, 1, 2]
    assert [outcome.state for outcome in await world.outcomes(channel)] == [
        OutcomeState.ALERT,
        OutcomeState.MERGED,
        OutcomeState.MERGED,
    ]
    alerts = [delivery for delivery in await world.deliveries(shared.story_id) if delivery.kind is DeliveryKind.ALERT]
    assert [alert.subject for alert in alerts] == [str(shared.story_id)]
    assert (await world.ledger()).agrees


async def test_two_stories_that_are_merged_keep_the_older_alert(store: Store) -> None:
    world, channel, _ = await watching(store)
    first, other = await world.take(huawei(), flood(url="https://example.org/later"))
    (rewritten,) = await world.take(copied(url="https://example.org/later"))

    same, third = await world.take(flood(), huawei_elsewhere())

    assert first.story_id != other.story_id == rewritten.story_id != same.story_id
    assert third.story_id == first.story_id
    assert third.story_articles == 3
    alerts = [delivery for delivery in await world.deliveries(first.story_id) if delivery.kind is DeliveryKind.ALERT]
    assert [alert.state for alert in alerts] == [DeliveryState.PENDING, DeliveryState.DEAD]
    assert {outcome.state for outcome in await world.outcomes(channel)} == {OutcomeState.ALERT, OutcomeState.MERGED}
    assert (await world.ledger()).agrees
