"""Transactions that run as a whole in a thread: one call from the event loop instead of one for each statement.

The statements of a transaction are coroutines, as they wait on PostgreSQL. In the thread they return without waiting,
so that the coroutine around them runs to its end in one step.
"""

import asyncio
import contextvars
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from sqlalchemy import Connection as SyncConnection
from sqlalchemy import CursorResult, Dialect, Engine, Executable
from sqlalchemy.ext.asyncio import AsyncConnection

P = ParamSpec("P")
T = TypeVar("T")


class State(NamedTuple):
    """What was committed before a transaction. It equals that of another transaction if nothing was in between."""

    by_others: int
    """SQLite's data_version, which changes when another connection commits."""
    own: int
    """The number of commits of this connection."""

    def after_commit(self) -> "State":
        """Return the state after the transaction, unless another connection commits."""
        return self._replace(own=self.own + 1)


class ThreadConnection:
    """A connection of the thread that uses it. Its coroutines never wait."""

    def __init__(self, connection: SyncConnection, state: State) -> None:
        self._connection = connection
        self.state = state

    @property
    def dialect(self) -> Dialect:
        return self._connection.dialect

    async def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]:
        return self._connection.execute(statement, parameters)

    async def exec_driver_sql(self, statement: str, parameters: Any = None) -> CursorResult[Any]:
        return self._connection.exec_driver_sql(statement, parameters)

    async def run_sync(
        self, work: Callable[Concatenate[SyncConnection, P], T], /, *values: P.args, **named: P.kwargs
    ) -> T:
        return work(self._connection, *values, **named)


Connection = AsyncConnection | ThreadConnection
"""What collections of queries use."""


class DatabaseThread:
    """A thread with a connection to an SQLite file. Its transactions know whether others have committed meanwhile."""

    def __init__(self, engine: Engine) -> None:
        """The engine begins a transaction that writes if the connection has the execution option "writes"."""
        self._engine = engine
        self._commits = 0
        self._executor = ThreadPoolExecutor(1, "database")

    async def run(self, work: Callable[[Connection], Coroutine[Any, Any, T]], *, write: bool) -> T:
        """Run the coroutine of `work` in a transaction, and return its result.

        The coroutine must wait for nothing but the transaction. If the caller is cancelled, the transaction ends first.
        Raises: SQLAlchemyError, RuntimeError if the coroutine waits for something else.
        """
        context = contextvars.copy_context()
        call = partial(context.run, self._run, work, write)
        return await run_in(self._executor, call)

    def _run(self, work: Callable[[Connection], Coroutine[Any, Any, T]], write: bool) -> T:
        with self._engine.connect() as connection:
            connection = connection.execution_options(writes=write)
            with connection.begin():
                version = connection.exec_driver_sql("PRAGMA data_version").scalar_one()
                result = run_to_end(work(ThreadConnection(connection, State(version, self._commits))))
            self._commits += write
            return result

    async def close(self) -> None:
        """Close the connections and end the thread."""
        await asyncio.get_running_loop().run_in_executor(self._executor, self._engine.dispose)
        self._executor.shutdown()


async def run_in(executor: ThreadPoolExecutor | None, call: Callable[[], T]) -> T:
    """Run a call in a thread of the executor, or of the event loop's own. If cancelled, wait for its end first."""
    done = asyncio.get_running_loop().run_in_executor(executor, call)
    try:
        return await asyncio.shield(done)
    except asyncio.CancelledError:
        await asyncio.wait([done])
        raise


def run_to_end(coroutine: Coroutine[Any, Any, T]) -> T:
    """Return the result of a coroutine that never waits. Raises: RuntimeError if it waits."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    coroutine.close()
    raise RuntimeError("a transaction in the database's thread waited for something else")
