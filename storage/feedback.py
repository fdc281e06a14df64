"""Feedback: clicks on "Not relevant", one for each person and story in a channel."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select

from storage.rows import Collection
from storage.sql import insert_or_ignore
from storage.tables import channels, feedback


class Feedback(Collection):
    async def add(self, channel_id: int, story_id: int, user: str, now: datetime) -> bool:
        """Store that the person finds the story not relevant. Return False if that is stored already."""
        values = {"channel_id": channel_id, "story_id": story_id, "user_external_id": user, "created_at": now}
        row = await self._first(insert_or_ignore(self._connection, feedback, feedback.c.user_external_id), values)
        return row is not None

    async def count(self, story_ids: Iterable[int], *, workspace_id: int) -> int:
        """Return the number of clicks on "Not relevant" for these stories in the channels of the workspace."""
        row = await self._first(
            select(func.count())
            .select_from(feedback)
            .join(channels, channels.c.id == feedback.c.channel_id)
            .where(channels.c.workspace_id == workspace_id, feedback.c.story_id.in_(sorted(set(story_ids))))
        )
        return 0 if row is None else int(row[0])
