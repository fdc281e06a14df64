"""The console's messages. The console is a platform like Slack, and this is what its server stores."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from storage.records import ConsoleMessage
from storage.rows import Collection, missing, record_columns, values_of
from storage.sql import insert_or_ignore
from storage.tables import console_messages

COLUMNS = record_columns(console_messages, ConsoleMessage)


def to_message(row: Row[Any]) -> ConsoleMessage:
    return ConsoleMessage(**values_of(row))


class Console(Collection):
    async def post(
        self, channel_id: int, key: str, body: dict[str, Any], thread_id: int | None = None, *, now: datetime
    ) -> int:
        """Post a message and return its id. A repeated key posts nothing and returns the id of the first message."""
        values = {
            "channel_id": channel_id,
            "key": key,
            "thread_id": thread_id,
            "body": body,
            "posted_at": now,
            "changed_at": now,
        }
        row = await self._first(insert_or_ignore(self._connection, console_messages, console_messages.c.id), values)
        id = await self.find(channel_id, key) if row is None else row.id
        if id is None:
            raise missing(console_messages, 0)
        return id

    async def edit(self, id: int, body: dict[str, Any], now: datetime) -> bool:
        """Replace the body. Return False if there is no such message."""
        return (
            await self._count(
                update(console_messages).where(console_messages.c.id == id).values(body=body, changed_at=now)
            )
            == 1
        )

    async def find(self, channel_id: int, key: str) -> int | None:
        """Return the id of the message with this key, if there is one."""
        row = await self._first(
            select(console_messages.c.id).where(
                console_messages.c.channel_id == channel_id, console_messages.c.key == key
            )
        )
        return None if row is None else row.id

    async def get(self, id: int) -> ConsoleMessage | None:
        row = await self._first(select(*COLUMNS).where(console_messages.c.id == id))
        return None if row is None else to_message(row)

    async def history(self, channel_id: int, *, limit: int, before: int | None = None) -> tuple[ConsoleMessage, ...]:
        """Return the newest messages without replies, oldest first; `before` limits them to lower ids."""
        statement = (
            select(*COLUMNS)
            .where(console_messages.c.channel_id == channel_id, console_messages.c.thread_id.is_(None))
            .order_by(console_messages.c.id.desc())
            .limit(limit)
        )
        if before is not None:
            statement = statement.where(console_messages.c.id < before)
        return tuple(map(to_message, reversed(await self._all(statement))))

    async def thread(self, id: int) -> tuple[ConsoleMessage, ...]:
        """Return the replies to a message, oldest first."""
        statement = select(*COLUMNS).where(console_messages.c.thread_id == id).order_by(console_messages.c.id)
        return tuple(map(to_message, await self._all(statement)))

    async def changed_after(self, channel_ids: Iterable[int], after: datetime) -> tuple[ConsoleMessage, ...]:
        """Return messages and replies posted or edited after that time (UTC), in the order of the changes."""
        statement = (
            select(*COLUMNS)
            .where(console_messages.c.channel_id.in_(sorted(set(channel_ids))), console_messages.c.changed_at > after)
            .order_by(console_messages.c.changed_at, console_messages.c.id)
        )
        return tuple(map(to_message, await self._all(statement)))
