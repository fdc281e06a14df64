"""The health of sources, counted by the database, and the sources that a list shows first. Index: ix_sources_health."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, select

from storage.records import POLLED, SHARED, Source, SourceState
from storage.rows import Collection, visible
from storage.sources import COLUMNS, to_source
from storage.tables import sources

_IS_ACTIVE: Final = sources.c.state == SourceState.ACTIVE
_HAS_FAILED: Final = sources.c.failures > 0
_IS_SILENT: Final = and_(sources.c.failures == 0, sources.c.trouble_since.is_not(None))


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCounts:
    """The numbers of sources that a workspace sees."""

    total: int = 0
    own: int = 0
    """Those that are not shared."""
    active: int = 0
    failing: int = 0
    """Active ones that fail or are unusually silent."""
    failed: int = 0
    """Those whose last poll failed, active or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTotals:
    """The numbers of the sources of all workspaces."""

    by_state: Mapping[SourceState, int] = field(default_factory=dict)
    failed: int = 0
    """Active ones whose last poll failed."""
    next_poll_at: datetime | None = None
    """When the next poll of a feed is or was due, in UTC."""


class SourceHealth(Collection):
    """Sources that were removed are not counted."""

    async def counts(self, workspace_id: int) -> SourceCounts:
        """Count the sources that the workspace sees."""
        seen = _seen(workspace_id)
        # A count of each condition is a range of the index. Sums over all rows would take ten times as long.
        row = await self._first(
            select(
                _number(*seen).label("total"),
                _number(*seen, sources.c.workspace_id != SHARED).label("own"),
                _number(*seen, _IS_ACTIVE).label("active"),
                (_number(*seen, _IS_ACTIVE, _HAS_FAILED) + _number(*seen, _IS_ACTIVE, _IS_SILENT)).label("failing"),
                _number(*seen, sources.c.state.in_(list(SourceState)), _HAS_FAILED).label("failed"),
            )
        )
        if row is None:
            return SourceCounts()
        return SourceCounts(total=row.total, own=row.own, active=row.active, failing=row.failing, failed=row.failed)

    async def failing(self, workspace_id: int, *, limit: int) -> tuple[Source, ...]:
        """Return the first active sources, by title, that fail or are unusually silent."""
        seen = (*_seen(workspace_id), _IS_ACTIVE)
        found = [
            source
            for condition in (_HAS_FAILED, _IS_SILENT)
            for source in await self._first_of(limit, *seen, condition)
        ]
        return tuple(sorted(found, key=lambda source: (source.title.casefold(), source.id))[:limit])

    async def first(self, workspace_id: int, *, limit: int) -> tuple[Source, ...]:
        """Return the first sources that the workspace sees: failed ones first, then feeds, by title."""
        seen = (*_seen(workspace_id), sources.c.state.in_(list(SourceState)))
        is_feed = sources.c.kind.in_(POLLED)
        found: list[Source] = []
        for condition in (
            and_(_HAS_FAILED, is_feed),
            and_(_HAS_FAILED, ~is_feed),
            and_(sources.c.failures == 0, is_feed),
            and_(sources.c.failures == 0, ~is_feed),
        ):
            if len(found) < limit:
                found += await self._first_of(limit - len(found), *seen, condition)
        return tuple(found)

    async def _first_of(self, limit: int, *conditions: ColumnElement[bool]) -> list[Source]:
        """Return the first of these sources by title."""
        order = (func.lower(sources.c.title), sources.c.id)
        # The ids are found in the index alone, before whole rows are read.
        ids = select(sources.c.id).where(*conditions).order_by(*order).limit(limit).scalar_subquery()
        rows = await self._all(select(*COLUMNS).where(sources.c.id.in_(ids)).order_by(*order))
        return list(map(to_source, rows))

    async def totals(self) -> SourceTotals:
        """Count the sources of all workspaces."""
        kept = sources.c.removed_at.is_(None)
        counted = select(sources.c.state, func.count().label("number")).where(kept).group_by(sources.c.state)
        by_state = {SourceState(row.state): row.number for row in await self._all(counted)}
        failed = await self._first(select(_number(kept, _IS_ACTIVE, _HAS_FAILED).label("number")))
        due = await self._first(
            select(sources.c.next_poll_at)
            .where(
                sources.c.next_poll_at.is_not(None),
                sources.c.kind.in_(POLLED),
                _IS_ACTIVE,
                sources.c.removed_at.is_(None),
            )
            .order_by(sources.c.next_poll_at)
            .limit(1)
        )
        return SourceTotals(
            by_state=by_state,
            failed=0 if failed is None else failed.number,
            next_poll_at=None if due is None else due.next_poll_at,
        )


def _seen(workspace_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return the conditions of the sources that a workspace sees."""
    return visible(sources, workspace_id), sources.c.removed_at.is_(None)


def _number(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).select_from(sources).where(*conditions).scalar_subquery()
