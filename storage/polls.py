"""Polls: which feeds are due, which process polls them at present, and the results of polls that changed nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, bindparam, case, or_, select, update

from storage.addresses import text_without_credentials
from storage.records import POLLED, Source, SourceState
from storage.rows import Collection
from storage.sources import COLUMNS, to_source
from storage.tables import sources

_IS_POLLED: Final = and_(
    sources.c.kind.in_(POLLED), sources.c.state == SourceState.ACTIVE, sources.c.removed_at.is_(None)
)
_OF_FAILURE: Final = (
    "state",
    "next_poll_at",
    "last_polled_at",
    "failures",
    "error",
    "trouble_since",
    "trouble_reported",
    "gone_since",
)
"""The columns that a failed poll changes."""
_IS_LEASED: Final = and_(sources.c.id == bindparam("of"), sources.c.leased_until == bindparam("lease"))
_STORE_UNCHANGED: Final = (
    update(sources)
    .where(_IS_LEASED)
    .values(
        etag=bindparam("new_etag"),
        last_modified=bindparam("new_last_modified"),
        interval=bindparam("new_interval"),
        # Not for a feed that was paused or removed during its poll.
        next_poll_at=case(
            (sources.c.state == SourceState.ACTIVE, bindparam("at", type_=sources.c.next_poll_at.type)),
            else_=sources.c.next_poll_at,
        ),
        last_polled_at=bindparam("now"),
        last_success_at=bindparam("now"),
        leased_until=None,
    )
)
_STORE_FAILED: Final = (
    update(sources)
    .where(sources.c.id == bindparam("of"))
    .values(
        {name: bindparam(f"new_{name}", type_=sources.c[name].type) for name in _OF_FAILURE} | {"leased_until": None}
    )
)
_SET_LEASE: Final = update(sources).where(_IS_LEASED).values(leased_until=bindparam("until"))


@dataclass(frozen=True, slots=True, kw_only=True)
class UnchangedPoll:
    """A poll of a healthy feed that brought nothing new and nothing to report. Times are in UTC."""

    source: Source
    """As claimed."""
    etag: str | None
    last_modified: str | None
    polled_at: datetime
    next_poll_at: datetime


class Polls(Collection):
    async def claim_due(self, now: datetime, *, lease: timedelta, limit: int) -> tuple[Source, ...]:
        """Lease active feeds whose poll is due at `now` (UTC) to the caller, and return them, longest due first."""
        due = (
            select(sources.c.id)
            .where(_is_due(now), or_(sources.c.leased_until.is_(None), sources.c.leased_until <= now))
            .order_by(sources.c.next_poll_at, sources.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        ids = [row.id for row in await self._all(due)]
        if not ids:
            return ()
        rows = await self._all(
            update(sources).where(sources.c.id.in_(ids)).values(leased_until=now + lease).returning(*COLUMNS)
        )
        claimed = {row.id: to_source(row) for row in rows}
        return tuple(claimed[id] for id in ids)

    async def postpone(self, until: Mapping[Source, datetime]) -> None:
        """Let nobody claim these feeds, as the caller has claimed them, before these times (UTC)."""
        await self._set_leases([_lease(source) | {"until": at} for source, at in until.items()])

    async def release(self, claimed: Iterable[Source]) -> None:
        """End the leases of these feeds, as the caller has claimed them, so that they can be claimed again at once."""
        await self._set_leases([_lease(source) | {"until": None} for source in claimed])

    async def _set_leases(self, rows: Sequence[Mapping[str, object]]) -> None:
        if rows:
            await self._connection.execute(_SET_LEASE, rows)

    async def store_unchanged(self, polls: Iterable[UnchangedPoll]) -> None:
        """Store these polls and end their leases. A feed that is no longer leased as it was claimed stays as it is."""
        rows = [
            _lease(poll.source)
            | {
                "new_etag": poll.etag,
                "new_last_modified": poll.last_modified,
                "new_interval": poll.next_poll_at - poll.polled_at,
                "at": poll.next_poll_at,
                "now": poll.polled_at,
            }
            for poll in polls
        ]
        if rows:
            await self._connection.execute(_STORE_UNCHANGED, rows)

    async def locked(self, ids: Iterable[int]) -> dict[int, Source]:
        """Return these sources by id. Nobody else changes them before the transaction ends."""
        statement = select(*COLUMNS).where(sources.c.id.in_(sorted(set(ids)))).order_by(sources.c.id)
        return {row.id: to_source(row) for row in await self._all(statement.with_for_update())}

    async def store_failed(self, failed: Iterable[Source]) -> None:
        """Store the health and the next poll of sources whose poll failed, and end their leases."""
        rows = []
        for source in failed:
            row = {f"new_{name}": getattr(source, name) for name in _OF_FAILURE}
            error = None if source.error is None else text_without_credentials(source.error)
            rows.append(row | {"of": source.id, "new_error": error})
        if rows:
            await self._connection.execute(_STORE_FAILED, rows)

    async def oldest_due(self, now: datetime) -> datetime | None:
        """Return since when the longest waiting feed is due at `now` (UTC); one that is being polled still waits."""
        statement = select(sources.c.next_poll_at).where(_is_due(now)).order_by(sources.c.next_poll_at).limit(1)
        row = await self._first(statement)
        return None if row is None else row.next_poll_at


def _is_due(now: datetime) -> ColumnElement[bool]:
    return and_(_IS_POLLED, sources.c.next_poll_at <= now)


def _lease(source: Source) -> dict[str, object]:
    return {"of": source.id, "lease": source.leased_until}
