"""What nobody can ask for any more: events that no platform sends again, and what very old buttons need."""

from datetime import datetime, timedelta
from typing import Final

from storage.store import Store

EVENTS_KEPT: Final = timedelta(days=2)
"""Slack sends an event again for some minutes; a process that stood still may look later."""
DRAFTS_KEPT: Final = timedelta(days=90)
"""A button that is older says so, and which command makes a fresh one. The same command makes its draft new."""


async def forget_old(store: Store, now: datetime) -> None:
    async with store.begin() as tx:
        await tx.seen_events.delete_before(now - EVENTS_KEPT)
        await tx.drafts.delete_before(now - DRAFTS_KEPT)
