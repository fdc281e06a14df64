"""Corrections: to which story an article belongs in a workspace whose people separated or joined stories."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select, update

from storage.answer_versions import VersionedCollection
from storage.rows import chunks
from storage.sql import upsert
from storage.tables import story_corrections


class StoryCorrections(VersionedCollection):
    async def of_articles(self, article_ids: Iterable[int]) -> dict[int, dict[int, int]]:
        """Return the corrected story of these articles in each workspace: story id by article and workspace id."""
        found: dict[int, dict[int, int]] = {}
        for part in chunks(sorted(set(article_ids))):
            rows = await self._all(
                select(
                    story_corrections.c.article_id, story_corrections.c.workspace_id, story_corrections.c.story_id
                ).where(story_corrections.c.article_id.in_(part))
            )
            for row in rows:
                found.setdefault(row.article_id, {})[row.workspace_id] = row.story_id
        return found

    async def exist(self, workspace_id: int | None = None) -> bool:
        """Return whether the workspace, or any, has corrections."""
        statement = select(story_corrections.c.article_id).limit(1)
        if workspace_id is not None:
            statement = statement.where(story_corrections.c.workspace_id == workspace_id)
        return await self._first(statement) is not None

    async def put(self, workspace_id: int, stories: Mapping[int, int], *, by: str, now: datetime) -> None:
        """Store to which story articles belong in the workspace, by article id. Replaces earlier corrections.

        `by` is the external id of the person, empty for articles that follow a correction. `now` is in UTC.
        """
        if not stories:
            return
        self._versions.articles_changed(stories)
        statement = upsert(
            self._connection,
            story_corrections,
            keys=("workspace_id", "article_id"),
            changed=("story_id", "created_by", "created_at"),
        )
        rows = [
            {
                "workspace_id": workspace_id,
                "article_id": article_id,
                "story_id": story_id,
                "created_by": by,
                "created_at": now,
            }
            for article_id, story_id in stories.items()
        ]
        await self._connection.execute(statement, rows)

    async def move(self, from_id: int, into_id: int) -> None:
        """Let corrections that name one story name the story that it was merged into."""
        await self._count(
            update(story_corrections).where(story_corrections.c.story_id == from_id).values(story_id=into_id)
        )
