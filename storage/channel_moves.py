"""Channels whose platform gives them another id. What was stored under both ids becomes one channel."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select, update

from storage.database_thread import Connection
from storage.sql import move_rows
from storage.tables import (
    channels,
    console_messages,
    deliveries,
    feedback,
    follows,
    mutes,
    outcomes,
    reviews,
    sources,
    subscriptions,
)


async def merge_channels(connection: Connection, from_id: int, into_id: int) -> None:
    """Move everything that belongs to one channel to another, and delete the first. What both have stays once."""
    for old, new in await _same_deliveries(connection, from_id, into_id):
        for column in (outcomes.c.delivery_id, deliveries.c.parent_id):
            await connection.execute(update(column.table).where(column == old).values({column: new}))
        await connection.execute(delete(deliveries).where(deliveries.c.id == old))
    same_topic = select(subscriptions.c.topic_id).where(subscriptions.c.channel_id == into_id)
    await connection.execute(
        delete(subscriptions).where(subscriptions.c.channel_id == from_id, subscriptions.c.topic_id.in_(same_topic))
    )
    for table in (deliveries, subscriptions, console_messages, sources):
        await connection.execute(update(table).where(table.c.channel_id == from_id).values(channel_id=into_id))
    for table in (mutes, follows, feedback, reviews, outcomes):
        await move_rows(connection, table, "channel_id", from_id, into_id)
    await connection.execute(delete(channels).where(channels.c.id == from_id))


async def _same_deliveries(connection: Connection, from_id: int, into_id: int) -> Sequence[tuple[int, int]]:
    """Return the ids of the deliveries that both channels have, in pairs."""
    moved, kept = deliveries.alias(), deliveries.alias()
    pairs = await connection.execute(
        select(moved.c.id, kept.c.id)
        .join_from(moved, kept, (kept.c.kind == moved.c.kind) & (kept.c.subject == moved.c.subject))
        .where(moved.c.channel_id == from_id, kept.c.channel_id == into_id)
        .order_by(moved.c.id)
    )
    rows: list[Any] = list(pairs.all())
    return [(row[0], row[1]) for row in rows]
