"""Events, requests and one-time keys that were acted on, so that no process acts on them a second time."""

from datetime import datetime

from sqlalchemy import delete, select, update

from storage.records import Platform
from storage.rows import Collection
from storage.sql import insert_or_ignore
from storage.tables import seen_events


class SeenEvents(Collection):
    async def begin(self, platform: Platform, event_id: str, *, now: datetime, until: datetime) -> bool:
        """True: the caller acts on it, until then alone. False: it was acted on, or another caller does so now."""
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
        """Whether somebody began to act on it."""
        found = select(seen_events.c.event_id).where(
            seen_events.c.platform == platform, seen_events.c.event_id == event_id
        )
        return await self._first(found) is not None

    async def finish(self, platform: Platform, event_id: str) -> None:
        await self._count(
            update(seen_events)
            .where(seen_events.c.platform == platform, seen_events.c.event_id == event_id)
            .values(leased_until=None)
        )

    async def forget(self, before: datetime) -> int:
        """How many were seen before then; no platform sends those again."""
        return await self._count(delete(seen_events).where(seen_events.c.seen_at < before))
