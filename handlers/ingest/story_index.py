"""Assign arriving articles to stories, with an in-memory story index that is kept equal to the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Final

from handlers.ingest.story_window import read_window
from handlers.stories.judge import SimilarArticle
from handlers.stories.similarity import StoryIndex
from storage.database_thread import State
from storage.records import SHARED, Article, Story
from storage.store import Tx

WINDOW: Final = timedelta(hours=72)
"""How old an article may be to report the same event as a new one."""
PRUNE_INTERVAL: Final = timedelta(minutes=15)
_FIRST_TEMPORARY_ID: Final = 1 << 40
"""Far above the id of any stored story."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedStories:
    """The stored articles and stories that report the same event as an article."""

    articles: tuple[SimilarArticle, ...]
    """Articles that the article's workspace may see, best match first."""
    private: Mapping[int, int]
    """Stories of single workspaces that merge into the story of a shared article: index id to stored id."""
    one_story: tuple[int, ...] = ()
    """Stories that are one now that the article belongs to them, oldest first, by index id."""

    @property
    def merges_stories(self) -> bool:
        return bool(self.private or len(self.one_story) > 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryAssignment:
    """The story to which an article was assigned."""

    story_id: int
    """A temporary id for a new story, until the next `store`."""
    is_new: bool = False
    """The article started the story."""
    is_copy: bool = False
    """The article copies the text of another article in the story."""


class StoryAssigner:
    """Assigns articles to stories, one after another, in memory; `store` then writes all assignments together.

    Use one instance for many transactions, one at a time. Discard it if a transaction fails, as it may then hold
    articles that were never stored.
    """

    def __init__(self) -> None:
        self._index = StoryIndex(WINDOW)
        self._state: State | None = None
        """What was committed when the index was last equal to the database."""
        self._pruned_at: datetime | None = None
        self._temporary_ids = count(_FIRST_TEMPORARY_ID)
        self._new_stories: dict[int, Article] = {}
        """The first article of each story that is not stored yet, by temporary id."""
        self._extended: set[int] = set()  # ids of stored stories with new articles
        self._unstored: dict[int, int] = {}  # assignments to store: article id to story id
        self._stories: dict[int, Story | None] = {}  # read in this transaction

    async def refresh(self, tx: Tx, now: datetime) -> None:
        """Bring the index up to date with what other processes have stored. The first call reads the whole window."""
        if tx.state is None or tx.state != self._state:
            await read_window(tx, self._index, now - WINDOW)
        self._state = tx.state

    def begin(self, tx: Tx, now: datetime) -> None:
        """Begin a transaction that writes. Call `refresh` before."""
        self._stories.clear()
        self._state = None if tx.state is None else tx.state.after_commit()
        if self._pruned_at is None or now - self._pruned_at >= PRUNE_INTERVAL:
            self._index.prune(now)
            self._pruned_at = now

    async def related(self, tx: Tx, article: Article, features: bytes) -> RelatedStories:
        """Return what `assign` needs to know. Reads the database only if related private stories are found."""
        readable = frozenset({SHARED, article.workspace_id})
        articles = self._index.similar(features, at=article.published_at, workspace_ids=readable)
        private: dict[int, int] = {}
        if article.workspace_id == SHARED and not self._index.has_only(SHARED):
            for other in self._index.similar(features, at=article.published_at, workspace_ids=None):
                if other.workspace_id == SHARED or other.story_id is None:
                    continue
                story = await self._story(tx, other.story_id)
                # A private article may already belong to a shared story, which needs no merge.
                if story is not None and story.workspace_id != SHARED:
                    private[other.story_id] = story.id
        one_story = self._index.one_story(
            articles, features, at=article.published_at, workspace_id=article.workspace_id
        )
        return RelatedStories(articles=articles, private=private, one_story=one_story)

    async def assign(
        self, tx: Tx, article: Article, features: bytes, related: RelatedStories, now: datetime
    ) -> StoryAssignment:
        """Assign a new article to a story, or start one.

        A shared article is assigned to shared stories only. Private stories about the same event are merged into its
        story; each workspace still sees only its own and shared articles, and keeps one alert.
        """
        story_id = await self._best_story(tx, related)
        if len(related.one_story) > 1:
            story_id = (await self._merge(tx, related.one_story, article.workspace_id, now)).get(story_id, story_id)
        is_new = story_id is None
        if story_id is None:
            story_id = next(self._temporary_ids)
            self._new_stories[story_id] = article
        elif story_id not in self._new_stories:
            self._extended.add(story_id)
        for index_id in related.private:
            self._index.move(index_id, story_id)
        self._unstored[article.id] = story_id
        self.update(article, story_id, features)
        if related.private:
            story_id = (await self.store(tx, now)).get(story_id, story_id)
            for private_id in related.private.values():
                await tx.stories.merge(private_id, story_id, now)
            self._stories.clear()
        return StoryAssignment(
            story_id=story_id,
            is_new=is_new and not related.private,
            is_copy=any(other.is_near_duplicate for other in related.articles),
        )

    async def _merge(
        self, tx: Tx, index_ids: tuple[int, ...], workspace_id: int, now: datetime
    ) -> dict[int | None, int]:
        """Merge the workspace's own stories among these into the oldest. Returns the new id of each, by stored id."""
        stories = {index_id: await self._story(tx, index_id) for index_id in index_ids}
        own = {
            index_id: story.id for index_id, story in stories.items() if story and story.workspace_id == workspace_id
        }
        oldest = min(own.values(), default=0)
        for index_id, story_id in own.items():
            self._index.move(index_id, oldest)
            await tx.stories.merge(story_id, oldest, now)
        self._stories.clear()
        return dict.fromkeys(own.values(), oldest)

    async def store(self, tx: Tx, now: datetime) -> dict[int, int]:
        """Store all assignments. Returns the id of each new story, by temporary id."""
        created: dict[int, int] = {}
        for workspace_id, first_articles in _by_workspace(self._new_stories).items():
            article_ids = [article.id for article in first_articles.values()]
            created.update(zip(first_articles, await tx.stories.add_many(workspace_id, article_ids, now), strict=True))
        for temporary_id, story_id in created.items():
            self._index.move(temporary_id, story_id)
        story_ids = {id: created.get(story, story) for id, story in self._unstored.items()}
        await tx.articles.set_stories(story_ids, are_new=True)
        await tx.stories.touch(sorted(self._extended), now)
        self._new_stories, self._unstored, self._extended = {}, {}, set()
        return created

    def update(self, article: Article, story_id: int | None, features: bytes) -> None:
        """Put the article into the index, replacing its earlier features and story."""
        self._index.add(
            article_id=article.id,
            story_id=story_id,
            workspace_id=article.workspace_id,
            at=article.published_at,
            features=features,
        )

    async def _best_story(self, tx: Tx, related: RelatedStories) -> int | None:
        """Return the story of the best match. Another process may have merged it into another story meanwhile."""
        found = (article.story_id for article in related.articles if article.story_id is not None)
        for story_id in (*found, *related.one_story[:1]):
            if story_id in self._new_stories:
                return story_id
            if (story := await self._story(tx, story_id)) is not None:
                self._index.move(story_id, story.id)
                return story.id
        return None

    async def _story(self, tx: Tx, id: int) -> Story | None:
        """Return the story of that id, or the story into which it was merged."""
        if id not in self._stories:
            self._stories[id] = await tx.stories.get(id)
        return self._stories[id]


def _by_workspace(first_articles: Mapping[int, Article]) -> dict[int, dict[int, Article]]:
    grouped: dict[int, dict[int, Article]] = {}
    for temporary_id, article in first_articles.items():
        grouped.setdefault(article.workspace_id, {})[temporary_id] = article
    return grouped
