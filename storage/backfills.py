"""Pending backfills: topics whose query has not been matched yet against all articles that were stored before it."""

from datetime import datetime

from sqlalchemy import delete, select, update

from storage.records import Backfill
from storage.rows import Collection, record_columns, values_of
from storage.tables import backfills, matches

COLUMNS = record_columns(backfills, Backfill)


class Backfills(Collection):
    async def enqueue(self, topic_id: int, *, since: datetime, now: datetime) -> None:
        """Add a backfill that begins with the newest article. One that is running begins again. `now` is in UTC."""
        values = {"topic_id": topic_id, "since": since, "below": None, "queued_at": now}
        await self._put(backfills, values, keys=("topic_id",))

    async def get(self, topic_id: int) -> Backfill | None:
        """Return the topic's backfill, or None if nothing is left to match."""
        row = await self._first(select(*COLUMNS).where(backfills.c.topic_id == topic_id))
        return None if row is None else Backfill(**values_of(row))

    async def pending(self) -> tuple[int, ...]:
        """Return the ids of the topics, the longest waiting first."""
        rows = await self._all(select(backfills.c.topic_id).order_by(backfills.c.queued_at, backfills.c.topic_id))
        return tuple(row.topic_id for row in rows)

    async def advance(self, backfill: Backfill, below: int | None) -> bool:
        """Store that only articles with ids below `below` remain, or with None that none do.

        Returns False if another process has advanced or restarted the backfill since it was read.
        """
        unchanged = (
            backfills.c.topic_id == backfill.topic_id,
            backfills.c.queued_at == backfill.queued_at,
            backfills.c.below.is_(None) if backfill.below is None else backfills.c.below == backfill.below,
        )
        if below is None:
            return bool(await self._count(delete(backfills).where(*unchanged)))
        return bool(await self._count(update(backfills).where(*unchanged).values(below=below)))

    async def matched(self, backfill: Backfill, *, limit: int) -> tuple[int, ...]:
        """Return the ids of remaining articles that matched the topic before its change, of any age, newest first."""
        statement = select(matches.c.article_id).where(matches.c.topic_id == backfill.topic_id)
        if backfill.below is not None:
            statement = statement.where(matches.c.article_id < backfill.below)
        rows = await self._all(statement.order_by(matches.c.article_id.desc()).limit(limit))
        return tuple(row.article_id for row in rows)
