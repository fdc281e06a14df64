"""Workspaces that removed us: forgotten after a time of grace, unless they come back; and old events with them."""

from datetime import datetime, timedelta
from typing import Final

from storage.store import Store

GRACE: Final = timedelta(days=30)
"""From the removal until everything that only this workspace could see is deleted. The greeting names it."""
_EVENTS_KEPT: Final = timedelta(days=2)
"""Slack tries for some minutes; a process that stood still may look later."""


async def forget_the_gone(store: Store, *, now: datetime) -> int:
    """Delete the workspaces whose grace is over; gives how many. A transaction for each."""
    async with store.read() as tx:
        due = await tx.workspaces.to_remove(now)
    forgotten = 0
    for workspace in due:
        async with store.begin() as tx:
            # It may have come back meanwhile.
            current = [one for one in await tx.workspaces.to_remove(now) if one.id == workspace.id]
            if current:
                await tx.workspaces.remove(workspace.id)
                forgotten += 1
    async with store.begin() as tx:
        await tx.seen_events.forget(now - _EVENTS_KEPT)
    return forgotten
