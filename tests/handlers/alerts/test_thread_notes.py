"""Notes in the threads of alerts: new facts, and headlines and numbers that a publisher changed."""

from datetime import timedelta

from storage.records import DeliveryKind
from storage.store import Store
from tests.support.fakes import NOON
from tests.support.world import copied, huawei, huawei_elsewhere, watching


async def test_a_copy_causes_no_note(sqlite_store: Store) -> None:
    world, _, _ = await watching(sqlite_store)

    (first,) = await world.take(huawei())
    await world.take(copied())

    assert [delivery.kind for delivery in await world.deliveries(first.story_id)] == [DeliveryKind.ALERT]


async def test_a_changed_headline_is_noted_in_the_thread_and_the_alert_is_edited(store: Store) -> None:
    world, channel, _ = await watching(store)
    await world.take(huawei(title="MTS may build 5G with Huawei", url="https://example.org/a"))
    await world.post()

    world.clock.advance(timedelta(minutes=5))
    (again,) = await world.take(huawei(title="MTS will build 5G with Huawei", url="https://example.org/a"))
    await world.post(after=timedelta(seconds=30))

    assert again.state == "known"
    (alert,) = world.alerts(channel)
    assert alert.headline.text == "MTS will build 5G with Huawei"
    assert alert.revised
    (note,) = world.notes(channel)
    assert (note.label, note.before) == ("Headline changed", "MTS may build 5G with Huawei")
    assert note.quote.text == "MTS will build 5G with Huawei"
    assert (await world.ledger()).agrees


async def test_a_changed_number_is_noted_and_the_evidence_refers_to_the_new_text(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    await world.take(huawei())
    await world.post()

    (again,) = await world.take(huawei(text="Update. " + huawei().text.replace("78 million", "81 million")))
    await world.post(after=timedelta(seconds=30))

    assert again.article is not None
    assert "81 million" in again.article.text
    fields = {"title": again.article.title, "body": again.article.text}
    assert all(
        fields[piece.field][piece.start : piece.end] == piece.text
        for match in again.matches
        for piece in match.evidence
    )
    (note,) = world.notes(channel)
    assert (note.label, note.before) == ("Number changed", "78")
    assert "81 million" in note.quote.text


async def test_a_note_mentions_the_followers_of_the_story(sqlite_store: Store) -> None:
    world, channel, _ = await watching(sqlite_store)
    (first,) = await world.take(huawei())
    async with sqlite_store.begin() as tx:
        await tx.follows.set(channel.id, first.story_id or 0, "U7", NOON)
    await world.post()

    await world.take(huawei_elsewhere())
    await world.post()

    (note,) = world.notes(channel)
    assert note.label == "New"
    assert "Washington said on Thursday" in note.quote.text
    assert note.mentions == ("U7",)
