"""Which story an arriving article joins or starts; the story index kept equal to the database."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Final

from handlers.stories.similarity import SimilarArticle, StoryIndex
from storage.records import SHARED, Article, ArticleFeatures, Story
from storage.store import Tx

WINDOW: Final = timedelta(hours=72)
OVERLAP: Final = 50
"""Article ids read again each time: other processes may commit a little out of order."""
_ON_THE_LOOP: Final = 2 * OVERLAP
"""Articles that are taken in at once; the whole window, when it is read first, takes a thread some seconds."""
PRUNE_EVERY: Final = timedelta(minutes=15)
_FIRST_STAND_IN: Final = 1 << 40
"""Far above the id of any stored story."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relatives:
    """What an article has to do with the stories that are there."""

    kin: tuple[SimilarArticle, ...]
    private: Mapping[int, int]
    """Stories of single workspaces that a shared article draws in: as the index calls each, and its present id."""
    linked: tuple[int, ...] = ()
    """Stories that the article shows to be one, oldest first, as the index calls them."""

    @property
    def merges(self) -> bool:
        """Whether stories become one."""
        return bool(self.private or self.linked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    story_id: int
    """Stands for a story that is made by the next `store`, where that did not happen yet."""
    is_new: bool = False
    """The article started it."""
    is_copy: bool = False
    """The words of a report that the story has already."""


class Stories:
    """The articles of the window in memory. After a transaction that failed it must be thrown away.

    Articles are placed one after another in memory; what follows for the database is written for many at once.
    """

    def __init__(self) -> None:
        self._index = StoryIndex(WINDOW)
        self._pruned_at: datetime | None = None
        self._stand_ins = count(_FIRST_STAND_IN)
        self._started: dict[int, Article] = {}
        """The first article of each story that is not stored yet."""
        self._grown: set[int] = set()
        self._members: dict[int, int] = {}
        """Story by article, not stored yet."""
        self._stored: dict[int, Story | None] = {}
        """Stories as this transaction read them."""

    async def refresh(self, tx: Tx, now: datetime) -> None:
        """Begin a transaction: take in what other processes stored meanwhile; the first time, the whole window."""
        self._stored.clear()
        horizon = now - WINDOW
        after = max(0, self._index.last_id - OVERLAP)
        rows = await tx.articles.features_after(received_after=horizon, ids_after=after)
        if len(rows) > _ON_THE_LOOP:
            await asyncio.to_thread(self._take_in, rows, horizon)
        else:
            self._take_in(rows, horizon)
        if self._pruned_at is None or now - self._pruned_at >= PRUNE_EVERY:
            self._index.prune(now)
            self._pruned_at = now

    def _take_in(self, rows: Sequence[ArticleFeatures], horizon: datetime) -> None:
        for row in rows:
            if row.published_at >= horizon and row.id not in self._index:
                self._index.add(
                    article_id=row.id,
                    story_id=row.story_id,
                    workspace_id=row.workspace_id,
                    at=row.published_at,
                    features=row.features,
                )

    async def relatives(self, tx: Tx, article: Article, features: bytes) -> Relatives:
        """What `place` needs to know. It asks the database only where there are kin."""
        is_shared = article.workspace_id == SHARED
        seen = frozenset({SHARED, article.workspace_id})
        kin = self._index.similar(features, at=article.published_at, workspace_ids=seen)
        private: dict[int, int] = {}
        if is_shared and not self._index.has_only(SHARED):
            for one in self._index.similar(features, at=article.published_at, workspace_ids=None):
                if one.workspace_id == SHARED or one.story_id is None:
                    continue
                story = await self._story(tx, one.story_id)
                # A private report may stand in a shared story: the event is public already.
                if story is not None and story.workspace_id != SHARED:
                    private[one.story_id] = story.id
        linked = self._index.stories_to_merge(kin, features, workspace_id=article.workspace_id)
        return Relatives(kin=kin, private=private, linked=linked)

    async def place(self, tx: Tx, article: Article, features: bytes, relatives: Relatives, now: datetime) -> Joined:
        """Give a new article its story.

        A shared article joins shared stories only, and draws in the private stories of any workspace that tell the same
        event: each workspace goes on seeing its own articles and the shared ones, and keeps one alert.
        """
        story_id = await self._first_story(tx, relatives.kin)
        if relatives.linked:
            story_id = (await self._merge(tx, relatives.linked, article.workspace_id, now)).get(story_id, story_id)
        is_new = story_id is None
        if story_id is None:
            story_id = next(self._stand_ins)
            self._started[story_id] = article
        elif story_id not in self._started:
            self._grown.add(story_id)
        for known_as in relatives.private:
            self._index.move(known_as, story_id)
        self._members[article.id] = story_id
        self.put(article, story_id, features)
        if relatives.private:
            story_id = (await self.store(tx, now)).get(story_id, story_id)
            for private_id in relatives.private.values():
                await tx.stories.merge(private_id, story_id, now)
            self._stored.clear()
        return Joined(
            story_id=story_id,
            is_new=is_new and not relatives.private,
            is_copy=any(one.is_near_duplicate for one in relatives.kin),
        )

    async def _merge(self, tx: Tx, linked: tuple[int, ...], workspace_id: int, now: datetime) -> dict[int | None, int]:
        """Make those that are this workspace's own the oldest of them. Gives the story that each is now."""
        stories = {known_as: await self._story(tx, known_as) for known_as in linked}
        own = {
            known_as: story.id for known_as, story in stories.items() if story and story.workspace_id == workspace_id
        }
        kept = min(own.values(), default=0)
        for known_as, story_id in own.items():
            self._index.move(known_as, kept)
            await tx.stories.merge(story_id, kept, now)
        self._stored.clear()
        return dict.fromkeys(own.values(), kept)

    async def store(self, tx: Tx, now: datetime) -> dict[int, int]:
        """Write down where articles were placed. Gives the id of each story that was made, by what stood for it."""
        by_workspace: dict[int, dict[int, Article]] = {}
        for stand_in, article in self._started.items():
            by_workspace.setdefault(article.workspace_id, {})[stand_in] = article
        made: dict[int, int] = {}
        for workspace_id, started in by_workspace.items():
            ids = await tx.stories.add_many(workspace_id, [article.id for article in started.values()], now)
            made.update(zip(started, ids, strict=True))
        for stand_in, story_id in made.items():
            self._index.move(stand_in, story_id)
        await tx.articles.set_stories({id: made.get(story, story) for id, story in self._members.items()})
        await tx.stories.touch(sorted(self._grown), now)
        self._started, self._members, self._grown = {}, {}, set()
        return made

    def put(self, article: Article, story_id: int | None, features: bytes) -> None:
        """The article as it reads now."""
        self._index.add(
            article_id=article.id,
            story_id=story_id,
            workspace_id=article.workspace_id,
            at=article.published_at,
            features=features,
        )

    async def _first_story(self, tx: Tx, kin: tuple[SimilarArticle, ...]) -> int | None:
        """The story of the nearest kin; another process may have merged it into another since we read it."""
        for one in kin:
            if one.story_id is None:
                continue
            if one.story_id in self._started:
                return one.story_id
            story = await self._story(tx, one.story_id)
            if story is not None:
                self._index.move(one.story_id, story.id)
                return story.id
        return None

    async def _story(self, tx: Tx, id: int) -> Story | None:
        if id not in self._stored:
            self._stored[id] = await tx.stories.get(id)
        return self._stored[id]
