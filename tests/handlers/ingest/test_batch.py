"""Drafts in one batch give the same result as drafts ingested one after another."""

from dataclasses import replace

from handlers.drafts import Draft
from storage.records import ArrivalState, DeliveryKind, OutcomeState, SourceKind
from storage.store import Store
from tests.support.world import copied, draft, failed, flood, huawei, huawei_elsewhere, watching


async def test_an_article_twice_in_a_batch_is_new_and_then_a_duplicate(store: Store) -> None:
    world, channel, _ = await watching(store)

    first, second, third = await world.take(huawei(), flood(), huawei(guid="urn:news:1:1"))

    assert [result.state for result in (first, second, third)] == ["new", "new", "known"]
    assert first.article == third.article
    assert [topic.name for topic in third.topics] == ["huawei"]
    assert (first.deliveries, third.deliveries, third.story_articles) == (1, 0, 1)
    assert len(await world.outcomes(channel)) == 1
    ledger = await world.ledger()
    assert (ledger.articles, ledger.duplicate, ledger.agrees) == (2, 1, True)


async def test_an_identity_key_added_in_a_batch_is_used_for_later_drafts_of_the_batch(store: Store) -> None:
    world, _, _ = await watching(store)

    first, second, third = await world.take(
        huawei(url="https://example.org/a"),
        huawei(url="https://example.org/a", guid="urn:news:1:1"),
        draft("Another headline", "Short.", url=None, guid="urn:news:1:1"),
    )

    assert [result.state for result in (first, second, third)] == ["new", "known", "known"]
    assert first.article and second.article and third.article
    assert first.article.id == second.article.id == third.article.id
    assert third.article.title == "Another headline"


async def test_two_articles_about_one_event_in_a_batch_are_one_alert_with_an_edit(store: Store) -> None:
    world, channel, _ = await watching(store)

    first, other, second = await world.take(huawei(), flood(), huawei_elsewhere())

    assert first.story_id == second.story_id != other.story_id
    assert [result.story_articles for result in (first, other, second)] == [1, 1, 2]
    assert [result.deliveries for result in (first, other, second)] == [1, 0, 1]
    assert [outcome.state for outcome in await world.outcomes(channel)] == [OutcomeState.ALERT, OutcomeState.MERGED]
    alert, note = await world.deliveries(first.story_id)
    assert (alert.kind, alert.wanted_version) == (DeliveryKind.ALERT, 2)
    assert (note.kind, note.parent_id) == (DeliveryKind.NOTE, alert.id)
    assert (await world.ledger()).agrees


async def test_a_copy_in_the_same_batch_causes_no_note(store: Store) -> None:
    world, _, _ = await watching(store)

    first, second = await world.take(huawei(), copied())

    assert first.story_id == second.story_id
    (alert,) = await world.deliveries(first.story_id)
    assert alert.wanted_version == 2


async def test_a_revision_in_the_same_batch_is_matched_and_causes_one_alert(store: Store) -> None:
    world, channel, _ = await watching(store)
    address = "https://example.org/a"

    first, changed, again = await world.take(
        huawei(title="MTS agrees on 5G", text="MTS agrees on 5G with a vendor.", url=address),
        huawei(url=address),
        huawei(url=address),
    )

    assert [result.state for result in (first, changed, again)] == ["new", "known", "known"]
    assert [result.deliveries for result in (first, changed, again)] == [0, 1, 0]
    assert changed.article is not None
    assert changed.article.title == huawei().title
    assert again.article == changed.article
    assert [topic.name for topic in changed.topics] == ["huawei"]
    assert [outcome.state for outcome in await world.outcomes(channel)] == [OutcomeState.ALERT]
    assert (await world.ledger()).agrees


async def test_two_articles_of_a_batch_with_the_same_key_are_both_counted(store: Store) -> None:
    world, _, _ = await watching(store)
    source = await world.source()

    arrived = await world.take(failed(key="k"), huawei(key="k"), flood(key="k"), huawei(key="k"), source=source)

    assert [result.state for result in arrived] == ["failed", "new", "new", "known"]
    async with store.read() as tx:
        states = [arrival.state for arrival in await tx.arrivals.recent(source.id, 9)]
    assert sorted(states) == [ArrivalState.FAILED, ArrivalState.MATCHED, ArrivalState.UNMATCHED]
    assert (await world.ledger()).agrees


async def test_a_batch_gives_the_same_result_as_its_drafts_one_by_one(store: Store) -> None:
    world, channel, _ = await watching(store)
    alone = await world.source("alone", kind=SourceKind.API, workspace_id=channel.workspace_id)
    elsewhere = await world.channel("intel", workspace="elsewhere")
    together = await world.source("together", kind=SourceKind.API, workspace_id=elsewhere.workspace_id)
    topic = await world.topic("mts", "MTS")
    for each in (channel, elsewhere):
        await world.subscribe(each, topic)
    drafts: list[Draft] = [huawei(), flood(), huawei_elsewhere(), copied(), huawei(text="Now 81 million."), flood()]
    drafts = [replace(each, key=f"k{number}") for number, each in enumerate(drafts)]

    one_by_one = [result for each in drafts for result in await world.take(each, source=alone)]
    at_once = await world.take(*drafts, source=together)

    assert [(result.state, result.story_articles, len(result.matches)) for result in at_once] == [
        (result.state, result.story_articles, len(result.matches)) for result in one_by_one
    ]
    states = [[outcome.state for outcome in await world.outcomes(each)] for each in (channel, elsewhere)]
    assert states[0] == states[1]
    assert (await world.ledger()).agrees
