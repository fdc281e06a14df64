"""Claim deliveries, and enqueue notes, in the tests of the outbox."""

from datetime import datetime, timedelta
from typing import Final

from storage.deliveries import NewDelivery
from storage.records import Channel, Delivery, DeliveryKind
from storage.store import Tx

LEASE: Final = timedelta(seconds=60)


async def claim(tx: Tx, channel: Channel, at: datetime) -> Delivery | None:
    return await tx.deliveries.claim(channel.id, now=at, lease=LEASE)


async def enqueue_note(tx: Tx, channel: Channel, parent: Delivery, now: datetime, what: str = "1") -> Delivery:
    """Enqueue a note for the thread of an alert. `what` tells it from other notes of the alert."""
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
