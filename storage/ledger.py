"""The ledger: counts of everything that arrived and its results. The sums agree at any time."""

from collections import Counter
from collections.abc import Collection as Group
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, case, func, literal, select

from storage.database_thread import Connection
from storage.pruned_counts import PrunedCounts
from storage.records import (
    ArrivalState,
    DeliveryKind,
    DeliveryState,
    HeldReason,
    Ledger,
    LedgerEnds,
    OutcomeState,
    PrunedRows,
)
from storage.rows import Collection
from storage.tables import arrivals, articles, deliveries, outcomes

ENDS = ("matched", "held", "merged", "dead", "pending", "sent")
"""The results that an article can have in a channel, the furthest last."""
OWN_STATES = (ArrivalState.FAILED, ArrivalState.DUPLICATE)
"""States of arrivals that do not depend on what became of their article."""
_ALL_ENDS = (*OWN_STATES, ArrivalState.UNMATCHED, *ENDS)


def _furthest(*where: ColumnElement[bool]) -> Select[Any]:
    """Return the statement for the furthest result of each article in any channel, as a place in `ENDS`."""
    reached = case(
        (outcomes.c.state == OutcomeState.HELD, ENDS.index("held")),
        (outcomes.c.state == OutcomeState.MERGED, ENDS.index("merged")),
        (deliveries.c.state == DeliveryState.DEAD, ENDS.index("dead")),
        (deliveries.c.state == DeliveryState.SENT, ENDS.index("sent")),
        else_=ENDS.index("pending"),
    )
    return (
        select(outcomes.c.article_id, func.max(reached).label("reached"))
        .join_from(outcomes, deliveries, deliveries.c.id == outcomes.c.delivery_id, isouter=True)
        .where(*where)
        .group_by(outcomes.c.article_id)
    )


def _ends() -> Select[Any]:
    """Return the statement that counts arrivals by result. Each arrival is counted once."""
    furthest = _furthest().subquery()
    own = arrivals.c.state.in_(OWN_STATES)
    ended = case(
        (own, arrivals.c.state),
        *((furthest.c.reached == place, literal(end)) for place, end in enumerate(ENDS)),
        else_=arrivals.c.state,
    ).label("ended")
    ends = (
        select(ended)
        .join_from(arrivals, furthest, furthest.c.article_id == arrivals.c.article_id, isouter=True)
        .subquery()
    )
    return select(ends.c.ended, func.count().label("rows")).group_by(ends.c.ended)


async def furthest_ends(connection: Connection, article_ids: Group[int]) -> dict[int, str]:
    """Return the furthest result of those articles that have one in any channel: one of `ENDS` by article id."""
    rows = await connection.execute(_furthest(outcomes.c.article_id.in_(article_ids)))
    return {row.article_id: ENDS[row.reached] for row in rows}


class Ledgers(Collection):
    async def totals(self) -> Ledger:
        """Return all counts since the database was created, taken from one state of the database.

        What retention has deleted is included.
        """
        pruned = await PrunedCounts(self._connection).all()
        by_arrival = await self._by(arrivals, "state", pruned, "arrivals")
        by_outcome = await self._by(outcomes, "state", pruned, "outcomes")
        by_reason = await self._by(outcomes, "reason", pruned, "reasons")
        by_state = await self._by(deliveries, "state", pruned, "deliveries")
        by_kind = await self._by(deliveries, "kind", pruned, "kinds")
        ends = {row.ended: row.rows for row in await self._all(_ends())}
        return Ledger(
            arrivals=await self._rows(arrivals) + _sum(pruned, "arrivals"),
            failed=by_arrival.get(ArrivalState.FAILED, 0),
            duplicate=by_arrival.get(ArrivalState.DUPLICATE, 0),
            unmatched=by_arrival.get(ArrivalState.UNMATCHED, 0),
            matched=by_arrival.get(ArrivalState.MATCHED, 0),
            articles=await self._rows(articles) + pruned.get("articles", 0),
            outcomes=await self._rows(outcomes) + _sum(pruned, "outcomes"),
            alert=by_outcome.get(OutcomeState.ALERT, 0),
            merged=by_outcome.get(OutcomeState.MERGED, 0),
            held=by_outcome.get(OutcomeState.HELD, 0),
            held_by_reason={reason: by_reason.get(reason, 0) for reason in HeldReason},
            deliveries=await self._rows(deliveries) + _sum(pruned, "deliveries"),
            deliveries_by_state={state: by_state.get(state, 0) for state in DeliveryState},
            deliveries_by_kind={kind: by_kind.get(kind, 0) for kind in DeliveryKind},
            ended=LedgerEnds(**{end: ends.get(end, 0) + pruned.get(f"ends:{end}", 0) for end in _ALL_ENDS}),
            pruned=PrunedRows(
                arrivals=_sum(pruned, "arrivals"),
                articles=pruned.get("articles", 0),
                outcomes=_sum(pruned, "outcomes"),
                deliveries=_sum(pruned, "deliveries"),
            ),
        )

    async def _rows(self, table: Table) -> int:
        row = await self._first(select(func.count()).select_from(table))
        return 0 if row is None else int(row[0])

    async def _by(self, table: Table, name: str, pruned: Mapping[str, int], kind: str) -> Counter[str | None]:
        """Count the stored rows by the value of a column, and add the deleted ones of that kind."""
        rows = await self._all(select(table.c[name].label("value"), func.count().label("rows")).group_by(table.c[name]))
        counts: Counter[str | None] = Counter({row.value: row.rows for row in rows})
        counts.update({value: count for of, value, count in _split(pruned) if of == kind})
        return counts


def _sum(pruned: Mapping[str, int], kind: str) -> int:
    return sum(count for of, _, count in _split(pruned) if of == kind)


def _split(pruned: Mapping[str, int]) -> Iterator[tuple[str, str, int]]:
    """Yield (kind, value, count)."""
    for name, count in pruned.items():
        kind, _, value = name.partition(":")
        yield kind, value, count
