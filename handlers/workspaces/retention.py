"""Data retention: delete the records of processed events and the drafts behind old buttons."""

from datetime import datetime, timedelta
from typing import Final

from storage.store import Store

EVENT_RETENTION: Final = timedelta(days=2)
"""Slack repeats an event for some minutes. A process that was suspended may receive it later."""
DRAFT_RETENTION: Final = timedelta(days=90)
"""An older button answers that it has expired and names the command that creates a new one."""


async def delete_expired(store: Store, now: datetime) -> None:
    """Delete events older than two days and drafts older than 90 days."""
    async with store.begin() as tx:
        await tx.seen_events.delete_before(now - EVENT_RETENTION)
        await tx.drafts.delete_before(now - DRAFT_RETENTION)
