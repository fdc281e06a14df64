"""Deliveries are enqueued once, and an alert is edited when its story grows."""

from datetime import datetime, timedelta

from storage.deliveries import NewDelivery
from storage.records import Channel, Delivery, DeliveryKind, DeliveryState
from storage.store import Store, Tx
from tests.support.stores import enqueue_alert, make_channel, make_story

LEASE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)


async def _claim(tx: Tx, channel: Channel, at: datetime) -> Delivery | None:
    return await tx.deliveries.claim(channel.id, now=at, lease=LEASE)


async def test_a_subject_is_enqueued_once_in_a_channel(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel, story = await make_channel(tx, now), await make_story(tx, now)
        first = await enqueue_alert(tx, channel, story, now)
        again, created = await tx.deliveries.enqueue(
            NewDelivery(
                channel_id=channel.id,
                kind=DeliveryKind.ALERT,
                subject=str(story.id),
                key="other",
                due_at=now,
            ),
            now,
        )

    assert (again, created) == (first, False)
    assert first.state is DeliveryState.PENDING


async def test_an_alert_stays_posted_and_is_edited_when_its_story_grows(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel, story = await make_channel(tx, now), await make_story(tx, now)
        assert await tx.deliveries.request_edit(channel.id, story.id, due_at=now) is None
        alert = await enqueue_alert(tx, channel, story, now)
        await tx.deliveries.settle_sent(alert.id, ref="m1", version=1, now=now)

        grown = await tx.deliveries.request_edit(channel.id, story.id, due_at=now + 5 * SECOND)
        assert grown is not None
        assert grown.due_at == now + 5 * SECOND
        later = await tx.deliveries.request_edit(channel.id, story.id, due_at=now + 50 * SECOND)
        assert later is not None
        assert (later.due_at, later.wanted_version) == (now + 5 * SECOND, 3)

        edit = await _claim(tx, channel, now + 5 * SECOND)
        assert edit is not None
        assert (edit.state, edit.external_ref) == (DeliveryState.SENT, "m1")
        assert await _claim(tx, channel, now + 5 * SECOND) is None

        await tx.deliveries.retry(alert.id, reason="503", due_at=now + 10 * SECOND)
        failed = await tx.deliveries.get(alert.id)
        assert failed is not None
        assert failed.state is DeliveryState.SENT
        assert await _claim(tx, channel, now + 10 * SECOND) is not None
        assert await tx.deliveries.settle_edited(alert.id, version=3)
        assert not await tx.deliveries.settle_edited(alert.id, version=2)
        assert await _claim(tx, channel, now + LEASE * 9) is None


async def test_an_edit_request_does_not_delay_an_alert_that_is_not_posted_yet(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel, story = await make_channel(tx, now), await make_story(tx, now)
        await enqueue_alert(tx, channel, story, now)

        grown = await tx.deliveries.request_edit(channel.id, story.id, due_at=now + LEASE)

        assert grown is not None
        assert grown.due_at == now


async def test_a_stored_body_is_read_back_unchanged_and_an_alert_has_none(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel = await make_channel(tx, now)
        alert = await enqueue_alert(tx, channel, await make_story(tx, now), now)
        assert alert.body is None

        await tx.deliveries.set_body(alert.id, {"lines": ["华为", None, 1.5]})

        stored = await tx.deliveries.get(alert.id)
        assert stored is not None
        assert stored.body == {"lines": ["华为", None, 1.5]}
