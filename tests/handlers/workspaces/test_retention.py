"""Retention: old drafts and event records are deleted, recent ones stay."""

from datetime import datetime, timedelta

from handlers.workspaces.retention import DRAFT_RETENTION, EVENT_RETENTION, delete_expired
from storage.records import Platform
from storage.store import Store
from tests.support.stores import make_workspace

SECOND = timedelta(seconds=1)


async def test_drafts_are_kept_for_months_and_event_records_for_days(sqlite_store: Store, now: datetime) -> None:
    async with sqlite_store.begin() as tx:
        home = await make_workspace(tx, now)
        old = await tx.drafts.save(home.id, {"query": "old"}, now)
        renewed = await tx.drafts.save(home.id, {"query": "saved again"}, now)
        await tx.seen_events.begin(Platform.SLACK, "Ev1", now=now, until=now)

    later = now + DRAFT_RETENTION
    async with sqlite_store.begin() as tx:
        assert await tx.drafts.save(home.id, {"query": "saved again"}, later) == renewed
        await tx.seen_events.begin(Platform.SLACK, "Ev2", now=later, until=later + EVENT_RETENTION)
    await delete_expired(sqlite_store, later + SECOND)

    async with sqlite_store.begin() as tx:
        assert await tx.drafts.get(old, home.id) is None
        assert await tx.drafts.get(renewed, home.id) == {"query": "saved again"}
        until = later + EVENT_RETENTION
        assert await tx.seen_events.begin(Platform.SLACK, "Ev1", now=later, until=until)
        assert not await tx.seen_events.begin(Platform.SLACK, "Ev2", now=later, until=until)
