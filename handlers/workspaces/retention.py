"""Data retention: delete what has reached its age, one kind after another, a few rows in each transaction."""

import asyncio
import json
import logging
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from handlers.rules.retention import Kind, Retention
from storage.records import OldArrival, OldArticle, OldDigest, SourceKind, SourceState, StayReason
from storage.store import Store, Tx

logger = logging.getLogger(__name__)

EVENT_RETENTION: Final = timedelta(days=2)
"""Slack repeats an event for some minutes. A process that was suspended may receive it later."""
DRAFT_RETENTION: Final = timedelta(days=90)
"""An older button answers that it has expired and names the command that creates a new one."""
STEP: Final = 50
"""Rows in one transaction, so that no writer waits long."""
STEPS_PER_RUN: Final = 200
"""Steps in one run of the scheduled job. What is left waits for the next run."""
PASS_EVERY: Final = timedelta(hours=20)
"""A kind is read from its beginning at most this often, because what stays is read each time."""
_PAUSE_S: Final = 0.02
"""Between two steps, so that others write first."""
_EXPIRED_STEP: Final = 1_000
"""Events or drafts that are deleted at once. Nothing belongs to them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The result of one transaction."""

    kind: Kind
    read: int
    """The number of rows that have reached their age."""
    last_id: int
    """Of the rows that were read; the next step begins after it."""
    deleted: int
    stay: Counter[str] = field(default_factory=Counter)
    """How many rows stay, by reason."""


async def prune(store: Store, retention: Retention, *, now: datetime, dry_run: bool = False) -> AsyncIterator[Step]:
    """Delete everything that has reached its age, and yield each step. With `dry_run` nothing is deleted.

    `now` is in UTC. A caller may stop at any step. Raises: StorageError.
    """
    for kind in Kind:
        after = 0
        while (step := await _step(store, kind, retention, now=now, after=after, dry_run=dry_run)) is not None:
            yield step
            after = step.last_id


async def delete_expired(store: Store, now: datetime, retention: Retention) -> None:
    """Delete some of what has reached its age: at most `STEPS_PER_RUN` steps. The next run continues after them.

    Events of two days and drafts of 90 days are deleted too.
    """
    await _delete_events_and_drafts(store, now)
    deleted: Counter[Kind] = Counter()
    left = STEPS_PER_RUN
    for kind in Kind:
        while left > 0:
            step = await _continue(store, kind, retention, now)
            if step is None:
                break
            left -= 1
            deleted[kind] += step.deleted
            await asyncio.sleep(_PAUSE_S)
    if deleted.total():
        logger.info("Deleted because of their age: %s", ", ".join(f"{kind} {rows}" for kind, rows in deleted.items()))


async def _delete_events_and_drafts(store: Store, now: datetime) -> None:
    deleted = _EXPIRED_STEP
    while deleted >= _EXPIRED_STEP:
        async with store.begin() as tx:
            deleted = max(
                await tx.seen_events.delete_before(now - EVENT_RETENTION, limit=_EXPIRED_STEP),
                await tx.drafts.delete_before(now - DRAFT_RETENTION, limit=_EXPIRED_STEP),
            )


async def _continue(store: Store, kind: Kind, retention: Retention, now: datetime) -> Step | None:
    """Do the next step of the kind's current pass. Return None if there is none, or if the last pass is recent."""
    name = f"retention:{kind}"
    async with store.read() as tx:
        place = json.loads(await tx.meta.get(name) or "{}")
    ended_at = place.get("ended_at")
    if ended_at is not None and timedelta(0) <= now - datetime.fromisoformat(ended_at) < PASS_EVERY:
        return None
    step = await _step(store, kind, retention, now=now, after=place.get("after", 0), dry_run=False)
    # Traces are of new matches only, so older articles are not read again.
    first = place.get("after", 0) if kind is Kind.TRACES else 0
    place = {"after": first, "ended_at": now.isoformat()} if step is None else {"after": step.last_id}
    async with store.begin() as tx:
        await tx.meta.set(name, json.dumps(place))
    return step


async def _step(
    store: Store, kind: Kind, retention: Retention, *, now: datetime, after: int, dry_run: bool
) -> Step | None:
    """Read the next rows of the kind and delete those that may go. Return None if no row is left that is old enough."""
    age = retention.of(kind)
    if age is None:
        return None
    async with store.read() as tx:
        old = await _old(tx, kind, now - age, after)
    if not old:
        return None
    async with store.read() if dry_run else store.begin() as tx:
        if not dry_run:
            await tx.lock("arrive")  # so that nothing arrives for an article that is being deleted
        deleted, stay = await _delete(tx, kind, old, retention, now, dry_run=dry_run)
    return Step(kind=kind, read=len(old), last_id=old[-1].id, deleted=deleted, stay=stay)


async def _old(
    tx: Tx, kind: Kind, before: datetime, after: int
) -> Sequence[OldArticle] | Sequence[OldArrival] | Sequence[OldDigest]:
    if kind is Kind.DIGESTS:
        return await tx.pruning.old_digests(before, after=after, limit=STEP)
    if kind is Kind.ARRIVALS:
        return await tx.pruning.old_arrivals(before, after=after, limit=STEP)
    return await tx.pruning.old_articles(before, after=after, limit=STEP)


async def _delete(
    tx: Tx, kind: Kind, old: Sequence[Any], retention: Retention, now: datetime, *, dry_run: bool
) -> tuple[int, Counter[str]]:
    """Delete those of the rows that may go. Return their number, and how many stay, by reason."""
    ids = [row.id for row in old]
    stay: Counter[str] = Counter()
    match kind:
        case Kind.ARTICLES:
            reasons = await _reasons(tx, old, retention, now)
            stay.update(map(str, reasons.values()))
            ids = [id for id in ids if id not in reasons]
            delete = tx.pruning.delete_articles
        case Kind.ARRIVALS:
            listed = await _listed(tx, old)
            stay["listed"] = len(listed)
            ids = [id for id in ids if id not in listed]
            delete = tx.pruning.delete_arrivals
        case Kind.TRACES:
            ids = list(await tx.pruning.traced(ids))
            delete = tx.pruning.clear_traces
        case Kind.DIGESTS:
            delete = tx.pruning.delete_digests
    if ids and not dry_run:
        await delete(ids)
    return len(ids), stay


async def _reasons(tx: Tx, old: Sequence[OldArticle], retention: Retention, now: datetime) -> dict[int, StayReason]:
    """Return why articles stay. After a longer time only those with a pending post do."""
    found = await tx.stay_reasons.of(old)
    if retention.shown is None:
        return found
    received_at = {article.id: article.received_at for article in old}
    before = now - retention.shown
    return {id: why for id, why in found.items() if why is StayReason.PENDING or received_at[id] >= before}


async def _listed(tx: Tx, arrivals: Sequence[OldArrival]) -> frozenset[int]:
    """Return the arrivals of entries that their feed lists, or may list if they could not be read.

    Without them, the entries would arrive again.
    """
    sources = await tx.sources.by_ids(arrival.source_id for arrival in arrivals)
    listed: set[int] = set()
    for id, source in sources.items():
        if source.kind is not SourceKind.FEED or source.state is SourceState.GONE:
            continue
        articles = await tx.listings.of(id)
        own = [arrival for arrival in arrivals if arrival.source_id == id]
        listed.update(arrival.id for arrival in own if arrival.is_failed or arrival.article_id in articles)
    return frozenset(listed)
