"""Seen events: events, requests and one-time keys that were handled, so that no process handles them twice."""

from datetime import datetime

from sqlalchemy import select, update

from storage.records import Platform
from storage.rows import Collection
from storage.sql import insert_or_ignore
from storage.tables import seen_events


class SeenEvents(Collection):
    async def begin(self, platform: Platform, event_id: str, *, now: datetime, until: datetime) -> bool:
        """Claim an event until that time (UTC), and return True if the caller must handle it.

        Returns False if it was handled, or if another caller is handling it.
        """
        values = {"platform": platform, "event_id": event_id, "seen_at": now, "leased_until": until}
        added = insert_or_ignore(self._connection, seen_events, seen_events.c.event_id)
        if await self._first(added, values) is not None:
            return True
        abandoned = (
            update(seen_events)
            .where(
                seen_events.c.platform == platform,
                seen_events.c.event_id == event_id,
                seen_events.c.leased_until <= now,
            )
            .values(leased_until=until)
        )
        return await self._count(abandoned) == 1

    async def has(self, platform: Platform, event_id: str) -> bool:
        """Return whether the event was claimed."""
        found = select(seen_events.c.event_id).where(
            seen_events.c.platform == platform, seen_events.c.event_id == event_id
        )
        return await self._first(found) is not None

    async def finish(self, platform: Platform, event_id: str) -> None:
        """Mark the event as handled, so that it cannot be claimed again."""
        await self._count(
            update(seen_events)
            .where(seen_events.c.platform == platform, seen_events.c.event_id == event_id)
            .values(leased_until=None)
        )

    async def delete_before(self, before: datetime, *, limit: int) -> int:
        """Delete events claimed before that time (UTC), which no platform repeats: about `limit` of them.

        Returns the number of deleted events.
        """
        return await self._delete_before(seen_events.c.seen_at, before, limit)
