"""Arrivals: one row for everything that ever came in, with its one end."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

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
    """Something of a source that came in, and its end."""

    key: str
    origin: str
    state: ArrivalState
    reason: str | None = None
    article_id: int | None = None


class Arrivals(Collection):
    async def add(
        self,
        *,
        source_id: int,
        key: str,
        origin: str,
        state: ArrivalState,
        reason: str | None = None,
        article_id: int | None = None,
        received_at: datetime,
    ) -> bool:
        """Count it. False: this key of this source was counted before, and nothing changed."""
        one = NewArrival(key=key, origin=origin, state=state, reason=reason, article_id=article_id)
        return not await self.add_many(source_id, [one], received_at)

    async def add_many(
        self, source_id: int, new: Iterable[NewArrival], received_at: datetime
    ) -> tuple[NewArrival, ...]:
        """Count them. Gives those whose key was counted before, or stood earlier in the list: nothing came of these."""
        first: dict[str, NewArrival] = {}
        again = [one for one in new if first.setdefault(one.key, one) is not one]
        if not first:
            return ()
        rows = [asdict(one) | {"source_id": source_id, "received_at": received_at} for one in first.values()]
        statement = insert_or_ignore(self._connection, arrivals, arrivals.c.key)
        counted = set((await self._connection.execute(statement, rows)).scalars())
        return (*(one for key, one in first.items() if key not in counted), *again)

    async def articles_of(self, source_id: int, keys: Iterable[str]) -> dict[str, int | None]:
        """The article that each known key of the source brought; None for an arrival that brought none."""
        known: dict[str, int | None] = {}
        for part in chunks(keys):
            rows = await self._all(
                select(arrivals.c.key, arrivals.c.article_id).where(
                    arrivals.c.source_id == source_id, arrivals.c.key.in_(part)
                )
            )
            known.update({row.key: row.article_id for row in rows})
        return known

    async def count_of_articles(self, source_id: int, article_ids: Iterable[int]) -> dict[int, int]:
        """How many keys of the source brought each of these articles; an article with none is not there."""
        found: dict[int, int] = {}
        for part in chunks(dict.fromkeys(article_ids)):
            rows = await self._all(
                select(arrivals.c.article_id, func.count().label("keys"))
                .where(arrivals.c.article_id.in_(part), arrivals.c.source_id == source_id)
                .group_by(arrivals.c.article_id)
            )
            found.update({row.article_id: row.keys for row in rows})
        return found

    async def recent(self, source_id: int, limit: int) -> tuple[Arrival, ...]:
        """The newest first."""
        statement = (
            select(*COLUMNS).where(arrivals.c.source_id == source_id).order_by(arrivals.c.id.desc()).limit(limit)
        )
        return tuple(map(to_arrival, await self._all(statement)))
