"""What an answer leaves behind: who read which brief, and what its buttons will need. All who answer write at once.

A command that only reads does not wait for those that write while others wait for it: it notes what is to be stored,
ends its turn, and is given to its person when that is stored.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from storage.drafts import draft_key
from storage.errors import StorageError
from storage.store import Store, Tx

_Reader = tuple[int, str, str]
"""The workspace, the person's external id, and the subject."""
_Draft = tuple[Mapping[str, Any], datetime]


class Notes:
    """What is noted and not stored yet."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._reads: dict[_Reader, datetime] = {}
        self._drafts: dict[tuple[int, str], _Draft] = {}
        self._writing = asyncio.Lock()

    async def read(self, tx: Tx, workspace_id: int, user: str, subject: str, now: datetime) -> datetime | None:
        """When this person last asked for the brief; and notes that they ask now."""
        reader = (workspace_id, user, subject)
        last = self._reads.get(reader) or await tx.brief_reads.last(workspace_id, user, subject)
        self._reads[reader] = max(now, last or now)
        return last

    def draft(self, workspace_id: int, body: Mapping[str, Any], now: datetime) -> str:
        """The key that it will be found under."""
        key = draft_key(workspace_id, body)
        self._drafts[workspace_id, key] = (body, now)
        return key

    async def written(self, workspace_id: int) -> None:
        """Wait until all that is noted of a workspace so far is stored: one transaction for all who wait for one.

        What could not be stored for now is still noted. Raises: StorageError.
        """
        if not self._has(workspace_id):
            return
        async with self._writing:
            if not self._has(workspace_id):  # who waited before wrote it
                return
            reads, drafts = dict(self._reads), dict(self._drafts)
            again = False
            try:
                await self._store_all(reads, drafts)
            except (StorageError, asyncio.CancelledError):
                again = True
                raise
            finally:
                # What can never be stored would be in everybody's way, and is worth less than that.
                if not again:
                    self._forget(reads, drafts)

    async def _store_all(self, reads: Mapping[_Reader, datetime], drafts: Mapping[tuple[int, str], _Draft]) -> None:
        """What belongs to a workspace that was removed meanwhile is left out."""
        async with self._store.begin() as tx:
            asking = {workspace_id for workspace_id, *_ in reads} | {workspace_id for workspace_id, _ in drafts}
            there = await tx.workspaces.by_ids(asking)
            await tx.brief_reads.record({reader: at for reader, at in reads.items() if reader[0] in there})
            for (workspace_id, _), (body, now) in drafts.items():
                if workspace_id in there:
                    await tx.drafts.save(workspace_id, body, now)

    def _forget(self, reads: Mapping[_Reader, datetime], drafts: Mapping[tuple[int, str], _Draft]) -> None:
        """But for what was noted anew meanwhile."""
        self._reads = {key: at for key, at in self._reads.items() if reads.get(key) != at}
        self._drafts = {key: one for key, one in self._drafts.items() if drafts.get(key) is not one}

    def _has(self, workspace_id: int) -> bool:
        return any(key[0] == workspace_id for key in (*self._reads, *self._drafts))
