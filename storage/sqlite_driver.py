"""SQLite connections that go to their thread once for each statement: each way there and back costs as much as a query.

The driver goes there for a cursor, for the statement, for its rows, and to close the cursor.
"""

import sqlite3
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self

import aiosqlite


class Direct(aiosqlite.Connection):
    """The driver's connection, with cursors of one way."""

    # SQLAlchemy asks for no more than what this one has.
    def cursor(self) -> "Cursor":  # type: ignore[override]
        return Cursor(self)

    async def rollback(self) -> None:
        """Nothing where no transaction is open: SQLAlchemy asks for one after each commit too."""
        if self._conn.in_transaction:
            await super().rollback()

    async def run(self, work: Callable[[Any], "Done"]) -> "Done":
        """In the connection's thread, with a cursor that is closed afterwards."""

        def with_cursor() -> Done:
            cursor = self._conn.cursor()
            try:
                return work(cursor)
            finally:
                cursor.close()

        done: Done = await self._execute(with_cursor)  # type: ignore[no-untyped-call]
        return done


class Done:
    """What a statement left, as the cursor told it."""

    __slots__ = ("description", "lastrowid", "rowcount", "rows")

    def __init__(self, cursor: Any) -> None:
        self.description = cursor.description
        self.rows: Sequence[Any] = cursor.fetchall() if cursor.description else ()
        self.rowcount = cursor.rowcount
        self.lastrowid = cursor.lastrowid


class Cursor:
    """What SQLAlchemy wants of a driver's cursor."""

    def __init__(self, connection: Direct) -> None:
        self._connection = connection
        self._done: Done | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def execute(self, statement: str, parameters: Any = ()) -> Self:
        def work(cursor: Any) -> Done:
            return Done(cursor.execute(statement, parameters))

        self._done = await self._connection.run(work)
        return self

    async def executemany(self, statement: str, parameters: Any) -> Self:
        def work(cursor: Any) -> Done:
            return Done(cursor.executemany(statement, parameters))

        self._done = await self._connection.run(work)
        return self

    async def fetchall(self) -> Sequence[Any]:
        return self._done.rows if self._done is not None else ()

    async def close(self) -> None:
        """It was closed as soon as it had its rows."""

    @property
    def description(self) -> Any:
        return self._done and self._done.description

    @property
    def rowcount(self) -> int:
        return self._done.rowcount if self._done is not None else -1

    @property
    def lastrowid(self) -> int | None:
        return self._done.lastrowid if self._done is not None else None


def connect(path: str, **options: Any) -> Direct:
    """Not open yet: whoever awaits it opens it. `options` are those of sqlite3.connect."""
    connection = Direct(lambda: sqlite3.connect(path, **options), 64)
    connection._thread.daemon = True  # as SQLAlchemy does it: a connection that was lost never keeps a process
    return connection
