"""Deferred writes: what an answer leaves to be stored, even if a workspace is gone or a note cannot be stored."""

import asyncio

import pytest
from sqlalchemy.exc import IntegrityError

from handlers.commands.after_answer import DeferredWrites
from storage.store import Store
from tests.support.newsroom import Newsroom


async def test_notes_of_a_removed_workspace_do_not_stop_those_of_others(sqlite_store: Store) -> None:
    room = await Newsroom(sqlite_store).open()
    acme, removed, deferred = await room.workspace(), await room.workspace("removed"), DeferredWrites(sqlite_store)
    key = deferred.add_draft(acme.id, {"query": "huawei"}, room.now)
    lost_key = deferred.add_draft(removed.id, {"query": "huawei"}, room.now)
    async with sqlite_store.begin() as tx:
        await tx.workspaces.remove(removed.id)

    await asyncio.gather(deferred.flush(acme.id), deferred.flush(removed.id), deferred.flush(acme.id))

    async with sqlite_store.read() as tx:
        assert await tx.drafts.get(key, acme.id) == {"query": "huawei"}
        assert await tx.drafts.get(lost_key, removed.id) is None


async def test_a_note_that_the_database_refuses_fails_once_and_is_dropped(sqlite_store: Store) -> None:
    room = await Newsroom(sqlite_store).open()
    acme, deferred = await room.workspace(), DeferredWrites(sqlite_store)
    deferred.add_draft(acme.id, {"query": "huawei"}, None)  # type: ignore[arg-type]

    with pytest.raises(IntegrityError):
        await deferred.flush(acme.id)
    key = deferred.add_draft(acme.id, {"query": "zte"}, room.now)
    await deferred.flush(acme.id)

    async with sqlite_store.read() as tx:
        assert await tx.drafts.get(key, acme.id) == {"query": "zte"}
