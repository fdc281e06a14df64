"""Stories: articles that report the same event. Two stories can be merged without a second alert."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from storage.answer_versions import VersionedCollection
from storage.deliveries import Deliveries
from storage.records import Story
from storage.rows import chunks, missing, record_columns, values_of
from storage.sql import move_rows
from storage.story_corrections import StoryCorrections
from storage.tables import articles, feedback, follows, matches, mutes, outcomes, reviews, stories

COLUMNS = record_columns(stories, Story)


def to_story(row: Row[Any]) -> Story:
    return Story(**values_of(row))


class Stories(VersionedCollection):
    async def add(self, *, workspace_id: int, lead_article_id: int, now: datetime) -> Story:
        (id,) = await self.add_many(workspace_id, [lead_article_id], now)
        story = await self.get(id)
        if story is None:
            raise missing(stories, id)
        return story

    async def add_many(self, workspace_id: int, lead_article_ids: Iterable[int], now: datetime) -> tuple[int, ...]:
        """Create a story for each of these lead articles, and return the ids in the same order. `now` is in UTC."""
        rows = [
            {"workspace_id": workspace_id, "lead_article_id": lead, "started_at": now, "updated_at": now}
            for lead in lead_article_ids
        ]
        return tuple(await self._insert(stories, rows))

    async def get(self, id: int) -> Story | None:
        """Return the story, or the one that it was merged into."""
        story = (await self.by_ids((id,))).get(id)
        if story is not None and story.merged_into is not None:
            return (await self.by_ids((story.merged_into,))).get(story.merged_into)
        return story

    async def by_ids(self, ids: Iterable[int]) -> dict[int, Story]:
        found: dict[int, Story] = {}
        for part in chunks(dict.fromkeys(ids)):
            rows = await self._all(select(*COLUMNS).where(stories.c.id.in_(part)))
            found.update((row.id, to_story(row)) for row in rows)
        return found

    async def touch(self, ids: Iterable[int], now: datetime) -> None:
        """Set when the stories were last updated (UTC). A later time that is stored already stays."""
        for part in chunks(dict.fromkeys(ids)):
            await self._count(
                update(stories).where(stories.c.id.in_(part), stories.c.updated_at < now).values(updated_at=now)
            )

    async def update(self, id: int, **fields: Any) -> Story:
        """Change `workspace_id` or `lead_article_id`, and return the story. Raises: Missing."""
        allowed = {name: fields[name] for name in ("workspace_id", "lead_article_id") if name in fields}
        if len(allowed) != len(fields):
            raise TypeError("stories can change workspace_id and lead_article_id only")
        row = await self._first(update(stories).where(stories.c.id == id).values(allowed).returning(*COLUMNS))
        if row is None:
            raise missing(stories, id)
        return to_story(row)

    async def merge(self, from_id: int, into_id: int, now: datetime) -> None:
        """Move everything that belongs to one story to another. Repeating it has no effect.

        A channel with an alert for both keeps the older one, which is edited. The younger one is not sent any more, or
        stays as it is if it is posted already.
        """
        if from_id == into_id:
            return
        merged, target = (await self.by_ids((from_id,))).get(from_id), (await self.by_ids((into_id,))).get(into_id)
        if merged is None or target is None or merged.merged_into is not None or target.merged_into is not None:
            return
        moved = select(articles.c.id).where(articles.c.story_id == from_id)
        self._versions.articles_changed(row.id for row in await self._all(moved))
        await self._count(update(matches).where(matches.c.article_id.in_(moved)).values(story_id=into_id))
        await self._count(update(articles).where(articles.c.story_id == from_id).values(story_id=into_id))
        await self._count(update(outcomes).where(outcomes.c.story_id == from_id).values(story_id=into_id))
        await Deliveries(self._connection).supersede(from_id, into_id, now)
        await move_rows(self._connection, mutes, "subject", f"story:{from_id}", f"story:{into_id}")
        await move_rows(self._connection, follows, "story_id", from_id, into_id)
        await move_rows(self._connection, feedback, "story_id", from_id, into_id)
        await move_rows(self._connection, reviews, "story_id", from_id, into_id)
        await StoryCorrections(self._connection, self._versions).move(from_id, into_id)
        await self._count(update(stories).where(stories.c.merged_into == from_id).values(merged_into=into_id))
        await self._count(update(stories).where(stories.c.id == from_id).values(merged_into=into_id))
        await self._count(
            update(stories)
            .where(stories.c.id == into_id)
            .values(started_at=min(merged.started_at, target.started_at), updated_at=max(now, target.updated_at))
        )
