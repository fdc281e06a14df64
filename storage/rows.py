"""What all collections of queries share: their connection, columns in record order, checked updates, IN lists."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Executable,
    Row,
    Select,
    Table,
    and_,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from storage.database_thread import Connection
from storage.packing import in_json
from storage.records import SHARED
from storage.sql import upsert

CHUNK = 5_000
"""Values in one IN list. PostgreSQL accepts 32,767 parameters in a statement, SQLite at least as many."""

T = TypeVar("T")


class Collection:
    """Queries of one table, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def _first(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Row[Any] | None:
        """Return the first row. `values` are the parameters of a statement that is built once."""
        return (await self._connection.execute(statement, values)).first()

    async def _all(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Sequence[Row[Any]]:
        """Return all rows."""
        return (await self._connection.execute(statement, values)).all()

    async def _many(self, statement: Select[Any], values: Mapping[str, Any] | None = None) -> Sequence[Row[Any]]:
        """Return all rows like `_all`, but faster if there are more than a few.

        The rows must contain no bytes, and no fractions of more than 15 digits. With `values` the statement must be one
        that is built once in a process, because its JSON form is cached.

        SQLite's driver releases the interpreter lock for each row, and waits to get it back while other threads
        compute: 950 rows took 1 to 1.6 s beside a busy thread. As one row, which SQLite writes as JSON, they take 9 to
        14 ms.
        """
        dialect = self._connection.dialect
        if dialect.name != "sqlite":
            return await self._all(statement, values)
        columns, as_json = (_as_json if values is None else _as_json_cached)(statement)
        parsed = json.loads((await self._connection.execute(as_json, values)).scalar_one())
        readers = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        rows = (tuple(v if read is None else read(v) for read, v in zip(readers, row, strict=True)) for row in parsed)
        result: IteratorResult[*tuple[Any, ...]] = IteratorResult(SimpleResultMetaData(columns.keys()), rows)
        return result.all()

    async def _insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> list[int]:
        """Insert the rows with one statement and return their ids in the order of the rows.

        PostgreSQL keeps the order only if asked to. SQLite inserts one row after another and its ids rise; if asked to
        keep the order, SQLAlchemy would send it a statement for each row.
        """
        if not rows:
            return []
        in_order = self._connection.dialect.name == "postgresql"
        statement = insert(table).returning(table.c.id, sort_by_parameter_order=in_order)
        ids = (await self._connection.execute(statement, rows)).scalars().all()
        return list(ids) if in_order else sorted(ids)

    async def _put(self, table: Table, values: Mapping[str, Any], *, keys: tuple[str, ...]) -> None:
        """Insert the row, or update the row that has the same unique `keys`."""
        changed = tuple(name for name in values if name not in keys)
        await self._connection.execute(upsert(self._connection, table, keys=keys, changed=changed), values)

    async def _count(self, statement: Executable, values: Mapping[str, Any] | None = None) -> int:
        """Execute an update or a deletion and return the number of affected rows."""
        return (await self._connection.execute(statement, values)).rowcount

    async def _delete_before(self, column: Column[datetime], before: datetime, limit: int) -> int:
        """Delete the oldest rows of before that time, `limit` of them and others of the last one's time.

        Returns the number of deleted rows.
        """
        last = await self._first(
            select(column.label("at")).where(column < before).order_by(column).limit(1).offset(limit - 1)
        )
        oldest = column < before if last is None else column <= last.at
        return await self._count(delete(column.table).where(oldest))


def _as_json(statement: Select[Any]) -> tuple[ReadOnlyColumnCollection[str, Any], Select[Any]]:
    columns = statement.subquery().c
    return columns, select(func.json_group_array(func.json_array(*map(in_json, columns))))


_as_json_cached = cache(_as_json)
"""For statements that are built once."""


def record_columns(table: Table, record: type[Any], *, without: Iterable[str] = ()) -> tuple[ColumnElement[Any], ...]:
    """Return the table's columns in the order of the record's fields, with the names of the fields."""
    left_out = set(without)
    named = ((field.name, table.c[field.name]) for field in fields(record) if field.name not in left_out)
    return tuple(column if column.name == name else column.label(name) for name, column in named)


def values_of(row: Row[Any]) -> dict[str, Any]:
    """Return the row's values by column name."""
    return dict(row._mapping)


def checked(table: Table, values: Mapping[str, Any], fixed: frozenset[str]) -> dict[str, Any]:
    """Return the values of an update. Raises TypeError for a column that does not exist or is one of `fixed`."""
    wrong = [name for name in values if name not in table.c or name in fixed]
    if wrong:
        raise TypeError(f"{table.name} cannot change {', '.join(sorted(wrong))}")
    return dict(values)


FIXED: frozenset[str] = frozenset({"id", "created_at"})
"""Columns that no update changes."""


def visible(table: Table, workspace_id: int | BindParameter[Any]) -> ColumnElement[bool]:
    """Return the condition for rows that a workspace may see: its own and the shared ones.

    `workspace_id` is a parameter in statements that are built once.
    """
    return table.c.workspace_id.in_((SHARED, workspace_id))


def within(column: Column[Any], since: datetime | None, until: datetime | None) -> ColumnElement[bool]:
    """Return the condition `since <= column < until`. None leaves that side open."""
    sides: list[ColumnElement[bool]] = []
    if since is not None:
        sides.append(column >= since)
    if until is not None:
        sides.append(column < until)
    return and_(True, *sides)


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Yield the values in lists of at most `size`."""
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part


class Missing(LookupError):
    """A row was requested by an id that does not exist. This is a fault of the program, not of a person."""


def missing(table: Table, id: int) -> Missing:
    return Missing(f"no row {id} in {table.name}")
