"""Outcomes: what became of a matched article in one channel."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from storage.records import HeldReason, Outcome, OutcomeState
from storage.rows import Collection, record_columns, values_of, within
from storage.sql import insert_or_ignore
from storage.tables import outcomes

COLUMNS = record_columns(outcomes, Outcome)


def to_outcome(row: Row[Any]) -> Outcome:
    values = values_of(row)
    values["state"] = OutcomeState(values["state"])
    values["reason"] = None if values["reason"] is None else HeldReason(values["reason"])
    return Outcome(**values)


class Outcomes(Collection):
    async def add(
        self,
        *,
        channel_id: int,
        article_id: int,
        story_id: int,
        state: OutcomeState,
        reason: HeldReason | None = None,
        delivery_id: int | None = None,
        decided_at: datetime,
    ) -> bool:
        """Count it. False: the channel has an outcome for this article, and nothing changed."""
        if (state is OutcomeState.HELD) != (reason is not None):
            raise ValueError("an outcome has a reason if, and only if, it is held")
        values = {
            "channel_id": channel_id,
            "article_id": article_id,
            "story_id": story_id,
            "state": state,
            "reason": reason,
            "delivery_id": delivery_id,
            "decided_at": decided_at,
        }
        row = await self._first(insert_or_ignore(self._connection, outcomes, values).returning(outcomes.c.article_id))
        return row is not None

    async def of_channel(
        self, channel_id: int, *, since: datetime | None, until: datetime | None = None
    ) -> tuple[Outcome, ...]:
        """Decided in `since <= t < until`, the oldest first."""
        statement = (
            select(*COLUMNS)
            .where(outcomes.c.channel_id == channel_id, within(outcomes.c.decided_at, since, until))
            .order_by(outcomes.c.decided_at, outcomes.c.article_id)
        )
        return tuple(map(to_outcome, await self._all(statement)))

    async def of_article(self, article_id: int, channel_id: int) -> Outcome | None:
        row = await self._first(
            select(*COLUMNS).where(outcomes.c.channel_id == channel_id, outcomes.c.article_id == article_id)
        )
        return None if row is None else to_outcome(row)

    async def of_story(self, story_id: int, channel_id: int) -> tuple[Outcome, ...]:
        """What became of the story's articles in this channel, the oldest decision first."""
        statement = (
            select(*COLUMNS)
            .where(outcomes.c.story_id == story_id, outcomes.c.channel_id == channel_id)
            .order_by(outcomes.c.decided_at, outcomes.c.article_id)
        )
        return tuple(map(to_outcome, await self._all(statement)))

    async def channels_holding(self, reasons: Iterable[HeldReason], *, since: datetime) -> tuple[int, ...]:
        """Channels in which an article has been held for one of these reasons since then."""
        statement = (
            select(outcomes.c.channel_id)
            .where(outcomes.c.reason.in_(list(reasons)), outcomes.c.decided_at >= since)
            .distinct()
            .order_by(outcomes.c.channel_id)
        )
        return tuple(row.channel_id for row in await self._all(statement))

    async def count_alerts(self, channel_id: int, since: datetime) -> int:
        """Alerts started in the channel since then."""
        row = await self._first(
            select(func.count())
            .select_from(outcomes)
            .where(
                outcomes.c.channel_id == channel_id,
                outcomes.c.state == OutcomeState.ALERT,
                outcomes.c.decided_at >= since,
            )
        )
        return 0 if row is None else int(row[0])
