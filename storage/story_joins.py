"""Separating and joining stories in one workspace: what moves is its own outcomes, alerts, mutes and follows."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import literal, or_, select, update

from storage.deliveries import Deliveries, NewDelivery
from storage.outcomes import COLUMNS as OUTCOME_COLUMNS
from storage.outcomes import to_outcome
from storage.records import Delivery, DeliveryKind, DeliveryState, Outcome, OutcomeState, Story
from storage.rows import missing, visible
from storage.sql import move_rows
from storage.story_corrections import StoryCorrections
from storage.tables import (
    articles,
    channels,
    deliveries,
    feedback,
    follows,
    mutes,
    outcomes,
    reviews,
    story_corrections,
)


class StoryJoins(StoryCorrections):
    """Other workspaces are not affected: articles and stories, which they share, stay as they are."""

    async def article_ids(self, workspace_id: int, story_id: int) -> tuple[int, ...]:
        """Return the articles that belong to the story in the workspace or in one of its channels, by id."""
        own = select(channels.c.id).where(channels.c.workspace_id == workspace_id)
        decided = select(outcomes.c.article_id).where(outcomes.c.story_id == story_id, outcomes.c.channel_id.in_(own))
        corrected = select(story_corrections.c.article_id).where(
            story_corrections.c.workspace_id == workspace_id, story_corrections.c.story_id == story_id
        )
        elsewhere = select(story_corrections.c.article_id).where(
            story_corrections.c.workspace_id == workspace_id, story_corrections.c.story_id != story_id
        )
        statement = (
            select(articles.c.id)
            .where(
                visible(articles, workspace_id),
                or_(
                    (articles.c.story_id == story_id) & articles.c.id.not_in(elsewhere),
                    articles.c.id.in_(decided),
                    articles.c.id.in_(corrected),
                ),
            )
            .order_by(articles.c.id)
        )
        return tuple(row.id for row in await self._all(statement))

    async def joined_to(self, workspace_id: int, story: Story) -> int | None:
        """Return the story that has the articles of this one in the workspace; None if it still has some itself."""
        if await self.article_ids(workspace_id, story.id):
            return None
        found = (await self.of_articles([story.lead_article_id])).get(story.lead_article_id, {})
        return found.get(workspace_id)

    async def join(self, workspace_id: int, from_id: int, into_id: int, *, by: str, now: datetime) -> None:
        """Let everything of one story belong to another in the workspace. Repeating it has no effect.

        A channel with an alert for both keeps the older one, which is edited; see `Deliveries.supersede`.
        """
        moved = await self.article_ids(workspace_id, from_id)
        await self.put(workspace_id, dict.fromkeys(moved, into_id), by=by, now=now)
        own = select(channels.c.id).where(channels.c.workspace_id == workspace_id)
        await self._count(
            update(outcomes)
            .where(outcomes.c.story_id == from_id, outcomes.c.channel_id.in_(own))
            .values(story_id=into_id)
        )
        ids = [row.id for row in await self._all(own)]
        await Deliveries(self._connection).supersede(from_id, into_id, now, channel_ids=ids)
        for table, name, old, new in (
            (mutes, "subject", f"story:{from_id}", f"story:{into_id}"),
            (follows, "story_id", from_id, into_id),
            (feedback, "story_id", from_id, into_id),
            (reviews, "story_id", from_id, into_id),
        ):
            await move_rows(self._connection, table, name, old, new, table.c.channel_id.in_(ids))

    async def separate(
        self, workspace_id: int, story_id: int, article_ids: Iterable[int], *, by: str, now: datetime
    ) -> tuple[Outcome, ...]:
        """Let these articles belong to another story in the workspace, and return their outcomes as they were.

        An article by which a channel shows its story stays in it there. The outcomes keep their state.
        """
        ids = sorted(article_ids)
        await self.put(workspace_id, dict.fromkeys(ids, story_id), by=by, now=now)
        own = select(channels.c.id).where(channels.c.workspace_id == workspace_id)
        current = select(deliveries.c.id).where(
            deliveries.c.id == outcomes.c.delivery_id, ~deliveries.c.subject.contains("~")
        )
        affected = (
            outcomes.c.article_id.in_(ids),
            outcomes.c.channel_id.in_(own),
            or_(outcomes.c.state != OutcomeState.ALERT, ~current.exists()),
        )
        rows = await self._all(select(*OUTCOME_COLUMNS).where(*affected).order_by(outcomes.c.article_id))
        await self._count(update(outcomes).where(*affected).values(story_id=story_id))
        return tuple(map(to_outcome, rows))

    async def start_alert(self, outcome: Outcome, story_id: int, now: datetime) -> Delivery:
        """Begin the alert of a separated story with this outcome's article, and return it.

        An alert that began with the article before, and that another superseded, is the story's alert again.
        """
        restored = await self._count(
            update(deliveries)
            .where(
                deliveries.c.id == outcome.delivery_id,
                deliveries.c.subject.contains("~"),
                deliveries.c.state == DeliveryState.SENT,
                literal(outcome.state == OutcomeState.ALERT),
            )
            .values(
                subject=str(story_id), story_id=story_id, wanted_version=deliveries.c.wanted_version + 1, due_at=now
            )
        )
        queue = Deliveries(self._connection)
        if restored and outcome.delivery_id is not None:
            delivery = await queue.get(outcome.delivery_id)
        else:
            new = NewDelivery(
                channel_id=outcome.channel_id,
                kind=DeliveryKind.ALERT,
                subject=str(story_id),
                due_at=now,
                story_id=story_id,
            )
            delivery, _ = await queue.enqueue(new, now)
        if delivery is None:
            raise missing(deliveries, outcome.delivery_id or 0)
        await self.set_alert(outcome, delivery.id, OutcomeState.ALERT)
        return delivery

    async def set_alert(self, outcome: Outcome, delivery_id: int, state: OutcomeState) -> None:
        """Record that the article began this alert, or was merged into it."""
        await self._count(
            update(outcomes)
            .where(outcomes.c.channel_id == outcome.channel_id, outcomes.c.article_id == outcome.article_id)
            .values(state=state, delivery_id=delivery_id)
        )
