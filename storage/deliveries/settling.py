"""Settle deliveries: record how an attempt ended."""

from datetime import datetime

from sqlalchemy import ColumnElement, Integer, bindparam, case, update

from storage.deliveries.ending import Ending, is_superseded
from storage.deliveries.queue import COLUMNS, to_delivery
from storage.records import Delivery, DeliveryState
from storage.tables import deliveries

_VERSION: ColumnElement[int] = bindparam("version", type_=Integer())
_SETTLE_SENT = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("of_id"), deliveries.c.state != DeliveryState.SENT)
    .values(
        state=DeliveryState.SENT,
        external_ref=bindparam("ref"),
        posted_version=_VERSION,
        wanted_version=case((is_superseded(), _VERSION), else_=deliveries.c.wanted_version),
        sent_at=bindparam("now"),
        reason=None,
        leased_until=None,
        attempts=0,
        failing_since=None,
    )
)
"""Built once, as every post executes it."""


class Settling(Ending):
    async def settle_sent(self, id: int, *, ref: str, version: int, now: datetime) -> bool:
        """Record that the platform confirmed the post, in any state of the row. `ref` is the platform's message id.

        Returns False if the delivery was already settled as sent; then nothing changes.
        """
        return await self._count(_SETTLE_SENT, {"of_id": id, "ref": ref, "version": version, "now": now}) == 1

    async def settle_edited(self, id: int, *, version: int) -> bool:
        """Record the version that the posted message shows. Returns False if it shows a newer one or is not posted."""
        return (
            await self._count(
                update(deliveries)
                .where(
                    deliveries.c.id == id,
                    deliveries.c.state == DeliveryState.SENT,
                    deliveries.c.posted_version <= version,
                )
                .values(posted_version=version, reason=None, leased_until=None, attempts=0, failing_since=None)
            )
            == 1
        )

    async def retry(
        self,
        id: int,
        *,
        reason: str | None,
        due_at: datetime,
        state: DeliveryState = DeliveryState.FAILED,
        attempts: int | None = None,
        failing_since: datetime | None = None,
    ) -> bool:
        """Schedule another attempt at `due_at` (UTC) and return whether that happened.

        `state` is FAILED or PENDING if the message is certainly not posted, UNKNOWN if it may be posted. A posted
        message stays `sent`; only its edit is scheduled. `attempts` is the number that the caller saw when it claimed
        the delivery: if another poster claimed it since, nothing changes. A dead delivery does not change either.
        `failing_since` is kept for the delivery. Raises ValueError for any other state.
        """
        if state not in (DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.PENDING):
            raise ValueError(f"a delivery in state {state} cannot be retried")
        statement = (
            update(deliveries)
            .where(deliveries.c.id == id, deliveries.c.state != DeliveryState.DEAD)
            .values(
                state=case((deliveries.c.state == DeliveryState.SENT, DeliveryState.SENT), else_=state),
                reason=reason,
                due_at=due_at,
                leased_until=None,
                failing_since=failing_since,
            )
            .returning(*COLUMNS, is_superseded().label("superseded"))
        )
        if attempts is not None:
            statement = statement.where(deliveries.c.attempts == attempts)
        row = await self._first(statement)
        if row is not None and row.superseded and row.state in (DeliveryState.FAILED, DeliveryState.PENDING):
            await self.drop(row.id, row.channel_id, row.story_id, due_at)
        return row is not None

    async def begin_again(self, delivery: Delivery, now: datetime) -> Delivery | None:
        """Record that a claimed delivery, which is certainly not posted yet, is posted at `now` (UTC).

        Returns the delivery, or None if another poster has claimed it.
        """
        row = await self._first(
            update(deliveries)
            .where(
                deliveries.c.id == delivery.id,
                deliveries.c.state == DeliveryState.UNKNOWN,
                deliveries.c.attempts == delivery.attempts,
            )
            .values(state=DeliveryState.SENDING, tried_at=now)
            .returning(*COLUMNS)
        )
        return None if row is None else to_delivery(row)

    async def put_back(self, delivery: Delivery, *, reason: str) -> None:
        """Make a claimed delivery pending again, as if it had never been attempted, because its channel is blocked.

        A posted message stays `sent` with its edit pending. One that may be posted must not be put back.
        """
        state = case((deliveries.c.state == DeliveryState.SENT, DeliveryState.SENT), else_=DeliveryState.PENDING)
        await self._count(
            update(deliveries)
            .where(
                deliveries.c.id == delivery.id,
                deliveries.c.state != DeliveryState.DEAD,
                deliveries.c.attempts == delivery.attempts,
            )
            .values(state=state, reason=reason, attempts=0, leased_until=None, failing_since=None)
        )
