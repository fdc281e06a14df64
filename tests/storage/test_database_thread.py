"""Transactions that run as a whole in the database's thread."""

import asyncio
import threading

import pytest

from storage.database_thread import run_to_end
from storage.errors import StorageError
from storage.store import Store, Tx


async def test_a_transaction_is_committed_and_its_result_returned(store: Store) -> None:
    async def work(tx: Tx) -> int:
        return await tx.meta.increase("counter")

    assert [await store.write(work), await store.write(work)] == [1, 2]
    assert await store.look_up(lambda tx: tx.meta.get("counter")) == "2"
    async with store.read() as tx:
        assert await tx.meta.get("counter") == "2"


async def test_an_error_rolls_the_transaction_back(store: Store) -> None:
    async def work(tx: Tx) -> None:
        await tx.meta.set("name", "value")
        raise LookupError

    with pytest.raises(LookupError):
        await store.write(work)
    assert await store.look_up(lambda tx: tx.meta.get("name")) is None


async def test_all_of_it_runs_in_one_thread_that_is_not_the_event_loops(sqlite_store: Store) -> None:
    async def work(tx: Tx) -> list[str]:
        names = [threading.current_thread().name]
        await tx.meta.get("name")
        return [*names, threading.current_thread().name, await tx.compute(lambda: threading.current_thread().name)]

    names = await sqlite_store.write(work)

    assert len(set(names)) == 1 and threading.current_thread().name not in names


async def test_work_that_waits_for_something_else_is_refused_and_rolled_back(sqlite_store: Store) -> None:
    async def work(tx: Tx) -> None:
        await tx.meta.set("name", "value")
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="waited for something else"):
        await sqlite_store.write(work)
    assert await sqlite_store.look_up(lambda tx: tx.meta.get("name")) is None


async def test_a_cancelled_caller_waits_for_the_end_of_the_transaction(sqlite_store: Store) -> None:
    begun, may_end = threading.Event(), threading.Event()

    async def work(tx: Tx) -> None:
        begun.set()
        may_end.wait(5)
        await tx.meta.set("name", "value")

    writing = asyncio.create_task(sqlite_store.write(work))
    await asyncio.to_thread(begun.wait, 5)
    writing.cancel()
    await asyncio.sleep(0)
    assert not writing.done()
    may_end.set()

    with pytest.raises(asyncio.CancelledError):
        await writing
    assert await sqlite_store.look_up(lambda tx: tx.meta.get("name")) == "value"


async def test_an_error_of_the_database_is_explained(sqlite_store: Store) -> None:
    async def work(tx: Tx) -> None:
        await tx.connection.exec_driver_sql("PRAGMA query_only=ON")
        try:
            await tx.meta.set("name", "value")
        finally:
            await tx.connection.exec_driver_sql("PRAGMA query_only=OFF")

    with pytest.raises(StorageError):
        await sqlite_store.write(work)


async def test_the_state_tells_whether_anything_was_committed_between_transactions(sqlite_store: Store) -> None:
    async def state(tx: Tx) -> object:
        return tx.state

    first = await sqlite_store.look_up(state)
    assert first is not None
    assert await sqlite_store.look_up(state) == first
    assert await sqlite_store.write(state) == first
    after = await sqlite_store.look_up(state)
    assert after == first.after_commit()  # type: ignore[attr-defined]
    async with sqlite_store.begin() as tx:
        assert tx.state is None
        await tx.meta.set("name", "value")
    assert await sqlite_store.look_up(state) != after


def test_a_coroutine_that_never_waits_is_run_to_its_end() -> None:
    async def one() -> int:
        return 1

    async def two() -> int:
        return 1 + await one()

    assert run_to_end(two()) == 2
