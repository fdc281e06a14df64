"""An SQLite driver for SQLAlchemy that sends each statement to the connection's thread once.

aiosqlite sends four calls to the thread for each statement: for a cursor, for the statement, for its rows and to close
the cursor. Each call takes as long as a query.
"""

import sqlite3
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self

import aiosqlite


class Connection(aiosqlite.Connection):
    """aiosqlite's connection with cursors that need one call for each statement."""

    # SQLAlchemy uses no more of a cursor than this one has.
    def cursor(self) -> "Cursor":  # type: ignore[override]
        return Cursor(self)

    async def rollback(self) -> None:
        """Roll back the transaction if one is open. SQLAlchemy calls this after each commit too."""
        if self._conn.in_transaction:
            await super().rollback()

    async def run(self, work: Callable[[Any], "Result"]) -> "Result":
        """Call `work` with a cursor in the connection's thread, close the cursor, and return the result."""

        def with_cursor() -> Result:
            cursor = self._conn.cursor()
            try:
                return work(cursor)
            finally:
                cursor.close()

        result: Result = await self._execute(with_cursor)  # type: ignore[no-untyped-call]
        return result


class Result:
    """What a statement returned."""

    __slots__ = ("description", "lastrowid", "rowcount", "rows")

    def __init__(self, cursor: Any) -> None:
        self.description = cursor.description
        self.rows: Sequence[Any] = cursor.fetchall() if cursor.description else ()
        self.rowcount = cursor.rowcount
        self.lastrowid = cursor.lastrowid


class Cursor:
    """The part of a driver's cursor that SQLAlchemy uses."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._result: Result | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def execute(self, statement: str, parameters: Any = ()) -> Self:
        def work(cursor: Any) -> Result:
            return Result(cursor.execute(statement, parameters))

        self._result = await self._connection.run(work)
        return self

    async def executemany(self, statement: str, parameters: Any) -> Self:
        def work(cursor: Any) -> Result:
            return Result(cursor.executemany(statement, parameters))

        self._result = await self._connection.run(work)
        return self

    async def fetchall(self) -> Sequence[Any]:
        return self._result.rows if self._result is not None else ()

    async def close(self) -> None:
        """Do nothing: the cursor was closed when it had its rows."""

    @property
    def description(self) -> Any:
        return self._result and self._result.description

    @property
    def rowcount(self) -> int:
        return self._result.rowcount if self._result is not None else -1

    @property
    def lastrowid(self) -> int | None:
        return self._result.lastrowid if self._result is not None else None


def connect(path: str, **options: Any) -> Connection:
    """Return a connection that opens when it is awaited. `options` are those of sqlite3.connect."""
    connection = Connection(lambda: sqlite3.connect(path, **options), 64)
    connection._thread.daemon = True  # as SQLAlchemy does, so that a lost connection never keeps the process alive
    return connection
