"""Subscriptions: the topics that a channel gets, each with a pace and filters."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, select, update

from storage.channels import Channels
from storage.records import Channel, ChannelState, Grouping, Pace, Subscription
from storage.rows import FIXED, Collection, checked, chunks, missing, record_columns, values_of
from storage.sql import insert_or_ignore
from storage.tables import channels, subscriptions

COLUMNS = record_columns(subscriptions, Subscription)

# Built once, because every arrival or command runs them.
_OF_CHANNEL = select(*COLUMNS).where(subscriptions.c.channel_id == bindparam("of_channel")).order_by(subscriptions.c.id)
_FOR_TOPICS = (
    select(*COLUMNS)
    .join(channels)
    .where(subscriptions.c.topic_id.in_(bindparam("topics", expanding=True)), channels.c.state != ChannelState.GONE)
    .order_by(subscriptions.c.channel_id, subscriptions.c.id)
)


def to_subscription(row: Row[Any]) -> Subscription:
    values = values_of(row)
    values["pace"] = Pace(values["pace"])
    values["languages"] = tuple(values["languages"])
    values["grouping"] = Grouping(values["grouping"])
    return Subscription(**values)


class Subscriptions(Collection):
    async def ensure(
        self,
        *,
        channel_id: int,
        topic_id: int,
        pace: Pace,
        created_by: str,
        now: datetime,
        languages: Sequence[str] = (),
    ) -> tuple[Subscription, bool]:
        """Return the channel's subscription to the topic, and whether this call created it.

        An existing subscription is returned unchanged.
        """
        values = {
            "channel_id": channel_id,
            "topic_id": topic_id,
            "pace": pace,
            "languages": list(languages),
            "created_by": created_by,
            "created_at": now,
        }
        row = await self._first(insert_or_ignore(self._connection, subscriptions, *COLUMNS), values)
        if row is not None:
            return to_subscription(row), True
        row = await self._first(
            select(*COLUMNS).where(subscriptions.c.channel_id == channel_id, subscriptions.c.topic_id == topic_id)
        )
        if row is None:
            raise missing(subscriptions, 0)
        return to_subscription(row), False

    async def get(self, id: int) -> Subscription | None:
        row = await self._first(select(*COLUMNS).where(subscriptions.c.id == id))
        return None if row is None else to_subscription(row)

    async def of_channel(self, channel_id: int) -> tuple[Subscription, ...]:
        """Return the subscriptions of the channel, oldest first."""
        return tuple(map(to_subscription, await self._all(_OF_CHANNEL, {"of_channel": channel_id})))

    async def for_topics(self, topic_ids: Iterable[int]) -> tuple[tuple[Subscription, Channel], ...]:
        """Return the subscriptions of active and blocked channels, also paused ones, by channel and age."""
        found: list[tuple[Subscription, Channel]] = []
        for part in chunks(dict.fromkeys(topic_ids)):
            rows = await self._all(_FOR_TOPICS, {"topics": part})
            own = [to_subscription(row) for row in rows]
            by_id = await Channels(self._connection).by_ids(subscription.channel_id for subscription in own)
            found.extend((subscription, by_id[subscription.channel_id]) for subscription in own)
        return tuple(found)

    async def update(self, id: int, **fields: Any) -> Subscription:
        """Change these fields and return the subscription. Raises: Missing."""
        values = checked(subscriptions, fields, FIXED | {"channel_id", "topic_id", "created_by"})
        row = await self._first(
            update(subscriptions).where(subscriptions.c.id == id).values(values).returning(*COLUMNS)
        )
        if row is None:
            raise missing(subscriptions, id)
        return to_subscription(row)

    async def remove(self, id: int) -> None:
        await self._count(delete(subscriptions).where(subscriptions.c.id == id))

    async def pause_channel(self, channel_id: int, reason: str) -> int:
        """Pause all subscriptions that are not paused yet, and return their number."""
        return await self._count(
            update(subscriptions)
            .where(subscriptions.c.channel_id == channel_id, subscriptions.c.paused_reason.is_(None))
            .values(paused_reason=reason)
        )
