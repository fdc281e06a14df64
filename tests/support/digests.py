"""Digests of the newsroom's first channel, enqueued at a given time."""

from datetime import UTC, datetime

from handlers.answers.answer import Digest
from handlers.answers.serialize import deserialize
from handlers.reports.digest import enqueue_digests
from storage.records import DeliveryKind
from tests.support.newsroom import Newsroom

FRIDAY = datetime(2026, 11, 27, 8, 30, tzinfo=UTC)


async def due_digest(newsroom: Newsroom, at: datetime, day: str | None = None) -> Digest | None:
    """Enqueue the digests due at `at` and return that of the local date `day`, by default the UTC date of `at`."""
    newsroom.now = at
    await enqueue_digests(newsroom.store, at)
    return await enqueued_digest(newsroom, day or at.date().isoformat())


async def enqueued_digest(newsroom: Newsroom, day: str) -> Digest | None:
    channel = await newsroom.channel()
    async with newsroom.store.read() as tx:
        delivery = await tx.deliveries.find(channel.id, DeliveryKind.DIGEST, day)
    if delivery is None:
        return None
    assert delivery.body is not None
    digest = deserialize(delivery.body)
    assert isinstance(digest, Digest)
    return digest
