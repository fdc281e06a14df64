"""Outcomes: what was decided about a matched article in a channel."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, or_, select, update

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
        """Store one outcome, given by the fields of `Outcome`. Return False if the channel has one for the article."""
        return bool(await self.add_many([Outcome(**values)]))

    async def add_many(self, decided: Sequence[Outcome]) -> int:
        """Store outcomes and return how many are new. An outcome that a channel has for an article already stays."""
        if not decided:
            return 0
        if any((outcome.state is OutcomeState.HELD) != (outcome.reason is not None) for outcome in decided):
            raise ValueError("an outcome has a reason if and only if it is held")
        statement = insert_or_ignore(self._connection, outcomes, outcomes.c.article_id)
        return len((await self._connection.execute(statement, [asdict(outcome) for outcome in decided])).all())

    async def of_channel(
        self, channel_id: int, *, since: datetime | None, until: datetime | None = None
    ) -> tuple[Outcome, ...]:
        """Return the outcomes decided in `since <= t < until` (UTC), oldest first."""
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

    async def stories_of(self, article_id: int) -> dict[int, int]:
        """Return the story to which the article belongs in each channel that has an outcome for it, by channel id."""
        statement = select(outcomes.c.channel_id, outcomes.c.story_id).where(outcomes.c.article_id == article_id)
        return {row.channel_id: row.story_id for row in await self._all(statement)}

    async def of_story(self, story_id: int, channel_id: int) -> tuple[Outcome, ...]:
        """Return the outcomes of the story's articles in this channel, oldest first."""
        statement = (
            select(*COLUMNS)
            .where(outcomes.c.story_id == story_id, outcomes.c.channel_id == channel_id)
            .order_by(outcomes.c.decided_at, outcomes.c.article_id)
        )
        return tuple(map(to_outcome, await self._all(statement)))

    async def channels_holding(self, reasons: Iterable[HeldReason], *, since: datetime) -> tuple[int, ...]:
        """Return the ids of channels in which an article was held for one of these reasons since then (UTC)."""
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

    async def hold(self, delivery_ids: Iterable[int], reason: HeldReason) -> None:
        """Change the outcomes that these deliveries would have posted to held, for this reason."""
        for part in chunks(sorted(set(delivery_ids))):
            await self._count(
                update(outcomes)
                .where(outcomes.c.delivery_id.in_(part))
                .values(state=OutcomeState.HELD, reason=reason, delivery_id=None)
            )

    async def count_alerts_of(self, channel_ids: Iterable[int], since: datetime) -> dict[int, int]:
        """Return the number of alerts started in each channel since then (UTC), without channels that have none."""
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
