"""Which story an arriving article joins or starts; the story index kept equal to the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from handlers.stories.similarity import Kin, StoryIndex
from storage.records import SHARED, Article
from storage.store import Tx

WINDOW: Final = timedelta(hours=72)
OVERLAP: Final = 50
"""Article ids read again each time: other processes may commit a little out of order."""
PRUNE_EVERY: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    story_id: int
    is_new: bool = False
    """The article started it."""
    is_copy: bool = False
    """The words of a report that the story has already."""


class Stories:
    """The articles of the window in memory. After a transaction that failed it must be thrown away."""

    def __init__(self) -> None:
        self._index = StoryIndex(WINDOW)
        self._pruned_at: datetime | None = None

    async def refresh(self, tx: Tx, now: datetime) -> None:
        """Take in what other processes stored meanwhile; the first time, the whole window."""
        horizon = now - WINDOW
        after = max(0, self._index.last_id - OVERLAP)
        for row in await tx.articles.features_after(received_after=horizon, ids_after=after):
            if row.published_at >= horizon and not self._index.known(row.id):
                self._index.add(
                    article_id=row.id,
                    story_id=row.story_id,
                    workspace_id=row.workspace_id,
                    at=row.published_at,
                    features=row.features,
                )
        if self._pruned_at is None or now - self._pruned_at >= PRUNE_EVERY:
            self._index.prune(now)
            self._pruned_at = now

    async def place(self, tx: Tx, article: Article, features: bytes, *, now: datetime) -> Joined:
        """Give a new article its story.

        A shared article joins shared stories only, and draws in the private stories of any workspace that tell the same
        event: each workspace goes on seeing its own articles and the shared ones, and keeps one alert.
        """
        is_shared = article.workspace_id == SHARED
        seen = frozenset({SHARED}) if is_shared else frozenset({SHARED, article.workspace_id})
        kin = self._index.kin(features, at=article.published_at, workspace_ids=seen)
        story_id = await self._first_story(tx, kin, now)
        is_copy, is_new = any(one.copy for one in kin), story_id is None
        if story_id is None:
            story = await tx.stories.add(workspace_id=article.workspace_id, lead_article_id=article.id, now=now)
            story_id = story.id
        drawn_in = False
        if is_shared:
            everyone = self._index.kin(features, at=article.published_at, workspace_ids=None)
            for one in everyone:
                if one.workspace_id != SHARED and one.story_id is not None:
                    drawn_in |= await self._draw_in(tx, one.story_id, story_id, now)
        await tx.articles.set_story(article.id, story_id)
        self.put(article, story_id, features)
        return Joined(story_id=story_id, is_new=is_new and not drawn_in, is_copy=is_copy)

    def put(self, article: Article, story_id: int | None, features: bytes) -> None:
        """The article as it reads now."""
        self._index.add(
            article_id=article.id,
            story_id=story_id,
            workspace_id=article.workspace_id,
            at=article.published_at,
            features=features,
        )

    async def _first_story(self, tx: Tx, kin: tuple[Kin, ...], now: datetime) -> int | None:
        """The story of the nearest kin; another process may have merged it into another since we read it."""
        for one in kin:
            if one.story_id is None:
                continue
            story = await tx.stories.get(one.story_id)
            if story is not None:
                self._index.move(one.story_id, story.id)
                await tx.stories.touch(story.id, now)
                return story.id
        return None

    async def _draw_in(self, tx: Tx, private_id: int, story_id: int, now: datetime) -> bool:
        private = await tx.stories.get(private_id)
        if private is None or private.id == story_id:
            return False
        if private.workspace_id == SHARED:
            return False  # a private report of an event that is public already, under another story
        await tx.stories.merge(private.id, story_id, now)
        self._index.move(private_id, story_id)
        return True
