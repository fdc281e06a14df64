"""Articles: each is stored once, and seen by its workspace, or by all if it is shared."""

from collections.abc import Collection as Group
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update

from storage.identities import Identities
from storage.indexed_words import ARTICLES, SET_ASIDE, IndexedWords
from storage.records import Article
from storage.rows import chunks, missing, visible, within
from storage.story_articles import COLUMNS, StoryArticles, to_article
from storage.tables import articles, matches, set_aside

_STORED = tuple(column.name for column in COLUMNS if column.name != "id")

# Built once, because every arrival or post runs them.
_GET = select(*COLUMNS).where(articles.c.id == bindparam("of_id"))
_BY_IDS = select(*COLUMNS).where(articles.c.id.in_(bindparam("ids", expanding=True)))

_REPACK = (
    update(articles)
    .where(articles.c.id == bindparam("of_id"))
    .values(text=bindparam("same", type_=articles.c.text.type))
)

_NEWEST_PART = (
    select(func.max(set_aside.c.id)).where(set_aside.c.article_id == articles.c.id).scalar_subquery().label("part")
)
"""Rises when a part is added to what was set aside of the article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A publisher's new wording of an article."""

    title: str
    text: str
    highlights: Sequence[str]
    features: bytes
    image_url: str | None = None
    """None: the article keeps its picture."""


class Articles(StoryArticles):
    async def add_many(self, new: Sequence[tuple[Article, bytes]]) -> tuple[Article, ...]:
        """Store articles, each with its features, and return them with their ids, which rise in the given order."""
        rows = [
            {name: getattr(article, name) for name in _STORED} | {"features": features} for article, features in new
        ]
        ids = await self._insert(articles, rows)
        if ids:
            self._versions.articles_added()
        return tuple(replace(article, id=id) for id, (article, _) in zip(ids, new, strict=True))

    async def get(self, id: int) -> Article | None:
        row = await self._first(_GET, {"of_id": id})
        return None if row is None else to_article(row)

    async def by_ids(self, ids: Iterable[int]) -> dict[int, Article]:
        """Return the articles that exist, by id, in the given order."""
        wanted = list(dict.fromkeys(ids))
        found: dict[int, Article] = {}
        for part in chunks(wanted):
            rows = await self._many(_BY_IDS, {"ids": part})
            found.update((row.id, to_article(row)) for row in rows)
        return {id: found[id] for id in wanted if id in found}

    async def text_versions(self, ids: Iterable[int]) -> dict[int, int]:
        """Return a number for each article, which changes when anything changes that a query reads."""
        found: dict[int, int] = {}
        for part in chunks(dict.fromkeys(ids)):
            rows = await self._many(
                select(articles.c.id, articles.c.revised_at, articles.c.url, articles.c.author, _NEWEST_PART).where(
                    articles.c.id.in_(part)
                )
            )
            found.update((row.id, hash(tuple(row))) for row in rows)
        return found

    async def by_keys(self, workspace_ids: Group[int], keys: Sequence[str]) -> Article | None:
        """Return the article that `Identities.first_owner` finds, if any."""
        id = await Identities(self._connection).first_owner(workspace_ids, keys)
        return None if id is None else await self.get(id)

    async def by_urls(self, workspace_id: int, urls: Iterable[str], *, limit: int) -> tuple[Article, ...]:
        """Return the articles with one of these canonical URLs that the workspace may see, the newest first."""
        rows = await self._all(
            select(*COLUMNS)
            .where(articles.c.url.in_(list(urls)), visible(articles, workspace_id))
            .order_by(articles.c.id.desc())
            .limit(limit)
        )
        return tuple(map(to_article, rows))

    async def revise(self, id: int, revision: Revision, *, revised_at: datetime) -> Article:
        """Store a publisher's new wording, with its time (UTC), and return the article. Raises: Missing.

        The article must then be indexed again, because its old words are removed from the index.
        """
        values: dict[str, Any] = {
            "title": revision.title,
            "text": revision.text,
            "highlights": list(revision.highlights),
            "features": revision.features,
            "revised_at": revised_at,
        }
        if revision.image_url is not None:
            values["image_url"] = revision.image_url
        self._versions.articles_changed([id])
        for full_text in (ARTICLES, SET_ASIDE):  # the caller indexes the new words
            await IndexedWords(self._connection, full_text).remove([id])
        row = await self._first(update(articles).where(articles.c.id == id).values(values).returning(*COLUMNS))
        if row is None:
            raise missing(articles, id)
        return to_article(row)

    async def repack(self, ids: Iterable[int]) -> None:
        """Store the texts of these articles as new ones are stored, compressed on SQLite. Nothing else changes."""
        for part in chunks(ids):
            rows = await self._all(select(articles.c.id, articles.c.text).where(articles.c.id.in_(part)))
            await self._connection.execute(_REPACK, [{"of_id": row.id, "same": row.text} for row in rows])

    async def complete(self, id: int, fields: Mapping[str, Any]) -> Article:
        """Store fields that were unknown before, and return the article. Raises: Missing.

        `fields` are any of `url`, `author`, `image_url` and `published_at` (UTC). Matches follow the time.
        """
        self._versions.articles_changed([id])
        row = await self._first(update(articles).where(articles.c.id == id).values(**fields).returning(*COLUMNS))
        if row is None:
            raise missing(articles, id)
        article = to_article(row)
        at = min(article.published_at, article.received_at)
        await self._connection.execute(update(matches).where(matches.c.article_id == id).values(at=at))
        return article

    async def recent(
        self,
        workspace_id: int,
        *,
        since: datetime,
        until: datetime | None = None,
        limit: int,
        newest_first: bool = True,
    ) -> tuple[Article, ...]:
        """Return the articles received in `since <= t < until` (UTC) that the workspace may see."""
        order = (articles.c.received_at, articles.c.id)
        statement = (
            select(*COLUMNS)
            .where(visible(articles, workspace_id), within(articles.c.received_at, since, until))
            .order_by(*(column.desc() if newest_first else column.asc() for column in order))
            .limit(limit)
        )
        return tuple(map(to_article, await self._many(statement)))

    async def of_source(self, source_id: int, workspace_id: int, *, limit: int) -> tuple[Article, ...]:
        """Return the articles that this source brought first and the workspace may see, the newest first."""
        statement = (
            select(*COLUMNS)
            .where(articles.c.source_id == source_id, visible(articles, workspace_id))
            .order_by(articles.c.received_at.desc(), articles.c.id.desc())
            .limit(limit)
        )
        return tuple(map(to_article, await self._many(statement)))

    async def last_received_at(self, workspace_id: int) -> datetime | None:
        """Return when the newest article was received that the workspace may see (UTC), if there is any."""
        row = await self._first(select(func.max(articles.c.received_at)).where(visible(articles, workspace_id)))
        return None if row is None else row[0]

    async def any(self) -> bool:
        """Return whether any article is stored, of any workspace."""
        return await self._first(select(articles.c.id).limit(1)) is not None

    async def count(self, workspace_id: int, since: datetime | None = None, until: datetime | None = None) -> int:
        """Return the number of articles received in `since <= t < until` (UTC) that the workspace may see."""
        row = await self._first(
            select(func.count())
            .select_from(articles)
            .where(visible(articles, workspace_id), within(articles.c.received_at, since, until))
        )
        return 0 if row is None else int(row[0])
