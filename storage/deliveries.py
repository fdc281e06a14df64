"""Deliveries: the outbox. What is owed is a row; who posts it claims it; a row found half-sent is looked up first.

Order in a channel: rows go out in the order in which they were created. A row that was tried and waits (failed,
unknown, sending) holds back the younger ones, so that a retry never arrives after what followed it. A row that was not
tried yet and is due later (quiet hours) holds nothing back, and a note waits for its alert without holding anything
back. Edits of what is posted already stand outside the order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, and_, bindparam, case, exists, func, or_, select, update

from storage.records import ChannelState, Delivery, DeliveryKind, DeliveryState, OutcomeState
from storage.rows import Collection, chunks, missing, record_columns, values_of
from storage.sql import insert_many_or_ignore
from storage.tables import channels, deliveries, outcomes, pending

COLUMNS = record_columns(deliveries, Delivery)
TRIED = (DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.SENDING)


def to_delivery(row: Row[Any]) -> Delivery:
    values = values_of(row)
    values["kind"] = DeliveryKind(values["kind"])
    values["state"] = DeliveryState(values["state"])
    return Delivery(**values)


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


_SETTLED = and_(deliveries.c.state == DeliveryState.SENT, deliveries.c.wanted_version == deliveries.c.posted_version)
_GROW = (
    update(deliveries)
    .where(
        deliveries.c.channel_id == bindparam("of_channel"),
        deliveries.c.kind == DeliveryKind.ALERT,
        deliveries.c.subject == bindparam("of_story"),
    )
    .values(
        wanted_version=deliveries.c.wanted_version + bindparam("times", type_=Integer),
        due_at=case((_SETTLED, bindparam("later", type_=deliveries.c.due_at.type)), else_=deliveries.c.due_at),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """Something to be owed; the words of each field are those of `Delivery`."""

    channel_id: int
    kind: DeliveryKind
    subject: str
    key: str
    story_id: int | None = None
    parent_id: int | None = None
    body: dict[str, Any] | None = None
    due_at: datetime


class Deliveries(Collection):
    async def owe(
        self,
        *,
        channel_id: int,
        kind: DeliveryKind,
        subject: str,
        key: str,
        due_at: datetime,
        now: datetime,
        story_id: int | None = None,
        parent_id: int | None = None,
        body: dict[str, Any] | None = None,
    ) -> tuple[Delivery, bool]:
        """The delivery of this subject, and whether it was made now. One that was there is not changed."""
        new = NewDelivery(
            channel_id=channel_id,
            kind=kind,
            subject=subject,
            key=key,
            story_id=story_id,
            parent_id=parent_id,
            body=body,
            due_at=due_at,
        )
        return (await self.owe_many([new], now))[0]

    async def owe_many(self, new: Sequence[NewDelivery], now: datetime) -> list[tuple[Delivery, bool]]:
        """The same for many; those that are new get rising ids in the order given."""
        if not new:
            return []
        state = {
            "state": DeliveryState.OWED,
            "attempts": 0,
            "wanted_version": 1,
            "posted_version": 0,
            "created_at": now,
        }
        statement = insert_many_or_ignore(self._connection, deliveries).returning(*COLUMNS)
        rows = (await self._connection.execute(statement, [asdict(one) | state for one in new])).all()
        made = {(row.channel_id, row.kind, row.subject): to_delivery(row) for row in rows}
        found = []
        for one in new:
            delivery = made.pop((one.channel_id, one.kind, one.subject), None)
            is_new = delivery is not None
            delivery = delivery or await self.find(one.channel_id, one.kind, one.subject)
            if delivery is None:
                raise ValueError(f"the delivery key {one.key!r} belongs to another delivery")
            found.append((delivery, is_new))
        return found

    async def get(self, id: int) -> Delivery | None:
        row = await self._first(select(*COLUMNS).where(deliveries.c.id == id))
        return None if row is None else to_delivery(row)

    async def find(self, channel_id: int, kind: DeliveryKind, subject: str) -> Delivery | None:
        row = await self._first(
            select(*COLUMNS).where(
                deliveries.c.channel_id == channel_id, deliveries.c.kind == kind, deliveries.c.subject == subject
            )
        )
        return None if row is None else to_delivery(row)

    async def of_story(self, story_id: int) -> tuple[Delivery, ...]:
        """In the order in which they were created."""
        rows = await self._all(select(*COLUMNS).where(deliveries.c.story_id == story_id).order_by(deliveries.c.id))
        return tuple(map(to_delivery, rows))

    async def alerts_of(self, story_ids: Iterable[int]) -> tuple[Delivery, ...]:
        """The alerts of these stories, in the order in which they were created."""
        found: list[Delivery] = []
        for part in chunks(sorted(set(story_ids))):
            statement = select(*COLUMNS).where(deliveries.c.story_id.in_(part), deliveries.c.kind == DeliveryKind.ALERT)
            found += map(to_delivery, await self._all(statement.order_by(deliveries.c.id)))
        return tuple(found)

    async def grow(self, channel_id: int, story_id: int, *, due_at: datetime) -> Delivery | None:
        """The story's alert in this channel now wants a newer version. None: it has no alert here.

        An edit that waits already keeps its time, and so does an alert that was not posted yet.
        """
        await self.grow_many({(channel_id, story_id): 1}, due_at=due_at)
        return await self.find(channel_id, DeliveryKind.ALERT, str(story_id))

    async def grow_many(self, times: Mapping[tuple[int, int], int], *, due_at: datetime) -> None:
        """The same, so many times, for the alerts of these channels and stories."""
        if times:
            rows = [
                {"of_channel": channel, "of_story": str(story), "times": more, "later": due_at}
                for (channel, story), more in times.items()
            ]
            await self._connection.execute(_GROW, rows)

    async def ready_channels(self, now: datetime, limit: int) -> tuple[int, ...]:
        """Active channels with something to claim, nobody posting, and the pace kept; the longest due first."""
        ready = (
            _unblocked(deliveries.c.channel_id, func.min(_READY_AT).label("ready_at"))
            .where(now >= _READY_AT)
            .group_by(deliveries.c.channel_id)
            .subquery()
        )
        statement = (
            select(channels.c.id)
            .join(ready, ready.c.channel_id == channels.c.id)
            .where(
                channels.c.state == ChannelState.ACTIVE,
                or_(channels.c.leased_until.is_(None), channels.c.leased_until <= now),
                or_(channels.c.next_post_at.is_(None), channels.c.next_post_at <= now),
            )
            .order_by(ready.c.ready_at, channels.c.id)
            .limit(limit)
        )
        return tuple(row.id for row in await self._all(statement))

    async def next_due_at(self) -> datetime | None:
        """When something can be claimed next, the channels' pace counted in. None: nothing waits for time alone."""
        waiting = (
            _unblocked(deliveries.c.channel_id, func.min(_READY_AT).label("ready_at"))
            .group_by(deliveries.c.channel_id)
            .subquery()
        )
        paced = case((channels.c.next_post_at > waiting.c.ready_at, channels.c.next_post_at), else_=waiting.c.ready_at)
        free = case((channels.c.leased_until > paced, channels.c.leased_until), else_=paced)
        row = await self._first(
            select(func.min(free))
            .join_from(waiting, channels, waiting.c.channel_id == channels.c.id)
            .where(channels.c.state == ChannelState.ACTIVE)
        )
        return None if row is None else row[0]

    async def claim(self, channel_id: int, *, now: datetime, lease: timedelta) -> Delivery | None:
        """The channel's next due row, leased to the caller. What to do follows from its state:

        `sending`: post it. `unknown`: perhaps posted; look it up before anything else (an expired `sending` comes back
        like this). `sent`: edit it, it wants a newer version. Commit before calling the platform.
        """
        row = await self._first(
            _unblocked(*COLUMNS)
            .where(deliveries.c.channel_id == channel_id, now >= _READY_AT)
            .order_by(deliveries.c.id)
            .limit(1)
        )
        if row is None:
            return None
        seen = to_delivery(row)
        match seen.state:
            case DeliveryState.OWED | DeliveryState.FAILED:
                state = DeliveryState.SENDING
            case DeliveryState.SENDING:
                state = DeliveryState.UNKNOWN
            case _:
                state = seen.state
        row = await self._first(
            update(deliveries)
            .where(
                deliveries.c.id == seen.id,
                deliveries.c.state == seen.state,
                deliveries.c.attempts == seen.attempts,
                or_(deliveries.c.leased_until.is_(None), deliveries.c.leased_until <= now),
            )
            .values(state=state, leased_until=now + lease, attempts=deliveries.c.attempts + 1)
            .returning(*COLUMNS)
        )
        return None if row is None else to_delivery(row)

    async def settle_sent(self, id: int, *, ref: str, version: int, now: datetime) -> bool:
        """It is posted. False: that was known. What the platform confirms is true in whatever state the row is."""
        return (
            await self._count(
                update(deliveries)
                .where(deliveries.c.id == id, deliveries.c.state != DeliveryState.SENT)
                .values(
                    state=DeliveryState.SENT,
                    external_ref=ref,
                    posted_version=version,
                    wanted_version=case((superseded(), version), else_=deliveries.c.wanted_version),
                    sent_at=now,
                    reason=None,
                    leased_until=None,
                    attempts=0,
                )
            )
            == 1
        )

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
        if state not in (DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.OWED):
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
            .returning(*COLUMNS, superseded().label("superseded"))
        )
        if attempts is not None:
            statement = statement.where(deliveries.c.attempts == attempts)
        row = await self._first(statement)
        if row is not None and row.superseded and row.state in (DeliveryState.FAILED, DeliveryState.OWED):
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

    async def set_body(self, id: int, body: dict[str, Any]) -> None:
        """Freeze what will be posted. Raises: Missing."""
        if not await self._count(update(deliveries).where(deliveries.c.id == id).values(body=body)):
            raise missing(deliveries, id)

    async def counts(self, *, workspace_id: int | None = None) -> dict[DeliveryState, int]:
        """Every state is there, with 0 where it has none; of one workspace's channels, or of all."""
        statement = select(deliveries.c.state, func.count().label("rows")).group_by(deliveries.c.state)
        if workspace_id is not None:
            own = select(channels.c.id).where(channels.c.workspace_id == workspace_id)
            statement = statement.where(deliveries.c.channel_id.in_(own))
        rows = await self._all(statement)
        found = {row.state: row.rows for row in rows}
        return {state: found.get(state, 0) for state in DeliveryState}

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
                if other.state in (DeliveryState.OWED, DeliveryState.FAILED, DeliveryState.DEAD):
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


def superseded() -> ColumnElement[bool]:
    """An alert whose story became part of another that has an alert in the same channel: "12~7"."""
    return and_(deliveries.c.kind == DeliveryKind.ALERT, deliveries.c.subject.contains("~"))


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
        case DeliveryState.OWED | DeliveryState.FAILED:
            rank = 2
        case DeliveryState.DEAD:
            rank = 3
    return rank, alert.id
