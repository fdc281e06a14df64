"""The health of sources: counts and lists of what a workspace sees, made by the database."""

from datetime import datetime, timedelta

from storage.records import SHARED, Platform, SourceKind, SourceState
from storage.source_health import SourceCounts, SourceTotals
from storage.sources import NewSource
from storage.store import Store
from tests.support.stores import make_source

HOUR = timedelta(hours=1)


async def add_sources(store: Store, now: datetime) -> int:
    """Add sources of all kinds and states, and return the workspace that owns two of them."""
    async with store.begin() as tx:
        home = await tx.workspaces.ensure(Platform.CONSOLE, "console", "Console", now=now)
        other = await tx.workspaces.ensure(Platform.CONSOLE, "other", "Other", now=now)
        for owner, title, changed in (
            (SHARED, "well", {}),
            (SHARED, "Failing", {"failures": 2, "trouble_since": now}),
            (home.id, "silent", {"trouble_since": now}),
            (home.id, "Paused", {"failures": 1, "state": SourceState.PAUSED, "next_poll_at": None}),
            (other.id, "not seen", {"failures": 9}),
        ):
            url = f"https://{title.replace(' ', '-')}.example/"
            new = NewSource(workspace_id=owner, kind=SourceKind.FEED, url=url, title=title, next_poll_at=now + HOUR)
            source, _ = await tx.sources.ensure(new, now)
            if changed:
                await tx.sources.update(source.id, **changed)
        await tx.sources.ensure(NewSource(workspace_id=SHARED, kind=SourceKind.INBOX, url="inbox", title="Inbox"), now)
        removed = await make_source(tx, now, "https://removed.example/")
        await tx.sources.remove(removed.id, now=now)
    return home.id


async def test_the_sources_that_a_workspace_sees_are_counted(store: Store, now: datetime) -> None:
    home_id = await add_sources(store, now)

    async with store.read() as tx:
        counts, nothing = await tx.source_health.counts(home_id), await tx.source_health.counts(999)

    assert counts == SourceCounts(total=5, own=2, active=4, failing=2, failed=2)
    assert (nothing.total, nothing.own) == (3, 0)


async def test_lists_begin_with_what_needs_attention(store: Store, now: datetime) -> None:
    home_id = await add_sources(store, now)

    async with store.read() as tx:
        first = await tx.source_health.first(home_id, limit=9)
        two = await tx.source_health.first(home_id, limit=2)
        failing = await tx.source_health.failing(home_id, limit=9)

    assert [source.title for source in first] == ["Failing", "Paused", "silent", "well", "Inbox"]
    assert [source.title for source in two] == ["Failing", "Paused"]
    assert {source.title for source in failing} == {"Failing", "silent"}


async def test_the_totals_are_those_of_all_workspaces(store: Store, now: datetime) -> None:
    await add_sources(store, now)

    async with store.read() as tx:
        totals = await tx.source_health.totals()

    by_state = {SourceState.ACTIVE: 5, SourceState.PAUSED: 1}
    assert totals == SourceTotals(by_state=by_state, failed=2, next_poll_at=now + HOUR)


async def test_no_sources_are_counted_as_zero(store: Store) -> None:
    async with store.read() as tx:
        assert await tx.source_health.counts(SHARED) == SourceCounts()
        assert await tx.source_health.totals() == SourceTotals()
