"""Writes that are deferred until an answer is ready: who read which brief, and what the answer's buttons need later.

A command that only reads does not hold its place in the queue while it waits for the database's single writer. It
notes what to store and releases its place. Its answer is sent once the notes are stored, together with those of others.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from storage.drafts import draft_key
from storage.errors import StorageError
from storage.store import Store, Tx

_Reader = tuple[int, str, str]
"""The workspace, the person's external id, and the subject of the brief."""
_Draft = tuple[Mapping[str, Any], datetime]
"""The body, and when it was made."""


class DeferredWrites:
    """Brief reads and drafts that are noted but not stored yet."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._reads: dict[_Reader, datetime] = {}
        self._drafts: dict[tuple[int, str], _Draft] = {}
        self._writing = asyncio.Lock()

    async def note_brief_read(
        self, tx: Tx, workspace_id: int, user: str, subject: str, now: datetime
    ) -> datetime | None:
        """Note that the person asks for this brief now. Return when they last did (UTC), None if never."""
        reader = (workspace_id, user, subject)
        last = self._reads.get(reader) or await tx.brief_reads.last(workspace_id, user, subject)
        self._reads[reader] = max(now, last or now)
        return last

    def add_draft(self, workspace_id: int, body: Mapping[str, Any], now: datetime) -> str:
        """Note a draft. Return the key under which it can be loaded once it is stored; equal bodies have equal keys."""
        key = draft_key(workspace_id, body)
        self._drafts[workspace_id, key] = (body, now)
        return key

    async def flush(self, workspace_id: int) -> None:
        """Store everything that is noted for the workspace. Concurrent calls share one transaction.

        Raises: StorageError; the notes are then kept for the next flush.
        """
        if not self._has(workspace_id):
            return
        async with self._writing:
            if not self._has(workspace_id):  # stored by the call that held the lock before
                return
            reads, drafts = dict(self._reads), dict(self._drafts)
            keep = False
            try:
                await self._store_all(reads, drafts)
            except (StorageError, asyncio.CancelledError):
                keep = True
                raise
            finally:
                # A note that the database refuses for good would fail every later flush, so it is dropped.
                if not keep:
                    self._drop(reads, drafts)

    async def _store_all(self, reads: Mapping[_Reader, datetime], drafts: Mapping[tuple[int, str], _Draft]) -> None:
        """Skip notes of workspaces that have been removed in the meantime."""
        async with self._store.begin() as tx:
            noted = {workspace_id for workspace_id, *_ in reads} | {workspace_id for workspace_id, _ in drafts}
            existing = await tx.workspaces.by_ids(noted)
            await tx.brief_reads.record({reader: at for reader, at in reads.items() if reader[0] in existing})
            for (workspace_id, _), (body, now) in drafts.items():
                if workspace_id in existing:
                    await tx.drafts.save(workspace_id, body, now)

    def _drop(self, reads: Mapping[_Reader, datetime], drafts: Mapping[tuple[int, str], _Draft]) -> None:
        """Forget these notes, except those that were noted again in the meantime."""
        self._reads = {key: at for key, at in self._reads.items() if reads.get(key) != at}
        self._drafts = {key: draft for key, draft in self._drafts.items() if drafts.get(key) is not draft}

    def _has(self, workspace_id: int) -> bool:
        return any(key[0] == workspace_id for key in (*self._reads, *self._drafts))
