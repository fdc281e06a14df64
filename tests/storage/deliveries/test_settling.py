"""Settling: a delivery ends once, and merged stories leave one alert in a channel."""

from datetime import datetime

from storage.records import DeliveryState
from storage.store import Store
from tests.support.deliveries import LEASE, claim
from tests.support.stores import enqueue_alert, make_channel, make_story


async def test_a_confirmed_post_is_settled_once(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel = await make_channel(tx, now)
        alert = await enqueue_alert(tx, channel, await make_story(tx, now), now)
        await claim(tx, channel, now)

        assert await tx.deliveries.settle_sent(alert.id, ref="m1", version=1, now=now)
        assert not await tx.deliveries.settle_sent(alert.id, ref="m2", version=1, now=now)

        sent = await tx.deliveries.get(alert.id)
        assert sent is not None
        assert (sent.state, sent.external_ref, sent.sent_at) == (DeliveryState.SENT, "m1", now)
        assert await claim(tx, channel, now + LEASE * 9) is None
        assert await tx.deliveries.next_due_at(now) is None
