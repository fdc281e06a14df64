"""The ledger: counts of everything that arrived and its results. The sums agree at any time."""

from typing import Any

from sqlalchemy import Select, Table, case, func, literal, select

from storage.records import (
    ArrivalState,
    DeliveryKind,
    DeliveryState,
    HeldReason,
    Ledger,
    LedgerEnds,
    OutcomeState,
)
from storage.rows import Collection
from storage.tables import arrivals, articles, deliveries, outcomes

ENDS = ("matched", "held", "merged", "dead", "pending", "sent")
"""The results that an article can have in a channel, the furthest last."""


def _ends() -> Select[Any]:
    """Return the statement that counts arrivals by result. Each arrival is counted once."""
    reached = case(
        (outcomes.c.state == OutcomeState.HELD, ENDS.index("held")),
        (outcomes.c.state == OutcomeState.MERGED, ENDS.index("merged")),
        (deliveries.c.state == DeliveryState.DEAD, ENDS.index("dead")),
        (deliveries.c.state == DeliveryState.SENT, ENDS.index("sent")),
        else_=ENDS.index("pending"),
    )
    furthest = (
        select(outcomes.c.article_id, func.max(reached).label("reached"))
        .join_from(outcomes, deliveries, deliveries.c.id == outcomes.c.delivery_id, isouter=True)
        .group_by(outcomes.c.article_id)
        .subquery()
    )
    own = arrivals.c.state.in_((ArrivalState.FAILED, ArrivalState.DUPLICATE))
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


class Ledgers(Collection):
    async def totals(self) -> Ledger:
        """Return all counts, taken from one state of the database."""
        by_arrival = await self._by(arrivals, "state")
        by_outcome = await self._by(outcomes, "state")
        by_reason = await self._by(outcomes, "reason")
        by_state, by_kind = await self._by(deliveries, "state"), await self._by(deliveries, "kind")
        ends = {row.ended: row.rows for row in await self._all(_ends())}
        return Ledger(
            arrivals=await self._rows(arrivals),
            failed=by_arrival.get(ArrivalState.FAILED, 0),
            duplicate=by_arrival.get(ArrivalState.DUPLICATE, 0),
            unmatched=by_arrival.get(ArrivalState.UNMATCHED, 0),
            matched=by_arrival.get(ArrivalState.MATCHED, 0),
            articles=await self._rows(articles),
            outcomes=await self._rows(outcomes),
            alert=by_outcome.get(OutcomeState.ALERT, 0),
            merged=by_outcome.get(OutcomeState.MERGED, 0),
            held=by_outcome.get(OutcomeState.HELD, 0),
            held_by_reason={reason: by_reason.get(reason, 0) for reason in HeldReason},
            deliveries=await self._rows(deliveries),
            deliveries_by_state={state: by_state.get(state, 0) for state in DeliveryState},
            deliveries_by_kind={kind: by_kind.get(kind, 0) for kind in DeliveryKind},
            ended=LedgerEnds(**ends),
        )

    async def _rows(self, table: Table) -> int:
        row = await self._first(select(func.count()).select_from(table))
        return 0 if row is None else int(row[0])

    async def _by(self, table: Table, name: str) -> dict[str | None, int]:
        rows = await self._all(select(table.c[name].label("value"), func.count().label("rows")).group_by(table.c[name]))
        return {row.value: row.rows for row in rows}
