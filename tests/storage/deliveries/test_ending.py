"""End deliveries, and leave one alert for each channel when stories are merged."""

from datetime import datetime

import pytest

from storage.records import Channel, Delivery, DeliveryKind, DeliveryState, OutcomeState
from storage.store import Store, Tx
from tests.support.deliveries import enqueue_note
from tests.support.stores import enqueue_alert, make_article, make_channel, make_story


async def test_killing_an_alert_kills_its_waiting_notes(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel = await make_channel(tx, now)
        alert = await enqueue_alert(tx, channel, await make_story(tx, now), now)
        note = await enqueue_note(tx, channel, alert, now)

        assert await tx.deliveries.kill(alert.id, reason="the channel is gone", now=now)
        assert not await tx.deliveries.kill(alert.id, reason="again", now=now)

        counts = await tx.deliveries.counts()
        assert counts[DeliveryState.DEAD] == 2
        dead = await tx.deliveries.get(note.id)
        assert dead is not None
        assert dead.reason == "the channel is gone"
        assert not await tx.deliveries.retry(alert.id, reason=None, due_at=now)
        assert await tx.deliveries.next_due_at(now) is None


async def _alert_in(tx: Tx, channel: Channel, now: datetime, title: str, state: DeliveryState) -> Delivery:
    story = await make_story(tx, now, title=title)
    alert = await enqueue_alert(tx, channel, story, now)
    await tx.outcomes.add(
        channel_id=channel.id,
        article_id=story.lead_article_id,
        story_id=story.id,
        state=OutcomeState.ALERT,
        delivery_id=alert.id,
        decided_at=now,
    )
    match state:
        case DeliveryState.SENT:
            await tx.deliveries.settle_sent(alert.id, ref=title, version=1, now=now)
        case DeliveryState.DEAD:
            await tx.deliveries.kill(alert.id, reason="refused", now=now)
        case DeliveryState.SENDING:
            await tx.connection.exec_driver_sql(f"UPDATE deliveries SET state = 'sending' WHERE id = {alert.id}")
        case DeliveryState.PENDING:
            pass
        case _:
            await tx.deliveries.retry(alert.id, reason="x", due_at=now, state=state)
    found = await tx.deliveries.get(alert.id)
    assert found is not None
    return found


@pytest.mark.parametrize("older", list(DeliveryState))
@pytest.mark.parametrize("younger", list(DeliveryState))
async def test_after_a_merge_of_two_stories_a_channel_never_gets_a_second_alert(
    sqlite_store: Store, now: datetime, older: DeliveryState, younger: DeliveryState
) -> None:
    async with sqlite_store.begin() as tx:
        channel = await make_channel(tx, now)
        first = await _alert_in(tx, channel, now, "One", older)
        second = await _alert_in(tx, channel, now, "Two", younger)
        assert first.story_id is not None
        assert second.story_id is not None

        await tx.stories.merge(second.story_id, first.story_id, now)
        await tx.stories.merge(second.story_id, first.story_id, now)

        surviving = await tx.deliveries.find(channel.id, DeliveryKind.ALERT, str(first.story_id))
        assert surviving is not None
        assert surviving.wanted_version == 2
        other = next(row for row in await tx.deliveries.of_story(first.story_id) if row.id != surviving.id)
        # An alert that may be posted is looked up first. Not finding it must not lead to a second alert.
        if other.state in (DeliveryState.SENDING, DeliveryState.UNKNOWN):
            await tx.deliveries.retry(other.id, reason="not there", due_at=now, state=DeliveryState.PENDING)
            found = await tx.deliveries.get(other.id)
            assert found is not None
            other = found
        was_sent = DeliveryState.SENT in (first.state, second.state)
        assert other.state in ((DeliveryState.SENT, DeliveryState.DEAD) if was_sent else (DeliveryState.DEAD,))
        assert (surviving.state is DeliveryState.SENT) == was_sent
        ledger = await tx.ledger.totals()
        assert ledger.outcomes == ledger.alert + ledger.merged == 2


async def test_a_merge_of_two_stories_leaves_one_alert_in_each_channel(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        both, single = await make_channel(tx, now, "both"), await make_channel(tx, now, "single")
        surviving, merged = await make_story(tx, now, title="Surviving"), await make_story(tx, now, title="Merged")
        older = await enqueue_alert(tx, both, surviving, now)
        younger = await enqueue_alert(tx, both, merged, now)
        note = await enqueue_note(tx, both, younger, now)
        alone = await enqueue_alert(tx, single, merged, now)
        extra = await make_article(tx, now, "Extra", story_id=merged.id)
        await tx.outcomes.add(
            channel_id=both.id,
            article_id=extra.id,
            story_id=merged.id,
            state=OutcomeState.ALERT,
            delivery_id=younger.id,
            decided_at=now,
        )

        await tx.stories.merge(merged.id, surviving.id, now)

        assert [row.id for row in await tx.deliveries.of_story(surviving.id)] == [
            older.id,
            younger.id,
            note.id,
            alone.id,
        ]
        moved = await tx.deliveries.find(single.id, DeliveryKind.ALERT, str(surviving.id))
        assert moved is not None
        assert (moved.id, moved.wanted_version) == (alone.id, 2)
        dead = await tx.deliveries.get(younger.id)
        assert dead is not None
        assert dead.state is DeliveryState.DEAD
        assert dead.reason is not None
        assert f"story {surviving.id}" in dead.reason
        waiting = await tx.deliveries.get(note.id)
        assert waiting is not None
        assert (waiting.state, waiting.parent_id) == (DeliveryState.PENDING, older.id)
        outcome = await tx.outcomes.of_article(extra.id, both.id)
        assert outcome is not None
        assert (outcome.state, outcome.delivery_id, outcome.story_id) == (OutcomeState.MERGED, older.id, surviving.id)
        assert await tx.articles.of_story(merged.id, 1) == ()
        assert len(await tx.articles.of_story(surviving.id, 1)) == 3
        survivor = await tx.stories.get(merged.id)
        assert survivor is not None
        assert survivor.id == surviving.id
