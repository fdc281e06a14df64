"""Mutes: the stories and sources that a channel gets no alerts about."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select

from storage.rows import Collection, chunks
from storage.sql import insert_or_ignore
from storage.tables import mutes


class Mutes(Collection):
    """The subject of a mute is "story:12" or "source:7"."""

    async def add(self, channel_id: int, subject: str, by: str, now: datetime) -> bool:
        """Mute the subject. `by` is the person's external id. Return False if it was muted already."""
        values = {"channel_id": channel_id, "subject": subject, "created_by": by, "created_at": now}
        row = await self._first(insert_or_ignore(self._connection, mutes, mutes.c.subject), values)
        return row is not None

    async def remove(self, channel_id: int, subject: str) -> bool:
        """Unmute the subject. Return False if it was not muted."""
        return await self._count(delete(mutes).where(mutes.c.channel_id == channel_id, mutes.c.subject == subject)) == 1

    async def among(self, channel_id: int, subjects: Iterable[str]) -> frozenset[str]:
        """Return those of the subjects that the channel has muted."""
        return frozenset(subject for _, subject in await self.among_channels([channel_id], subjects))

    async def among_channels(self, channel_ids: Iterable[int], subjects: Iterable[str]) -> frozenset[tuple[int, str]]:
        """Return (channel id, subject) for every mute of these subjects in these channels."""
        wanted, found = sorted(set(subjects)), set[tuple[int, str]]()
        for part in chunks(sorted(set(channel_ids))):
            rows = await self._all(
                select(mutes.c.channel_id, mutes.c.subject).where(
                    mutes.c.channel_id.in_(part), mutes.c.subject.in_(wanted)
                )
            )
            found.update((row.channel_id, row.subject) for row in rows)
        return frozenset(found)
