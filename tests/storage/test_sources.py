"""Sources: each is stored once, and due feeds are leased to one process."""

from datetime import datetime, timedelta

import pytest

from storage.records import (
    SHARED,
    SourceKind,
    SourceState,
)
from storage.rows import Missing
from storage.sources import NewSource
from storage.store import Store
from tests.support.stores import make_article, make_source

DAY = timedelta(days=1)
LEASE = timedelta(minutes=5)


async def test_a_source_is_stored_once(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        first, created = await tx.sources.ensure(
            NewSource(workspace_id=SHARED, kind=SourceKind.INBOX, url="inbox", title="Inbox"), now
        )
        again, repeated = await tx.sources.ensure(
            NewSource(workspace_id=SHARED, kind=SourceKind.INBOX, url="inbox", title="Other"), now + DAY
        )

    assert (created, repeated) == (True, False)
    assert again == first
    assert first.next_poll_at is None


async def test_a_due_feed_is_leased_to_one_caller_until_the_lease_ends(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        late = await make_source(tx, now, "https://late.example/")
        early = await make_source(tx, now - DAY, "https://early.example/")
        paused = await make_source(tx, now, "https://paused.example/")
        await tx.sources.update(paused.id, state=SourceState.PAUSED)
        await tx.sources.ensure(
            NewSource(workspace_id=SHARED, kind=SourceKind.INBOX, url="inbox", title="Inbox", next_poll_at=now), now
        )

        first = await tx.polls.claim_due(now, lease=LEASE, limit=1)
        rest = await tx.polls.claim_due(now, lease=LEASE, limit=9)

        assert [source.id for source in (*first, *rest)] == [early.id, late.id]
        assert first[0].leased_until == now + LEASE
        assert await tx.polls.claim_due(now, lease=LEASE, limit=9) == ()
        await tx.sources.update(late.id, leased_until=None, next_poll_at=now + DAY, usual_gap=timedelta(hours=3))
        expired = await tx.polls.claim_due(now + LEASE, lease=LEASE, limit=9)
        assert [source.id for source in expired] == [early.id]
        updated = await tx.sources.get(late.id)
        assert updated is not None
        assert updated.usual_gap == timedelta(hours=3)


async def test_a_removed_source_keeps_its_articles_and_can_be_restored(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        empty = await make_source(tx, now, "https://empty.example/")
        await tx.sources.remove(empty.id)
        assert await tx.sources.get(empty.id) is None

        article = await make_article(tx, now)
        await tx.sources.update(article.source_id, etag='"1"', first_read_at=now)
        await tx.sources.remove(article.source_id)

        assert await tx.sources.visible(SHARED) == ()
        assert await tx.sources.find(SHARED, "https://news.example/feed") is None
        assert await tx.polls.claim_due(now + DAY, lease=LEASE, limit=9) == ()
        removed = await tx.sources.get(article.source_id)
        assert removed is not None
        assert removed.state is SourceState.GONE
        restored, created = await tx.sources.ensure(
            NewSource(workspace_id=SHARED, kind=SourceKind.FEED, url=removed.url, title="New"), now + DAY
        )
        assert created
        assert (restored.id, restored.state, restored.etag, restored.first_read_at) == (
            removed.id,
            SourceState.ACTIVE,
            None,
            None,
        )


async def test_an_update_of_a_fixed_or_unknown_column_is_refused(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        source = await make_source(tx, now)
        for wrong in ({"created_at": now}, {"workspace_id": 9}, {"colour": "red"}):
            with pytest.raises(TypeError, match="cannot change"):
                await tx.sources.update(source.id, **wrong)
        with pytest.raises(Missing):
            await tx.sources.update(source.id + 1, title="x")
