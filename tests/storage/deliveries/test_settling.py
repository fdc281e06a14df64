"""Settling: a delivery ends once, and merged stories leave one alert in a channel."""

from datetime import datetime, timedelta

from storage.deliveries import NewDelivery
from storage.records import Channel, Delivery, DeliveryKind, DeliveryState
from storage.store import Store, Tx
from tests.support.stores import enqueue_alert, make_channel, make_story

LEASE = timedelta(seconds=60)


async def _claim(tx: Tx, channel: Channel, at: datetime) -> Delivery | None:
    return await tx.deliveries.claim(channel.id, now=at, lease=LEASE)


async def _note(tx: Tx, channel: Channel, parent: Delivery, now: datetime, what: str = "1") -> Delivery:
    delivery, _ = await tx.deliveries.enqueue(
        NewDelivery(
            channel_id=channel.id,
            kind=DeliveryKind.NOTE,
            subject=f"{parent.story_id}:{what}",
            key=f"note{parent.id}-{what}",
            due_at=now,
            story_id=parent.story_id,
            parent_id=parent.id,
            body={"text": "new facts: «ça»"},
        ),
        now,
    )
    return delivery


async def test_a_confirmed_post_is_settled_once(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel = await make_channel(tx, now)
        alert = await enqueue_alert(tx, channel, await make_story(tx, now), now)
        await _claim(tx, channel, now)

        assert await tx.deliveries.settle_sent(alert.id, ref="m1", version=1, now=now)
        assert not await tx.deliveries.settle_sent(alert.id, ref="m2", version=1, now=now)

        sent = await tx.deliveries.get(alert.id)
        assert sent is not None
        assert (sent.state, sent.external_ref, sent.sent_at) == (DeliveryState.SENT, "m1", now)
        assert await _claim(tx, channel, now + LEASE * 9) is None
        assert await tx.deliveries.next_due_at(now) is None
