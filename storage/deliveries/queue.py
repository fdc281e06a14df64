"""The delivery queue: enqueue deliveries, look them up, and request edits of posted alerts."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Integer, Row, and_, bindparam, case, func, select, update

from storage.records import Delivery, DeliveryKind, DeliveryState
from storage.rows import Collection, chunks, missing, record_columns, values_of
from storage.sql import insert_or_ignore
from storage.tables import channels, deliveries

ADDED_SUBJECT: Final = "added:"
"""Begins the subject of a note that shows the headline of an article in the alert's story. The article's id follows."""

COLUMNS = record_columns(deliveries, Delivery)

_IS_UP_TO_DATE = and_(
    deliveries.c.state == DeliveryState.SENT, deliveries.c.wanted_version == deliveries.c.posted_version
)
_REQUEST_EDIT = (
    update(deliveries)
    .where(
        deliveries.c.channel_id == bindparam("of_channel"),
        deliveries.c.kind == bindparam("of_kind"),
        deliveries.c.subject == bindparam("of_subject"),
    )
    .values(
        wanted_version=deliveries.c.wanted_version + bindparam("count", type_=Integer),
        due_at=case((_IS_UP_TO_DATE, bindparam("later", type_=deliveries.c.due_at.type)), else_=deliveries.c.due_at),
    )
)


def to_delivery(row: Row[Any]) -> Delivery:
    values = values_of(row)
    values["kind"] = DeliveryKind(values["kind"])
    values["state"] = DeliveryState(values["state"])
    return Delivery(**values)


def _new_key() -> str:
    """Return a random key of 16 characters, short enough for Discord's nonce and Slack's metadata."""
    return secrets.token_urlsafe(12)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """A delivery to enqueue. `Delivery` documents the fields."""

    channel_id: int
    kind: DeliveryKind
    subject: str
    key: str = field(default_factory=_new_key)
    story_id: int | None = None
    parent_id: int | None = None
    body: dict[str, Any] | None = None
    due_at: datetime


class DeliveryQueue(Collection):
    async def enqueue(self, new: NewDelivery, now: datetime) -> tuple[Delivery, bool]:
        """Return the delivery for this channel, kind and subject, and whether this call created it.

        An existing delivery is returned unchanged. `now` (UTC) is the time of creation.
        """
        return (await self.enqueue_many([new], now))[0]

    async def enqueue_many(self, new: Sequence[NewDelivery], now: datetime) -> list[tuple[Delivery, bool]]:
        """Enqueue several deliveries with one statement and return what `enqueue` returns for each, in order.

        The ids of new deliveries rise in the given order. Raises ValueError if another delivery has the same key.
        """
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
        rows = (await self._connection.execute(statement, [asdict(each) | state for each in new])).all()
        created = {(row.channel_id, row.kind, row.subject): to_delivery(row) for row in rows}
        found = []
        for each in new:
            delivery = created.pop((each.channel_id, each.kind, each.subject), None)
            is_new = delivery is not None
            delivery = delivery or await self.find(each.channel_id, each.kind, each.subject)
            if delivery is None:
                raise ValueError(f"another delivery already has the key {each.key!r}")
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
        """Return all deliveries of the story, oldest first."""
        rows = await self._all(select(*COLUMNS).where(deliveries.c.story_id == story_id).order_by(deliveries.c.id))
        return tuple(map(to_delivery, rows))

    async def alerts_of(self, story_ids: Iterable[int]) -> tuple[Delivery, ...]:
        """Return the alerts of these stories in all channels, oldest first."""
        found: list[Delivery] = []
        for part in chunks(sorted(set(story_ids))):
            statement = select(*COLUMNS).where(deliveries.c.story_id.in_(part), deliveries.c.kind == DeliveryKind.ALERT)
            found += map(to_delivery, await self._all(statement.order_by(deliveries.c.id)))
        return tuple(found)

    async def recent_alerts(self, channel_id: int, *, since: datetime, limit: int) -> tuple[Delivery, ...]:
        """Return the channel's alerts created since then (UTC) that are not superseded, newest first."""
        statement = select(*COLUMNS).where(
            deliveries.c.channel_id == channel_id,
            deliveries.c.kind == DeliveryKind.ALERT,
            deliveries.c.created_at >= since,
            deliveries.c.state != DeliveryState.DEAD,
            ~deliveries.c.subject.contains("~"),
        )
        rows = await self._all(statement.order_by(deliveries.c.id.desc()).limit(limit))
        return tuple(map(to_delivery, rows))

    async def note_subjects(self, story_ids: Iterable[int]) -> dict[int, frozenset[str]]:
        """Return the subjects of the notes about these stories, by channel id."""
        found: dict[int, set[str]] = {}
        for part in chunks(sorted(set(story_ids))):
            statement = select(deliveries.c.channel_id, deliveries.c.subject)
            rows = await self._all(
                statement.where(deliveries.c.story_id.in_(part), deliveries.c.kind == DeliveryKind.NOTE)
            )
            for row in rows:
                found.setdefault(row.channel_id, set()).add(row.subject)
        return {id: frozenset(subjects) for id, subjects in found.items()}

    async def request_edit(self, channel_id: int, story_id: int, *, due_at: datetime) -> Delivery | None:
        """Raise the wanted version of the story's alert in this channel, so that it is edited at `due_at` (UTC).

        Returns the alert, or None if the channel has no alert for the story. An alert that is not posted yet, or that
        already waits for an edit, keeps its due time.
        """
        await self.request_edits({(channel_id, story_id): 1}, due_at=due_at)
        return await self.find(channel_id, DeliveryKind.ALERT, str(story_id))

    async def request_edits(self, counts: Mapping[tuple[int, int], int], *, due_at: datetime) -> None:
        """Do what `request_edit` does for several alerts. `counts` maps (channel id, story id) to a number of edits."""
        if counts:
            rows = [
                {
                    "of_channel": channel_id,
                    "of_kind": DeliveryKind.ALERT,
                    "of_subject": str(story_id),
                    "count": count,
                    "later": due_at,
                }
                for (channel_id, story_id), count in counts.items()
            ]
            await self._connection.execute(_REQUEST_EDIT, rows)

    async def request_note_edit(self, channel_id: int, subject: str, *, due_at: datetime) -> None:
        """Raise the wanted version of a note, so that it is edited at `due_at` (UTC)."""
        values = {"of_channel": channel_id, "of_kind": DeliveryKind.NOTE, "of_subject": subject}
        await self._connection.execute(_REQUEST_EDIT, values | {"count": 1, "later": due_at})

    async def set_body(self, id: int, body: dict[str, Any]) -> None:
        """Replace the serialized post. Raises: Missing."""
        if not await self._count(update(deliveries).where(deliveries.c.id == id).values(body=body)):
            raise missing(deliveries, id)

    async def counts(self, *, workspace_id: int | None = None) -> dict[DeliveryState, int]:
        """Return the number of deliveries in every state, for the channels of one workspace or of all."""
        statement = select(deliveries.c.state, func.count().label("rows")).group_by(deliveries.c.state)
        if workspace_id is not None:
            own = select(channels.c.id).where(channels.c.workspace_id == workspace_id)
            statement = statement.where(deliveries.c.channel_id.in_(own))
        rows = await self._all(statement)
        found = {row.state: row.rows for row in rows}
        return {state: found.get(state, 0) for state in DeliveryState}
