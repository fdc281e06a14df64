"""Outcomes: what became of a matched article in one channel."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, or_, select

from storage.records import HeldReason, Outcome, OutcomeState
from storage.rows import Collection, chunks, record_columns, values_of, within
from storage.sql import insert_or_ignore
from storage.tables import articles, outcomes

COLUMNS = record_columns(outcomes, Outcome)


def to_outcome(row: Row[Any]) -> Outcome:
    values = values_of(row)
    values["state"] = OutcomeState(values["state"])
    values["reason"] = None if values["reason"] is None else HeldReason(values["reason"])
    return Outcome(**values)


SAMPLE_REASONS = (HeldReason.PACE, HeldReason.QUIET, HeldReason.BURST)
"""Reasons for which an article is only held for a while, so that it is a sample of its feed all the same."""


class Outcomes(Collection):
    async def add(self, **values: Any) -> bool:
        """Count one, of the fields of `Outcome`. False: the channel has an outcome for this article already."""
        return bool(await self.add_many([Outcome(**values)]))

    async def add_many(self, decided: Sequence[Outcome]) -> int:
        """Count them, and give how many are new: where a channel has an outcome for the article, it stays."""
        if not decided:
            return 0
        if any((one.state is OutcomeState.HELD) != (one.reason is not None) for one in decided):
            raise ValueError("an outcome has a reason if, and only if, it is held")
        statement = insert_or_ignore(self._connection, outcomes, outcomes.c.article_id)
        return len((await self._connection.execute(statement, [asdict(one) for one in decided])).all())

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

    async def channels_of(self, article_id: int) -> frozenset[int]:
        """The channels that have an outcome for the article."""
        rows = await self._all(select(outcomes.c.channel_id).where(outcomes.c.article_id == article_id))
        return frozenset(row.channel_id for row in rows)

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

    async def channels_sampling(self, source_id: int) -> frozenset[int]:
        """The channels that were alerted to an article of this source, or have one held for their next digest."""
        statement = (
            select(outcomes.c.channel_id)
            .join_from(articles, outcomes, outcomes.c.article_id == articles.c.id)
            .where(
                articles.c.source_id == source_id,
                or_(outcomes.c.state == OutcomeState.ALERT, outcomes.c.reason.in_(SAMPLE_REASONS)),
            )
            .distinct()
        )
        return frozenset(row.channel_id for row in await self._all(statement))

    async def count_alerts_of(self, channel_ids: Iterable[int], since: datetime) -> dict[int, int]:
        """Alerts started in each channel since then; a channel with none is not there."""
        found: dict[int, int] = {}
        for part in chunks(sorted(set(channel_ids))):
            rows = await self._all(
                select(outcomes.c.channel_id, func.count().label("alerts"))
                .where(
                    outcomes.c.channel_id.in_(part),
                    outcomes.c.state == OutcomeState.ALERT,
                    outcomes.c.decided_at >= since,
                )
                .group_by(outcomes.c.channel_id)
            )
            found.update({row.channel_id: row.alerts for row in rows})
        return found
