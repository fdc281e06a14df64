"""Who posts what, and when: the order in a channel, what is due, and the claim.

Order in a channel: rows go out in the order in which they were created. A row that was tried and waits (failed,
unknown, sending) holds back the younger ones, so that a retry never arrives after what followed it. A row that was not
tried yet and is due later (quiet hours) holds nothing back, and a note waits for its alert without holding anything
back. Edits of what is posted already stand outside the order.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, case, exists, func, or_, select, update

from storage.deliveries.queue import COLUMNS, to_delivery
from storage.records import ChannelState, Delivery, DeliveryState
from storage.rows import Collection
from storage.sql import UtcDateTime
from storage.tables import channels, deliveries, pending

TRIED = (DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.SENDING)

_TRIED = deliveries.alias("tried")
_PARENT = deliveries.alias("parent")
_FIRST_TRIED = (
    select(_TRIED.c.channel_id, func.min(_TRIED.c.id).label("id"))
    .where(_TRIED.c.state.in_(TRIED))
    .group_by(_TRIED.c.channel_id)
    .subquery("first_tried")
)
"""The oldest row of each channel that was tried and waits. Grouped once: looked up row by row it would be slow."""

_READY_AT: ColumnElement[Any] = case(
    (deliveries.c.state == DeliveryState.SENDING, func.coalesce(deliveries.c.leased_until, deliveries.c.due_at)),
    (deliveries.c.leased_until > deliveries.c.due_at, deliveries.c.leased_until),
    else_=deliveries.c.due_at,
)
"""When a row may be claimed: it is due and nobody holds it. A row in `sending` is held until its lease ends."""

_UNBLOCKED = (
    pending(deliveries),
    or_(deliveries.c.state == DeliveryState.SENT, _FIRST_TRIED.c.id.is_(None), deliveries.c.id <= _FIRST_TRIED.c.id),
    or_(
        deliveries.c.parent_id.is_(None),
        exists().where(_PARENT.c.id == deliveries.c.parent_id, _PARENT.c.state == DeliveryState.SENT),
    ),
)
"""Rows with work left, nothing older that was tried and waits, and for a note an alert that stands."""


def _unblocked(*columns: ColumnElement[Any]) -> Select[Any]:
    return (
        select(*columns)
        .join_from(deliveries, _FIRST_TRIED, _FIRST_TRIED.c.channel_id == deliveries.c.channel_id, isouter=True)
        .where(*_UNBLOCKED)
    )


_NOW: ColumnElement[Any] = bindparam("now", type_=UtcDateTime())
_IS_READY = _NOW >= _READY_AT

_WAITING = _unblocked(deliveries.c.channel_id, func.min(_READY_AT).label("ready_at")).group_by(deliveries.c.channel_id)
_READY = _WAITING.where(_IS_READY).subquery()
_READY_CHANNELS = (
    select(channels.c.id)
    .join(_READY, _READY.c.channel_id == channels.c.id)
    .where(
        channels.c.state == ChannelState.ACTIVE,
        or_(channels.c.leased_until.is_(None), channels.c.leased_until <= _NOW),
        or_(channels.c.next_post_at.is_(None), channels.c.next_post_at <= _NOW),
    )
    .order_by(_READY.c.ready_at, channels.c.id)
    .limit(bindparam("most", type_=Integer()))
)

_DUE = _WAITING.subquery()
_PACED = case((channels.c.next_post_at > _DUE.c.ready_at, channels.c.next_post_at), else_=_DUE.c.ready_at)
_FREE = case((channels.c.leased_until > _PACED, channels.c.leased_until), else_=_PACED)
_NEXT_DUE_AT = (
    select(func.min(_FREE))
    .join_from(_DUE, channels, _DUE.c.channel_id == channels.c.id)
    .where(channels.c.state == ChannelState.ACTIVE)
)

_CLAIMABLE = (
    _unblocked(*COLUMNS)
    .where(deliveries.c.channel_id == bindparam("of_channel"), _IS_READY)
    .order_by(deliveries.c.id)
    .limit(1)
)
_CLAIM = (
    update(deliveries)
    .where(
        deliveries.c.id == bindparam("of_id"),
        deliveries.c.state == bindparam("seen_state"),
        deliveries.c.attempts == bindparam("seen_attempts"),
        or_(deliveries.c.leased_until.is_(None), deliveries.c.leased_until <= _NOW),
    )
    .values(state=bindparam("to_state"), leased_until=bindparam("until"), attempts=deliveries.c.attempts + 1)
    .returning(*COLUMNS)
)
# Asked again and again while anything is posted: made once.


class Claiming(Collection):
    async def ready_channels(self, now: datetime, limit: int) -> tuple[int, ...]:
        """Active channels with something to claim, nobody posting, and the pace kept; the longest due first."""
        return tuple(row.id for row in await self._all(_READY_CHANNELS, {"now": now, "most": limit}))

    async def next_due_at(self) -> datetime | None:
        """When something can be claimed next, the channels' pace counted in. None: nothing waits for time alone."""
        row = await self._first(_NEXT_DUE_AT)
        return None if row is None else row[0]

    async def claim(self, channel_id: int, *, now: datetime, lease: timedelta) -> Delivery | None:
        """The channel's next due row, leased to the caller. What to do follows from its state:

        `sending`: post it. `unknown`: perhaps posted; look it up before anything else (an expired `sending` comes back
        like this). `sent`: edit it, it wants a newer version. Commit before calling the platform.
        """
        row = await self._first(_CLAIMABLE, {"of_channel": channel_id, "now": now})
        if row is None:
            return None
        seen = to_delivery(row)
        match seen.state:
            case DeliveryState.PENDING | DeliveryState.FAILED:
                state = DeliveryState.SENDING
            case DeliveryState.SENDING:
                state = DeliveryState.UNKNOWN
            case _:
                state = seen.state
        claimed = {
            "of_id": seen.id,
            "seen_state": seen.state,
            "seen_attempts": seen.attempts,
            "now": now,
            "to_state": state,
            "until": now + lease,
        }
        row = await self._first(_CLAIM, claimed)
        return None if row is None else to_delivery(row)
