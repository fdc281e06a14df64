"""Drafts that arrive together come to the same as drafts that arrive one after another."""

from dataclasses import replace

from handlers.drafts import Draft
from storage.records import ArrivalState, DeliveryKind, DeliveryState, OutcomeState, SourceKind
from storage.store import Store
from tests.support.world import copied, draft, failed, flood, huawei, huawei_elsewhere, watching


async def test_an_article_twice_in_a_batch_is_new_and_then_known(store: Store) -> None:
    world, channel, _ = await watching(store)

    first, second, third = await world.take(huawei(), flood(), huawei(guid="urn:news:1:1"))

    assert [one.state for one in (first, second, third)] == ["new", "new", "known"]
    assert first.article == third.article
    assert [one.name for one in third.topics] == ["huawei"]
    assert (first.deliveries, third.deliveries, third.story_articles) == (1, 0, 1)
    assert len(await world.outcomes(channel)) == 1
    ledger = await world.ledger()
    assert (ledger.articles, ledger.duplicate, ledger.agrees) == (2, 1, True)


async def test_a_name_learnt_in_a_batch_counts_for_what_follows_in_it(store: Store) -> None:
    world, _, _ = await watching(store)

    first, second, third = await world.take(
        huawei(url="https://example.org/a"),
        huawei(url="https://example.org/a", guid="urn:news:1:1"),
        draft("Another headline", "Short.", url=None, guid="urn:news:1:1"),
    )

    assert [one.state for one in (first, second, third)] == ["new", "known", "known"]
    assert first.article and second.article and third.article
    assert first.article.id == second.article.id == third.article.id
    assert third.article.title == "Another headline"


async def test_two_reports_of_one_event_in_a_batch_are_one_alert_that_grew(store: Store) -> None:
    world, channel, _ = await watching(store)

    first, other, second = await world.take(huawei(), flood(), huawei_elsewhere())

    assert first.story_id == second.story_id != other.story_id
    assert [one.story_articles for one in (first, other, second)] == [1, 1, 2]
    assert [one.deliveries for one in (first, other, second)] == [1, 0, 1]
    assert [one.state for one in await world.outcomes(channel)] == [OutcomeState.ALERT, OutcomeState.MERGED]
    alert, note = await world.deliveries(first.story_id)
    assert (alert.kind, alert.wanted_version) == (DeliveryKind.ALERT, 2)
    assert (note.kind, note.parent_id) == (DeliveryKind.NOTE, alert.id)
    assert (await world.ledger()).agrees


async def test_a_copy_in_the_same_batch_brings_no_note(store: Store) -> None:
    world, _, _ = await watching(store)

    first, second = await world.take(huawei(), copied())

    assert first.story_id == second.story_id
    (alert,) = await world.deliveries(first.story_id)
    assert alert.wanted_version == 2


async def test_a_revision_in_the_same_batch_is_matched_and_told_once(store: Store) -> None:
    world, channel, _ = await watching(store)
    address = "https://example.org/a"

    first, changed, again = await world.take(
        huawei(title="MTS agrees on 5G", text="MTS agrees on 5G with a vendor.", url=address),
        huawei(url=address),
        huawei(url=address),
    )

    assert [one.state for one in (first, changed, again)] == ["new", "known", "known"]
    assert [one.deliveries for one in (first, changed, again)] == [0, 1, 0]
    assert changed.article is not None
    assert changed.article.title == huawei().title
    assert again.article == changed.article
    assert [one.name for one in changed.topics] == ["huawei"]
    assert [one.state for one in await world.outcomes(channel)] == [OutcomeState.ALERT]
    assert (await world.ledger()).agrees


async def test_a_batch_that_makes_a_private_story_public_leaves_one_alert(store: Store) -> None:
    world, channel, _ = await watching(store)
    private = await world.source("private", kind=SourceKind.API, workspace_id=channel.workspace_id)
    (own,) = await world.take(huawei(), source=private)

    other, shared, more = await world.take(flood(), huawei_elsewhere(), copied())

    assert own.story_id != shared.story_id == more.story_id != other.story_id
    assert [one.story_articles for one in (other, shared, more)] == [1, 1, 2]
    assert [one.state for one in await world.outcomes(channel)] == [
        OutcomeState.ALERT,
        OutcomeState.MERGED,
        OutcomeState.MERGED,
    ]
    alerts = [one for one in await world.deliveries(shared.story_id) if one.kind is DeliveryKind.ALERT]
    assert [alert.subject for alert in alerts] == [str(shared.story_id)]
    assert (await world.ledger()).agrees


async def test_two_stories_that_turn_out_to_be_one_keep_the_older_ones_alert(store: Store) -> None:
    world, channel, _ = await watching(store)
    first, other = await world.take(huawei(), flood(url="https://example.org/later"))
    (rewritten,) = await world.take(copied(url="https://example.org/later"))

    same, third = await world.take(flood(), huawei_elsewhere())

    assert first.story_id != other.story_id == rewritten.story_id != same.story_id
    assert third.story_id == first.story_id
    assert third.story_articles == 3
    alerts = [one for one in await world.deliveries(first.story_id) if one.kind is DeliveryKind.ALERT]
    assert [alert.state for alert in alerts] == [DeliveryState.PENDING, DeliveryState.DEAD]
    assert {one.state for one in await world.outcomes(channel)} == {OutcomeState.ALERT, OutcomeState.MERGED}
    assert (await world.ledger()).agrees


async def test_one_key_for_two_articles_of_a_batch_counts_both(store: Store) -> None:
    world, _, _ = await watching(store)
    source = await world.source()

    arrived = await world.take(failed(key="k"), huawei(key="k"), flood(key="k"), huawei(key="k"), source=source)

    assert [one.state for one in arrived] == ["failed", "new", "new", "known"]
    async with store.read() as tx:
        states = [one.state for one in await tx.arrivals.recent(source.id, 9)]
    assert sorted(states) == [ArrivalState.FAILED, ArrivalState.MATCHED, ArrivalState.UNMATCHED]
    assert (await world.ledger()).agrees


async def test_a_batch_comes_to_the_same_as_its_drafts_one_by_one(store: Store) -> None:
    world, channel, _ = await watching(store)
    alone = await world.source("alone", kind=SourceKind.API, workspace_id=channel.workspace_id)
    elsewhere = await world.channel("intel", workspace="elsewhere")
    together = await world.source("together", kind=SourceKind.API, workspace_id=elsewhere.workspace_id)
    topic = await world.topic("mts", "MTS")
    for one in (channel, elsewhere):
        await world.subscribe(one, topic)
    drafts: list[Draft] = [huawei(), flood(), huawei_elsewhere(), copied(), huawei(text="Now 81 million."), flood()]
    drafts = [replace(one, key=f"k{place}") for place, one in enumerate(drafts)]

    one_by_one = [arrived for one in drafts for arrived in await world.take(one, source=alone)]
    at_once = await world.take(*drafts, source=together)

    assert [(one.state, one.story_articles, len(one.matches)) for one in at_once] == [
        (one.state, one.story_articles, len(one.matches)) for one in one_by_one
    ]
    states = [[one.state for one in await world.outcomes(place)] for place in (channel, elsewhere)]
    assert states[0] == states[1]
    assert (await world.ledger()).agrees
