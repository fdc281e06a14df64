"""What is owed: deliveries made, found, and grown when there is more to say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Row, and_, bindparam, case, func, select, update

from storage.records import Delivery, DeliveryKind, DeliveryState
from storage.rows import Collection, chunks, missing, record_columns, values_of
from storage.sql import insert_or_ignore
from storage.tables import channels, deliveries

COLUMNS = record_columns(deliveries, Delivery)

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


def to_delivery(row: Row[Any]) -> Delivery:
    values = values_of(row)
    values["kind"] = DeliveryKind(values["kind"])
    values["state"] = DeliveryState(values["state"])
    return Delivery(**values)


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


class DeliveryQueue(Collection):
    async def enqueue(
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
        return (await self.enqueue_many([new], now))[0]

    async def enqueue_many(self, new: Sequence[NewDelivery], now: datetime) -> list[tuple[Delivery, bool]]:
        """The same for many; those that are new get rising ids in the order given."""
        if not new:
            return []
        state = {
            "state": DeliveryState.PENDING,
            "attempts": 0,
            "wanted_version": 1,
            "posted_version": 0,
            "created_at": now,
        }
        statement = insert_or_ignore(self._connection, deliveries, *COLUMNS)
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

    async def set_body(self, id: int, body: dict[str, Any]) -> None:
        """Serialize what will be posted. Raises: Missing."""
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
