"""Forgetting: nothing that nobody can ask for any more stays for ever."""

from datetime import datetime, timedelta

from handlers.workspaces.retention import DRAFTS_KEPT, EVENTS_KEPT, forget_old
from storage.records import Platform
from storage.store import Store
from tests.support.stores import make_workspace

SECOND = timedelta(seconds=1)


async def test_a_button_works_for_months_and_an_event_is_known_for_days(sqlite_store: Store, now: datetime) -> None:
    async with sqlite_store.begin() as tx:
        home = await make_workspace(tx, now)
        old = await tx.drafts.save(home.id, {"query": "old"}, now)
        again = await tx.drafts.save(home.id, {"query": "asked again"}, now)
        await tx.seen_events.begin(Platform.SLACK, "Ev1", now=now, until=now)

    later = now + DRAFTS_KEPT
    async with sqlite_store.begin() as tx:
        assert await tx.drafts.save(home.id, {"query": "asked again"}, later) == again
        await tx.seen_events.begin(Platform.SLACK, "Ev2", now=later, until=later + EVENTS_KEPT)
    await forget_old(sqlite_store, later + SECOND)

    async with sqlite_store.begin() as tx:
        assert await tx.drafts.get(old, home.id) is None
        assert await tx.drafts.get(again, home.id) == {"query": "asked again"}
        until = later + EVENTS_KEPT
        assert await tx.seen_events.begin(Platform.SLACK, "Ev1", now=later, until=until)
        assert not await tx.seen_events.begin(Platform.SLACK, "Ev2", now=later, until=until)
