"""Claiming: one poster gets a delivery, in order, and a message that may be posted is looked up first."""

import asyncio
from datetime import datetime, timedelta

import pytest

from storage.records import ChannelState, Delivery, DeliveryState
from storage.store import Store
from tests.support.deliveries import LEASE, claim, enqueue_note
from tests.support.stores import enqueue_alert, make_channel, make_story

SECOND = timedelta(seconds=1)


async def test_only_one_of_several_posters_claims_a_delivery(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel = await make_channel(tx, now)
        await enqueue_alert(tx, channel, await make_story(tx, now), now)

    async def claim_once() -> Delivery | None:
        async with store.begin() as tx:
            return await claim(tx, channel, now)

    claimed = [delivery for delivery in await asyncio.gather(*(claim_once() for _ in range(5))) if delivery is not None]

    assert [delivery.state for delivery in claimed] == [DeliveryState.SENDING]
    assert claimed[0].attempts == 1
    assert claimed[0].leased_until == now + LEASE


async def test_a_delivery_left_in_sending_comes_back_as_unknown_when_its_lease_ends(
    store: Store, now: datetime
) -> None:
    async with store.begin() as tx:
        channel = await make_channel(tx, now)
        await enqueue_alert(tx, channel, await make_story(tx, now), now)
        await claim(tx, channel, now)

        assert await claim(tx, channel, now + LEASE - SECOND) is None
        assert await tx.deliveries.next_due_at(now) == now + LEASE
        found = await claim(tx, channel, now + LEASE)
        assert found is not None
        assert found.state is DeliveryState.UNKNOWN

        again = await claim(tx, channel, now + LEASE + LEASE)
        assert again is not None
        assert again.state is DeliveryState.UNKNOWN


@pytest.mark.parametrize(
    ("state", "comes_back_as"),
    [
        (DeliveryState.FAILED, DeliveryState.SENDING),
        (DeliveryState.PENDING, DeliveryState.SENDING),
        (DeliveryState.UNKNOWN, DeliveryState.UNKNOWN),
    ],
)
async def test_a_retry_is_claimed_when_it_is_due_and_not_before(
    store: Store, now: datetime, state: DeliveryState, comes_back_as: DeliveryState
) -> None:
    async with store.begin() as tx:
        channel = await make_channel(tx, now)
        alert = await enqueue_alert(tx, channel, await make_story(tx, now), now)
        await claim(tx, channel, now)
        assert await tx.deliveries.retry(alert.id, reason="429", due_at=now + 9 * SECOND, state=state)

        assert await tx.deliveries.ready_channels(now + 8 * SECOND, 5) == ()
        assert await claim(tx, channel, now + 8 * SECOND) is None
        assert await tx.deliveries.ready_channels(now + 9 * SECOND, 5) == (channel.id,)
        back = await claim(tx, channel, now + 9 * SECOND)
        assert back is not None
        assert (back.state, back.attempts) == (comes_back_as, 2)


async def test_a_poster_whose_lease_ended_cannot_schedule_a_retry(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel = await make_channel(tx, now)
        await enqueue_alert(tx, channel, await make_story(tx, now), now)
        former = await claim(tx, channel, now)
        holder = await claim(tx, channel, now + LEASE)
        assert former is not None
        assert holder is not None

        refused = await tx.deliveries.retry(former.id, reason="late", due_at=now, attempts=former.attempts)

        assert not refused
        assert await tx.deliveries.get(former.id) == holder


async def test_a_retry_holds_back_newer_deliveries_of_its_channel(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel = await make_channel(tx, now)
        first = await enqueue_alert(tx, channel, await make_story(tx, now, title="One"), now)
        second = await enqueue_alert(tx, channel, await make_story(tx, now, title="Two"), now)
        await claim(tx, channel, now)
        await tx.deliveries.retry(first.id, reason="503", due_at=now + 30 * SECOND)

        assert await claim(tx, channel, now + SECOND) is None
        assert await tx.deliveries.ready_channels(now + SECOND, 5) == ()
        assert await tx.deliveries.next_due_at(now) == now + 30 * SECOND
        order = []
        for _ in range(2):
            claimed = await claim(tx, channel, now + 30 * SECOND)
            assert claimed is not None
            await tx.deliveries.settle_sent(claimed.id, ref="m", version=1, now=now)
            order.append(claimed.id)
        assert order == [first.id, second.id]


async def test_a_delivery_due_later_holds_nothing_back(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel = await make_channel(tx, now)
        await enqueue_alert(tx, channel, await make_story(tx, now, title="Quiet"), now, due_in=3600)
        second = await enqueue_alert(tx, channel, await make_story(tx, now, title="Two"), now)

        claimed = await claim(tx, channel, now)

        assert claimed is not None
        assert claimed.id == second.id


async def test_a_note_waits_for_its_alert_and_holds_nothing_back(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channel = await make_channel(tx, now)
        alert = await enqueue_alert(tx, channel, await make_story(tx, now, title="One"), now, due_in=60)
        note = await enqueue_note(tx, channel, alert, now)
        other = await enqueue_alert(tx, channel, await make_story(tx, now, title="Two"), now)

        claimed = await claim(tx, channel, now)
        assert claimed is not None
        assert claimed.id == other.id
        await tx.deliveries.settle_sent(other.id, ref="m", version=1, now=now)
        assert await claim(tx, channel, now) is None

        await tx.deliveries.settle_sent(alert.id, ref="m", version=1, now=now)
        claimed = await claim(tx, channel, now)
        assert claimed is not None
        assert claimed.id == note.id
        assert claimed.body == {"text": "new facts: «ça»"}


async def test_leased_paced_and_closed_channels_are_not_ready(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        channels = {name: await make_channel(tx, now, name) for name in ("free", "leased", "paced", "gone", "idle")}
        story = await make_story(tx, now)
        for name in ("free", "leased", "paced", "gone"):
            await enqueue_alert(tx, channels[name], story, now)
        await tx.channels.lease(channels["leased"].id, owner="other", now=now, until=now + LEASE)
        await tx.channels.lease(channels["paced"].id, owner="me", now=now, until=now + LEASE)
        await tx.channels.release(channels["paced"].id, owner="me", next_post_at=now + SECOND)
        await tx.channels.update(channels["gone"].id, state=ChannelState.GONE, gone_reason="archived")

        assert await tx.deliveries.ready_channels(now, 9) == (channels["free"].id,)
        assert await tx.deliveries.ready_channels(now + LEASE, 9) == tuple(
            channels[name].id for name in ("free", "leased", "paced")
        )
        assert await tx.deliveries.ready_channels(now + LEASE, 2) == (channels["free"].id, channels["leased"].id)
        await tx.deliveries.settle_sent((await tx.deliveries.of_story(story.id))[0].id, ref="m", version=1, now=now)
        assert await tx.deliveries.next_due_at(now) == now + SECOND
