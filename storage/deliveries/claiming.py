"""Claim deliveries: which channels have something to post, when the next delivery is due, and the claim itself.

Deliveries of a channel are posted in the order in which they were created. A delivery that waits after an attempt
(failed, unknown, sending) holds back all newer deliveries of its channel, so that a retry never arrives out of order;
one whose lookup fails for longer than HOLD_BACK no longer does.
A delivery that was never attempted and is due later (quiet hours) holds nothing back. A note waits until its alert is
posted, and holds back only newer notes of the same alert. Edits of posted messages are not part of the order.
"""

from collections.abc import Collection as Values
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, Select, bindparam, case, exists, func, or_, select, update

from storage.channels import ON_PLATFORMS
from storage.deliveries.queue import COLUMNS, to_delivery
from storage.records import ChannelState, Delivery, DeliveryState, Platform
from storage.rows import Collection
from storage.sql import UtcDateTime
from storage.tables import channels, deliveries, pending

HOLD_BACK: Final = timedelta(minutes=15)
"""How long a delivery that may be posted holds back newer ones. The platform may refuse to look it up for days."""
ATTEMPTED = (DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.SENDING)

_ATTEMPTED = deliveries.alias("attempted")
_PARENT = deliveries.alias("parent")
_OLDER_NOTE = deliveries.alias("older_note")
_NOW: ColumnElement[Any] = bindparam("now", type_=UtcDateTime())
_HOLDS_SINCE: ColumnElement[Any] = bindparam("holds_since", type_=UtcDateTime())
_FIRST_ATTEMPTED = (
    select(_ATTEMPTED.c.channel_id, func.min(_ATTEMPTED.c.id).label("id"))
    .where(
        _ATTEMPTED.c.state.in_(ATTEMPTED),
        _ATTEMPTED.c.parent_id.is_(None),
        or_(
            _ATTEMPTED.c.state != DeliveryState.UNKNOWN,
            _ATTEMPTED.c.failing_since.is_(None),
            _ATTEMPTED.c.failing_since > _HOLDS_SINCE,
        ),
    )
    .group_by(_ATTEMPTED.c.channel_id)
    .subquery("first_attempted")
)
"""The oldest delivery of each channel that waits after an attempt. Grouped once, as a lookup for each row is slow."""

_READY_AT: ColumnElement[Any] = case(
    (deliveries.c.state == DeliveryState.SENDING, func.coalesce(deliveries.c.leased_until, deliveries.c.due_at)),
    (deliveries.c.leased_until > deliveries.c.due_at, deliveries.c.leased_until),
    else_=deliveries.c.due_at,
)
"""When a delivery can be claimed: it is due, and its lease, if any, has ended."""

_UNBLOCKED = (
    pending(deliveries),
    or_(
        deliveries.c.state == DeliveryState.SENT,
        deliveries.c.parent_id.is_not(None),
        _FIRST_ATTEMPTED.c.id.is_(None),
        deliveries.c.id <= _FIRST_ATTEMPTED.c.id,
    ),
    or_(
        deliveries.c.parent_id.is_(None),
        exists().where(_PARENT.c.id == deliveries.c.parent_id, _PARENT.c.state == DeliveryState.SENT),
    ),
    or_(
        deliveries.c.parent_id.is_(None),
        ~exists().where(
            _OLDER_NOTE.c.parent_id == deliveries.c.parent_id,
            _OLDER_NOTE.c.id < deliveries.c.id,
            _OLDER_NOTE.c.state.in_(ATTEMPTED),
        ),
    ),
)
"""Pending work, no older delivery that waits after an attempt, and for a note, a posted alert."""


def _unblocked(*columns: ColumnElement[Any]) -> Select[Any]:
    return (
        select(*columns)
        .join_from(deliveries, _FIRST_ATTEMPTED, _FIRST_ATTEMPTED.c.channel_id == deliveries.c.channel_id, isouter=True)
        .where(*_UNBLOCKED)
    )


_IS_READY = _NOW >= _READY_AT

_NEXT_BY_CHANNEL = _unblocked(deliveries.c.channel_id, func.min(_READY_AT).label("ready_at")).group_by(
    deliveries.c.channel_id
)
_READY = _NEXT_BY_CHANNEL.where(_IS_READY).subquery()
_READY_CHANNELS = (
    select(channels.c.id)
    .join(_READY, _READY.c.channel_id == channels.c.id)
    .where(
        channels.c.state == ChannelState.ACTIVE,
        ON_PLATFORMS,
        or_(channels.c.leased_until.is_(None), channels.c.leased_until <= _NOW),
        or_(channels.c.next_post_at.is_(None), channels.c.next_post_at <= _NOW),
    )
    .order_by(_READY.c.ready_at, channels.c.id)
    .limit(bindparam("most", type_=Integer()))
)

_NEXT = _NEXT_BY_CHANNEL.subquery()
_AFTER_PACE = case((channels.c.next_post_at > _NEXT.c.ready_at, channels.c.next_post_at), else_=_NEXT.c.ready_at)
_AFTER_LEASE = case((channels.c.leased_until > _AFTER_PACE, channels.c.leased_until), else_=_AFTER_PACE)
_NEXT_DUE_AT = (
    select(func.min(_AFTER_LEASE))
    .join_from(_NEXT, channels, _NEXT.c.channel_id == channels.c.id)
    .where(channels.c.state == ChannelState.ACTIVE, ON_PLATFORMS)
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
    .values(
        state=bindparam("to_state"),
        leased_until=bindparam("until"),
        attempts=deliveries.c.attempts + 1,
        tried_at=bindparam("tried"),
        failing_since=bindparam("failing"),
    )
    .returning(*COLUMNS)
)
# The delivery loop executes these statements all the time, so they are built once.


class Claiming(Collection):
    async def ready_channels(
        self, now: datetime, limit: int, *, platforms: Values[Platform] = tuple(Platform)
    ) -> tuple[int, ...]:
        """Return the ids of active channels in which a delivery can be claimed now, the longest overdue first.

        Leaves out channels of other platforms than these, channels that another poster holds, and channels whose pace
        does not allow a post yet.
        """
        values = {"now": now, "most": limit, "holds_since": now - HOLD_BACK, "platforms": list(platforms)}
        return tuple(row.id for row in await self._all(_READY_CHANNELS, values))

    async def next_due_at(self, now: datetime, *, platforms: Values[Platform] = tuple(Platform)) -> datetime | None:
        """Return when the next delivery can be claimed (UTC), considering leases and the pace of each channel.

        Returns None if no delivery on these platforms becomes claimable by the passing of time alone.
        """
        row = await self._first(_NEXT_DUE_AT, {"holds_since": now - HOLD_BACK, "platforms": list(platforms)})
        return None if row is None else row[0]

    async def claim(self, channel_id: int, *, now: datetime, lease: timedelta) -> Delivery | None:
        """Lease the channel's next due delivery to the caller and return it, or None if there is none.

        The state says what the caller must do. `sending`: post it. `unknown`: it may be posted already, so look for it
        on the platform first; an expired `sending` comes back in this state. `sent`: edit the posted message. Commit
        the transaction before calling the platform.
        """
        row = await self._first(_CLAIMABLE, {"of_channel": channel_id, "now": now, "holds_since": now - HOLD_BACK})
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
        is_uncertain = state is DeliveryState.UNKNOWN
        claimed = {
            "of_id": seen.id,
            "seen_state": seen.state,
            "seen_attempts": seen.attempts,
            "now": now,
            "to_state": state,
            "until": now + lease,
            "tried": now if state is DeliveryState.SENDING else seen.tried_at,
            "failing": seen.failing_since or ((seen.tried_at or now) if is_uncertain else None),
        }
        row = await self._first(_CLAIM, claimed)
        return None if row is None else to_delivery(row)

    async def waiting(self, channel_id: int, now: datetime) -> tuple[Delivery, ...]:
        """Return the channel's pending deliveries that are due, oldest first, with notes whose alert is not posted."""
        statement = (
            select(*COLUMNS)
            .where(
                deliveries.c.channel_id == channel_id,
                deliveries.c.state == DeliveryState.PENDING,
                deliveries.c.due_at <= now,
            )
            .order_by(deliveries.c.id)
        )
        return tuple(map(to_delivery, await self._all(statement)))

    async def uncertain(self, channel_id: int, parent_id: int | None) -> tuple[Delivery, ...]:
        """Return the deliveries that may be posted, oldest first: in the channel, or in the thread of `parent_id`."""
        statement = (
            select(*COLUMNS)
            .where(
                deliveries.c.channel_id == channel_id,
                deliveries.c.parent_id.is_not_distinct_from(parent_id),
                deliveries.c.state == DeliveryState.UNKNOWN,
            )
            .order_by(deliveries.c.id)
        )
        return tuple(map(to_delivery, await self._all(statement)))
