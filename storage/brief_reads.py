"""Brief reads: when each person last asked for a brief, so that the next brief can say what is new."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, select

from storage.rows import Collection
from storage.sql import upsert
from storage.tables import brief_reads

_LAST = select(brief_reads.c.read_at).where(
    brief_reads.c.workspace_id == bindparam("workspace_id"),
    brief_reads.c.user_external_id == bindparam("user_external_id"),
    brief_reads.c.topic == bindparam("topic"),
)


class BriefReads(Collection):
    async def last(self, workspace_id: int, user: str, topic: str) -> datetime | None:
        """Return when the person last asked for the brief on this topic (UTC), or None."""
        row = await self._first(_LAST, {"workspace_id": workspace_id, "user_external_id": user, "topic": topic})
        return None if row is None else row.read_at

    async def record(self, reads: Mapping[tuple[int, str, str], datetime]) -> None:
        """Store when briefs were asked for, by (workspace id, person's external id, topic). The latest call counts."""
        keys = ("workspace_id", "user_external_id", "topic")
        rows = [dict(zip(keys, reader, strict=True)) | {"read_at": at} for reader, at in reads.items()]
        if rows:
            statement = upsert(self._connection, brief_reads, keys=keys, changed=("read_at",))
            await self._connection.execute(statement, rows)
