"""The articles of stories: to which story each belongs, and what a workspace sees of a story."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, or_, select, update

from storage.answer_versions import VersionedCollection
from storage.records import Article, ArticleFeatures, ArticleReport
from storage.rows import chunks, record_columns, values_of, visible
from storage.tables import articles, matches, story_corrections

COLUMNS = record_columns(articles, Article)
FEATURE_COLUMNS = record_columns(articles, ArticleFeatures)

# Built once, because every arrival or post runs them.
_SET_STORY = update(articles).where(articles.c.id == bindparam("of_article")).values(story_id=bindparam("to_story"))
_SET_STORY_OF_MATCHES = (
    update(matches).where(matches.c.article_id == bindparam("of_article")).values(story_id=bindparam("to_story"))
)
_IDS_AFTER = (
    select(articles.c.id)
    .where(articles.c.id > bindparam("after"), articles.c.received_at >= bindparam("since"))
    .order_by(articles.c.id)
)
_REPORTS = select(*record_columns(articles, ArticleReport)).where(articles.c.id.in_(bindparam("ids", expanding=True)))
_FEATURES_OF = (
    select(*FEATURE_COLUMNS).where(articles.c.id.in_(bindparam("ids", expanding=True))).order_by(articles.c.id)
)
_COUNT_OF_STORIES = (
    select(articles.c.story_id, func.count().label("articles"))
    .where(articles.c.story_id.in_(bindparam("stories", expanding=True)), visible(articles, bindparam("viewer")))
    .group_by(articles.c.story_id)
)
_CORRECTED = select(story_corrections.c.article_id).where(
    story_corrections.c.workspace_id == bindparam("viewer"),
    story_corrections.c.story_id.in_(bindparam("stories", expanding=True)),
)
_IN_STORY = func.coalesce(story_corrections.c.story_id, articles.c.story_id)
"""The story of an article in a workspace, whose people may have corrected it."""


def _of_stories(*columns: ColumnElement[Any]) -> Select[Any]:
    return (
        select(*columns)
        .join(
            story_corrections,
            and_(
                story_corrections.c.workspace_id == bindparam("viewer"),
                story_corrections.c.article_id == articles.c.id,
            ),
            isouter=True,
        )
        .where(
            or_(articles.c.story_id.in_(bindparam("stories", expanding=True)), articles.c.id.in_(_CORRECTED)),
            _IN_STORY.in_(bindparam("stories", expanding=True)),
            visible(articles, bindparam("viewer")),
        )
    )


_OF_STORY = _of_stories(*COLUMNS).order_by(articles.c.received_at, articles.c.id)
_PUBLISHERS = _of_stories(_IN_STORY.label("in_story"), articles.c.publisher)


def to_article(row: Row[Any]) -> Article:
    values = values_of(row)
    values["highlights"] = tuple(values["highlights"])
    values["tags"] = tuple(values["tags"])
    return Article(**values)


class StoryArticles(VersionedCollection):
    async def set_stories(self, story_ids: Mapping[int, int], *, are_new: bool = False) -> None:
        """Assign articles to stories, given as article id to story id. Their matches repeat the story.

        `are_new` means that the articles are of this transaction, and that their matches are not stored yet.
        """
        if not story_ids:
            return
        rows = [{"of_article": article, "to_story": story} for article, story in story_ids.items()]
        await self._connection.execute(_SET_STORY, rows)
        if are_new:
            self._versions.articles_added()
        else:
            self._versions.articles_changed(story_ids)
            await self._connection.execute(_SET_STORY_OF_MATCHES, rows)

    async def of_story(self, story_id: int, workspace_id: int) -> tuple[Article, ...]:
        """Return the articles of the story that the workspace may see, oldest first. Its corrections count."""
        rows = await self._all(_OF_STORY, {"stories": [story_id], "viewer": workspace_id})
        return tuple(map(to_article, rows))

    async def count_of_stories(self, story_ids: Iterable[int], workspace_id: int) -> dict[int, int]:
        """Return how many articles of each story the workspace may see. A story with none is left out."""
        found: dict[int, int] = {}
        for part in chunks(dict.fromkeys(story_ids)):
            rows = await self._all(_COUNT_OF_STORIES, {"stories": part, "viewer": workspace_id})
            found.update({row.story_id: row.articles for row in rows})
        return found

    async def publishers_of_stories(self, story_ids: Iterable[int], workspace_id: int) -> dict[int, tuple[str, ...]]:
        """Return the publisher of each article of these stories that the workspace may see, by story id.

        The workspace's corrections count.
        """
        found: dict[int, list[str]] = {}
        for part in chunks(sorted(set(story_ids))):
            for row in await self._all(_PUBLISHERS, {"stories": part, "viewer": workspace_id}):
                found.setdefault(row.in_story, []).append(row.publisher)
        return {story_id: tuple(publishers) for story_id, publishers in found.items()}

    async def ids_after(self, id: int, *, received_after: datetime) -> tuple[int, ...]:
        """Return the ids above `id` of the articles received since then (UTC), ascending."""
        return tuple(row.id for row in await self._many(_IDS_AFTER, {"after": id, "since": received_after}))

    async def features_of(self, ids: Iterable[int]) -> tuple[ArticleFeatures, ...]:
        """Return what the story index needs of these articles, by id."""
        found: list[ArticleFeatures] = []
        for part in chunks(sorted(ids)):
            found += [ArticleFeatures(**values_of(row)) for row in await self._all(_FEATURES_OF, {"ids": part})]
        return tuple(found)

    async def reports(self, ids: Iterable[int]) -> dict[int, ArticleReport]:
        """Return what tells whether articles are one report, by article id. Unknown ids are left out."""
        found: dict[int, ArticleReport] = {}
        for part in chunks(sorted(set(ids))):
            rows = await self._all(_REPORTS, {"ids": part})
            found.update({row.id: ArticleReport(**values_of(row)) for row in rows})
        return found
