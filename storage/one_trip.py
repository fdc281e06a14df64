"""aiosqlite with one trip to its thread for a statement instead of four (cursor, execute, fetch, close).

Every trip costs two thread switches; together they were most of the time of a short statement. All rows are fetched at
once, which SQLAlchemy does anyway for a cursor that is not server-side.
"""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Self

import aiosqlite


class OneTripCursor:
    """What SQLAlchemy's adapter uses of a cursor (sqlalchemy.connectors.asyncio.AsyncIODBAPICursor)."""

    def __init__(self, connection: "OneTripConnection") -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        return None

    async def execute(self, statement: str, parameters: Any = ()) -> Self:
        return await self._run(lambda cursor: cursor.execute(statement, parameters))

    async def executemany(self, statement: str, parameters: Sequence[Any]) -> Self:
        return await self._run(lambda cursor: cursor.executemany(statement, parameters))

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Closed already, in the trip."""

    async def _run(self, work: Callable[[sqlite3.Cursor], object]) -> Self:
        def trip() -> None:
            cursor = self._connection._conn.cursor()
            try:
                work(cursor)
                self._rows = cursor.fetchall() if cursor.description else []
                self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid
            finally:
                cursor.close()

        await self._connection._execute(trip)  # type: ignore[no-untyped-call]
        return self


class OneTripConnection(aiosqlite.Connection):
    def cursor(self) -> OneTripCursor:  # type: ignore[override]
        return OneTripCursor(self)


def connect(database: str, *, timeout: float) -> OneTripConnection:
    """A connection to be awaited. Its thread does not keep the process alive."""

    def connector() -> sqlite3.Connection:
        return sqlite3.connect(database, timeout=timeout, isolation_level=None)

    connection = OneTripConnection(connector, iter_chunk_size=64)
    connection._thread.daemon = True
    return connection
