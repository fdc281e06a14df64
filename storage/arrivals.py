"""Arrivals: one row for everything that a source has brought, with its result."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from storage.records import Arrival, ArrivalState
from storage.rows import Collection, chunks, record_columns, values_of
from storage.sql import insert_or_ignore
from storage.tables import arrivals

COLUMNS = record_columns(arrivals, Arrival)


def to_arrival(row: Row[Any]) -> Arrival:
    values = values_of(row)
    values["state"] = ArrivalState(values["state"])
    return Arrival(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArrival:
    """An arrival to store. `Arrival` documents the fields."""

    key: str
    origin: str
    state: ArrivalState
    reason: str | None = None
    article_id: int | None = None


class Arrivals(Collection):
    async def add_many(
        self, source_id: int, new: Iterable[NewArrival], received_at: datetime
    ) -> tuple[NewArrival, ...]:
        """Store arrivals, received at that time (UTC), and return those that were not stored.

        An arrival is not stored if its source has one with the same key already, or if its key occurs earlier in `new`.
        """
        first: dict[str, NewArrival] = {}
        repeated = [arrival for arrival in new if first.setdefault(arrival.key, arrival) is not arrival]
        if not first:
            return ()
        rows = [asdict(arrival) | {"source_id": source_id, "received_at": received_at} for arrival in first.values()]
        statement = insert_or_ignore(self._connection, arrivals, arrivals.c.key)
        stored = set((await self._connection.execute(statement, rows)).scalars())
        return (*(arrival for key, arrival in first.items() if key not in stored), *repeated)

    async def articles_of(self, source_id: int, keys: Iterable[str]) -> dict[str, int | None]:
        """Return the article id of each arrival of the source with one of these keys; None if it brought no article."""
        found: dict[str, int | None] = {}
        for part in chunks(keys):
            rows = await self._all(
                select(arrivals.c.key, arrivals.c.article_id).where(
                    arrivals.c.source_id == source_id, arrivals.c.key.in_(part)
                )
            )
            found.update({row.key: row.article_id for row in rows})
        return found

    async def recent(self, source_id: int, limit: int) -> tuple[Arrival, ...]:
        """Return the last arrivals of the source, newest first."""
        statement = (
            select(*COLUMNS).where(arrivals.c.source_id == source_id).order_by(arrivals.c.id.desc()).limit(limit)
        )
        return tuple(map(to_arrival, await self._all(statement)))
