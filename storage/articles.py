"""Articles and every name they are known by."""

from collections.abc import Collection as Group
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update

from storage.records import SHARED, Article, ArticleFeatures
from storage.rows import chunks, missing, record_columns, values_of, visible, within
from storage.sql import insert_or_ignore, upsert
from storage.tables import articles, identities, matches
from storage.touched import TouchingCollection

COLUMNS = record_columns(articles, Article)
FEATURE_COLUMNS = record_columns(articles, ArticleFeatures)
_STORED = tuple(column.name for column in COLUMNS if column.name != "id")
_SET_STORY = update(articles).where(articles.c.id == bindparam("of_article")).values(story_id=bindparam("to_story"))
_SET_STORY_OF_MATCHES = (
    update(matches).where(matches.c.article_id == bindparam("of_article")).values(story_id=bindparam("to_story"))
)

_GET = select(*COLUMNS).where(articles.c.id == bindparam("of_id"))
_BY_IDS = select(*COLUMNS).where(articles.c.id.in_(bindparam("ids", expanding=True)))
_OWNERS = select(identities.c.workspace_id, identities.c.key, identities.c.article_id).where(
    identities.c.workspace_id.in_(bindparam("workspaces", expanding=True)),
    identities.c.key.in_(bindparam("keys", expanding=True)),
)
_FEATURES_AFTER = (
    select(*FEATURE_COLUMNS)
    .where(articles.c.id > bindparam("after"), articles.c.received_at >= bindparam("since"))
    .order_by(articles.c.id)
)
_COUNT_OF_STORIES = (
    select(articles.c.story_id, func.count().label("articles"))
    .where(articles.c.story_id.in_(bindparam("stories", expanding=True)), visible(articles, bindparam("viewer")))
    .group_by(articles.c.story_id)
)
# Asked by every arrival and every post: made once.


def to_article(row: Row[Any]) -> Article:
    values = values_of(row)
    values["highlights"] = tuple(values["highlights"])
    values["tags"] = tuple(values["tags"])
    return Article(**values)


class Articles(TouchingCollection):
    async def add(self, *, features: bytes, keys: Sequence[str], **values: Any) -> Article:
        """Store one, of the fields of `Article`, under these identity keys."""
        (article,) = await self.add_many([(Article(id=0, **values), features)])
        await self.add_keys(article.workspace_id, article.id, keys)
        return article

    async def add_many(self, new: Sequence[tuple[Article, bytes]]) -> tuple[Article, ...]:
        """Store them, each with its features, and give them with their ids, which rise in the order given."""
        rows = [
            {name: getattr(article, name) for name in _STORED} | {"features": features} for article, features in new
        ]
        ids = await self._insert(articles, rows)
        self._touched.articles(ids)
        return tuple(replace(article, id=id) for id, (article, _) in zip(ids, new, strict=True))

    async def add_keys(self, workspace_id: int, article_id: int, keys: Iterable[str]) -> None:
        """More names of one article."""
        await self.add_keys_many(workspace_id, [(article_id, keys)])

    async def add_keys_many(self, workspace_id: int, named: Iterable[tuple[int, Iterable[str]]]) -> None:
        """Names of articles, by their ids. A key that another article has already stays with that one."""
        rows = [
            {"workspace_id": workspace_id, "key": key, "article_id": article_id}
            for article_id, keys in named
            for key in dict.fromkeys(keys)
        ]
        if rows:
            await self._connection.execute(insert_or_ignore(self._connection, identities), rows)

    async def take_keys(self, workspace_id: int, article_id: int, keys: Iterable[str]) -> None:
        """Give the article these keys, also those of another article: the source reuses them for this one."""
        rows = [{"workspace_id": workspace_id, "key": key, "article_id": article_id} for key in dict.fromkeys(keys)]
        if rows:
            statement = upsert(self._connection, identities, keys=("workspace_id", "key"), changed=("article_id",))
            await self._connection.execute(statement, rows)

    async def get(self, id: int) -> Article | None:
        row = await self._first(_GET, {"of_id": id})
        return None if row is None else to_article(row)

    async def by_ids(self, ids: Iterable[int]) -> dict[int, Article]:
        """Those that exist, in the order asked for."""
        wanted = list(dict.fromkeys(ids))
        found: dict[int, Article] = {}
        for part in chunks(wanted):
            rows = await self._many(_BY_IDS, {"ids": part})
            found.update((row.id, to_article(row)) for row in rows)
        return {id: found[id] for id in wanted if id in found}

    async def wordings(self, ids: Iterable[int]) -> dict[int, int]:
        """A number for how each of them is worded: another one, where anything that a query reads has changed."""
        found: dict[int, int] = {}
        for part in chunks(dict.fromkeys(ids)):
            rows = await self._many(
                select(articles.c.id, articles.c.revised_at, articles.c.url, articles.c.author).where(
                    articles.c.id.in_(part)
                )
            )
            found.update((row.id, hash(tuple(row))) for row in rows)
        return found

    async def by_keys(self, workspace_ids: Group[int], keys: Sequence[str]) -> Article | None:
        """The article known by the first key that is known at all; a shared one before a private one."""
        owners = await self.owners(workspace_ids, keys)
        if not owners:
            return None
        workspace, key = min(owners, key=lambda name: (keys.index(name[1]), name[0] != SHARED, name[0]))
        return await self.get(owners[workspace, key])

    async def owners(self, workspace_ids: Group[int], keys: Iterable[str]) -> dict[tuple[int, str], int]:
        """The article of every key that is known, by workspace and key."""
        if not workspace_ids:
            return {}
        found: dict[tuple[int, str], int] = {}
        for part in chunks(dict.fromkeys(keys)):
            rows = await self._all(_OWNERS, {"workspaces": sorted(workspace_ids), "keys": part})
            found.update({(row.workspace_id, row.key): row.article_id for row in rows})
        return found

    async def by_urls(self, workspace_id: int, urls: Iterable[str], *, limit: int) -> tuple[Article, ...]:
        """The newest that the workspace may see at one of these canonical addresses, the latest first."""
        rows = await self._all(
            select(*COLUMNS)
            .where(articles.c.url.in_(list(urls)), visible(articles, workspace_id))
            .order_by(articles.c.id.desc())
            .limit(limit)
        )
        return tuple(map(to_article, rows))

    async def revise(
        self,
        id: int,
        *,
        title: str,
        text: str,
        highlights: Sequence[str],
        features: bytes,
        revised_at: datetime,
        image_url: str | None = None,
    ) -> Article:
        """The publisher's new wording. Without a new picture the old one stays. Raises: Missing."""
        values: dict[str, Any] = {
            "title": title,
            "text": text,
            "highlights": list(highlights),
            "features": features,
            "revised_at": revised_at,
        }
        if image_url is not None:
            values["image_url"] = image_url
        self._touched.articles([id])
        row = await self._first(update(articles).where(articles.c.id == id).values(values).returning(*COLUMNS))
        if row is None:
            raise missing(articles, id)
        return to_article(row)

    async def complete(self, id: int, told: Mapping[str, Any]) -> Article:
        """What was not known of it before: `url`, `author`, `image_url`, `published_at`. Raises: Missing."""
        self._touched.articles([id])
        row = await self._first(update(articles).where(articles.c.id == id).values(**told).returning(*COLUMNS))
        if row is None:
            raise missing(articles, id)
        article = to_article(row)
        at = min(article.published_at, article.received_at)
        await self._connection.execute(update(matches).where(matches.c.article_id == id).values(at=at))
        return article

    async def set_stories(self, story_ids: Mapping[int, int]) -> None:
        """The story of each article id."""
        if story_ids:
            self._touched.articles(story_ids)
            rows = [{"of_article": article, "to_story": story} for article, story in story_ids.items()]
            await self._connection.execute(_SET_STORY, rows)
            await self._connection.execute(_SET_STORY_OF_MATCHES, rows)

    async def features_after(self, *, received_after: datetime, ids_after: int = 0) -> tuple[ArticleFeatures, ...]:
        """What the story index needs of the articles received since then, by id."""
        rows = await self._all(_FEATURES_AFTER, {"after": ids_after, "since": received_after})
        return tuple(ArticleFeatures(**values_of(row)) for row in rows)

    async def recent(
        self,
        workspace_id: int,
        *,
        since: datetime,
        until: datetime | None = None,
        limit: int,
        newest_first: bool = True,
    ) -> tuple[Article, ...]:
        """Received in `since <= t < until`."""
        order = (articles.c.received_at, articles.c.id)
        statement = (
            select(*COLUMNS)
            .where(visible(articles, workspace_id), within(articles.c.received_at, since, until))
            .order_by(*(column.desc() if newest_first else column.asc() for column in order))
            .limit(limit)
        )
        return tuple(map(to_article, await self._many(statement)))

    async def of_source(self, source_id: int, workspace_id: int, *, limit: int) -> tuple[Article, ...]:
        """Those that the source brought first and the workspace may see, the latest to arrive first."""
        statement = (
            select(*COLUMNS)
            .where(articles.c.source_id == source_id, visible(articles, workspace_id))
            .order_by(articles.c.received_at.desc(), articles.c.id.desc())
            .limit(limit)
        )
        return tuple(map(to_article, await self._many(statement)))

    async def newest_of_story(
        self, story_id: int, workspace_id: int, *, before_id: int, limit: int
    ) -> tuple[Article, ...]:
        """The last that came before the article of this id, the oldest of them first; only what may be seen."""
        statement = (
            select(*COLUMNS)
            .where(articles.c.story_id == story_id, articles.c.id < before_id, visible(articles, workspace_id))
            .order_by(articles.c.received_at.desc(), articles.c.id.desc())
            .limit(limit)
        )
        return tuple(map(to_article, reversed(await self._all(statement))))

    async def count_of_stories(self, story_ids: Iterable[int], workspace_id: int) -> dict[int, int]:
        """How many articles of each story the workspace may see; a story with none is not there."""
        found: dict[int, int] = {}
        for part in chunks(dict.fromkeys(story_ids)):
            rows = await self._all(_COUNT_OF_STORIES, {"stories": part, "viewer": workspace_id})
            found.update({row.story_id: row.articles for row in rows})
        return found

    async def of_story(self, story_id: int, workspace_id: int) -> tuple[Article, ...]:
        """The oldest first, only what the workspace may see."""
        statement = (
            select(*COLUMNS)
            .where(articles.c.story_id == story_id, visible(articles, workspace_id))
            .order_by(articles.c.received_at, articles.c.id)
        )
        return tuple(map(to_article, await self._all(statement)))

    async def features_of_story(self, story_id: int, workspace_id: int) -> tuple[bytes, ...]:
        """Those of its articles that the workspace may see, the oldest first."""
        rows = await self._all(
            select(articles.c.features)
            .where(articles.c.story_id == story_id, visible(articles, workspace_id))
            .order_by(articles.c.received_at, articles.c.id)
        )
        return tuple(row.features for row in rows)

    async def last_received_at(self, workspace_id: int) -> datetime | None:
        row = await self._first(select(func.max(articles.c.received_at)).where(visible(articles, workspace_id)))
        return None if row is None else row[0]

    async def any(self) -> bool:
        """Whether anything was ever stored, of whatever workspace."""
        return await self._first(select(articles.c.id).limit(1)) is not None

    async def count(self, workspace_id: int, since: datetime | None = None, until: datetime | None = None) -> int:
        """Received in `since <= t < until`."""
        row = await self._first(
            select(func.count())
            .select_from(articles)
            .where(visible(articles, workspace_id), within(articles.c.received_at, since, until))
        )
        return 0 if row is None else int(row[0])
