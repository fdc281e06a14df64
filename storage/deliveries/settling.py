"""What became of a try: sent, edited, to be tried again, dead, or overtaken by another alert of its story."""

from datetime import datetime

from sqlalchemy import ColumnElement, Integer, and_, bindparam, case, select, update

from storage.deliveries.queue import COLUMNS, DeliveryQueue, to_delivery
from storage.records import Delivery, DeliveryKind, DeliveryState, OutcomeState
from storage.tables import deliveries, outcomes


def _superseded() -> ColumnElement[bool]:
    """An alert whose story became part of another that has an alert in the same channel: "12~7"."""
    return and_(deliveries.c.kind == DeliveryKind.ALERT, deliveries.c.subject.contains("~"))


_VERSION: ColumnElement[int] = bindparam("version", type_=Integer())
_SETTLE_SENT = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("of_id"), deliveries.c.state != DeliveryState.SENT)
    .values(
        state=DeliveryState.SENT,
        external_ref=bindparam("ref"),
        posted_version=_VERSION,
        wanted_version=case((_superseded(), _VERSION), else_=deliveries.c.wanted_version),
        sent_at=bindparam("now"),
        reason=None,
        leased_until=None,
        attempts=0,
    )
)
"""Done with every post: made once."""


class Settling(DeliveryQueue):
    async def settle_sent(self, id: int, *, ref: str, version: int, now: datetime) -> bool:
        """It is posted. False: that was known. What the platform confirms is true in whatever state the row is."""
        return await self._count(_SETTLE_SENT, {"of_id": id, "ref": ref, "version": version, "now": now}) == 1

    async def settle_edited(self, id: int, *, version: int) -> bool:
        """The posted message says this version now. False: it said a newer one, or is not posted."""
        return (
            await self._count(
                update(deliveries)
                .where(
                    deliveries.c.id == id,
                    deliveries.c.state == DeliveryState.SENT,
                    deliveries.c.posted_version <= version,
                )
                .values(posted_version=version, reason=None, leased_until=None, attempts=0)
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
    ) -> bool:
        """Try again then: `failed` and `owed` when it certainly is not posted, `unknown` when it may be.

        A posted message stays `sent`, only its edit waits. With `attempts`, as it was claimed, nothing happens when
        another has claimed it since. False: it was dead, or that.
        """
        if state not in (DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.PENDING):
            raise ValueError(f"a delivery cannot be tried again as {state}")
        statement = (
            update(deliveries)
            .where(deliveries.c.id == id, deliveries.c.state != DeliveryState.DEAD)
            .values(
                state=case((deliveries.c.state == DeliveryState.SENT, DeliveryState.SENT), else_=state),
                reason=reason,
                due_at=due_at,
                leased_until=None,
            )
            .returning(*COLUMNS, _superseded().label("superseded"))
        )
        if attempts is not None:
            statement = statement.where(deliveries.c.attempts == attempts)
        row = await self._first(statement)
        if row is not None and row.superseded and row.state in (DeliveryState.FAILED, DeliveryState.PENDING):
            await self._drop(row.id, row.channel_id, row.story_id, due_at)
        return row is not None

    async def kill(self, id: int, *, reason: str, now: datetime) -> bool:
        """Never to be sent, nor the notes that wait for it; `due_at` then tells when it ended.

        A posted message stays `sent` and is not edited any more. False: it was dead.
        """
        unsent = deliveries.c.state.not_in((DeliveryState.SENT, DeliveryState.DEAD))
        dead = {"state": DeliveryState.DEAD, "reason": reason, "due_at": now, "leased_until": None}
        killed = await self._count(update(deliveries).where(deliveries.c.id == id, unsent).values(dead))
        if killed:
            await self._count(update(deliveries).where(deliveries.c.parent_id == id, unsent).values(dead))
            return True
        return (
            await self._count(
                update(deliveries)
                .where(deliveries.c.id == id, deliveries.c.state == DeliveryState.SENT)
                .values(wanted_version=deliveries.c.posted_version, reason=reason, leased_until=None)
            )
            == 1
        )

    async def kill_waiting(self, channel_id: int, *, reason: str, now: datetime) -> int:
        """Everything that the channel still waited for is dead, and how much that was; what is posted is not edited."""
        own = deliveries.c.channel_id == channel_id
        await self._count(
            update(deliveries)
            .where(own, deliveries.c.state == DeliveryState.SENT)
            .values(wanted_version=deliveries.c.posted_version, leased_until=None)
        )
        return await self._count(
            update(deliveries)
            .where(own, deliveries.c.state.not_in((DeliveryState.SENT, DeliveryState.DEAD)))
            .values(state=DeliveryState.DEAD, reason=reason, due_at=now, leased_until=None)
        )

    async def supersede(self, from_id: int, into_id: int, now: datetime) -> None:
        """One story became part of another: each channel keeps one alert, for the story that stays.

        The one that is posted stays, or may be; else the older.
        """
        rows = await self._all(
            select(*COLUMNS)
            .where(deliveries.c.kind == DeliveryKind.ALERT, deliveries.c.subject.in_((str(from_id), str(into_id))))
            .order_by(deliveries.c.id)
        )
        alerts: dict[int, list[Delivery]] = {}
        for row in rows:
            alerts.setdefault(row.channel_id, []).append(to_delivery(row))
        await self._count(update(deliveries).where(deliveries.c.story_id == from_id).values(story_id=into_id))
        for channel_id, found in alerts.items():
            if len(found) == 1 and found[0].subject == str(into_id):
                continue
            stays, *others = sorted(found, key=_claim_to_stay)
            for other in others:
                await self._count(
                    update(deliveries)
                    .where(deliveries.c.id == other.id)
                    .values(subject=f"{into_id}~{other.id}", wanted_version=_wanted_when_superseded())
                )
            await self._count(update(deliveries).where(deliveries.c.id == stays.id).values(subject=str(into_id)))
            await self.grow(channel_id, into_id, due_at=now)
            for other in others:
                if other.state in (DeliveryState.PENDING, DeliveryState.FAILED, DeliveryState.DEAD):
                    await self._drop(other.id, channel_id, into_id, now)

    async def _drop(self, id: int, channel_id: int, story_id: int, now: datetime) -> None:
        """A superseded alert that is certainly not posted: what hung on it goes to the alert that stays."""
        stays = await self.find(channel_id, DeliveryKind.ALERT, str(story_id))
        if stays is not None:
            await self._count(
                update(outcomes)
                .where(outcomes.c.delivery_id == id)
                .values(state=OutcomeState.MERGED, delivery_id=stays.id)
            )
            await self._count(
                update(deliveries)
                .where(deliveries.c.parent_id == id, deliveries.c.state != DeliveryState.SENT)
                .values(parent_id=stays.id)
            )
        await self.kill(id, reason=f"its story became part of story {story_id}, which has an alert here", now=now)


def _wanted_when_superseded() -> ColumnElement[int]:
    """No more edits of what is posted; the rest keeps its version until it is known to be posted or not."""
    return case(
        (deliveries.c.state == DeliveryState.SENT, deliveries.c.posted_version), else_=deliveries.c.wanted_version
    )


def _claim_to_stay(alert: Delivery) -> tuple[int, int]:
    match alert.state:
        case DeliveryState.SENT:
            rank = 0
        case DeliveryState.SENDING | DeliveryState.UNKNOWN:
            rank = 1
        case DeliveryState.PENDING | DeliveryState.FAILED:
            rank = 2
        case DeliveryState.DEAD:
            rank = 3
    return rank, alert.id
