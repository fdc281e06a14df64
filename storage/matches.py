"""Matches: which topics an article satisfies, with the evidence and the query that matched."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from hashlib import blake2b
from typing import Any

from sqlalchemy import Executable, Row, and_, delete, select

from storage.mentions import Mentions
from storage.records import Article, Evidence, Match, TopicQuery
from storage.rows import chunks, record_columns
from storage.sql import insert_or_ignore, upsert
from storage.tables import articles, matches, topic_queries

COLUMNS = record_columns(matches, Match, without=["trace", "query"])
_ASKED = (topic_queries.c.query, topic_queries.c.aliases, topic_queries.c.refers_to)


def to_match(row: Row[Any]) -> Match:
    """Return the match without its query and trace."""
    values = {name: getattr(row, name) for name in ("article_id", "topic_id", "score")}
    return Match(**values, evidence=tuple(Evidence(**evidence) for evidence in row.evidence))


def _to_query(row: Row[Any]) -> TopicQuery | None:
    if row.query is None:
        return None
    references = tuple((name, query) for name, query in row.refers_to)
    return TopicQuery(query=row.query, aliases=tuple(row.aliases), references=references)


def _values(match: Match, article: Article | Row[Any]) -> dict[str, Any]:
    return {
        "article_id": match.article_id,
        "topic_id": match.topic_id,
        "evidence": [asdict(evidence) for evidence in match.evidence],
        "score": match.score,
        "trace": match.trace,
        "query_digest": None if match.query is None else match.query.digest,
        "received_at": article.received_at,
        "workspace_id": article.workspace_id,
        "at": min(article.published_at, article.received_at),
        "story_id": article.story_id,
        "publisher_key": publisher_key(article.publisher),
        "in_title": any(evidence.field == "title" for evidence in match.evidence),
    }


def publisher_key(publisher: str) -> str:
    """Return a key of 16 characters, short enough for an index. Names that differ only in case have the same key."""
    return blake2b(publisher.casefold().encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


class Matches(Mentions):
    async def add_new(self, found: Sequence[Match], of_articles: Mapping[int, Article]) -> None:
        """Store the matches of articles that are new in this transaction, given by id with their stories."""
        self._versions.articles_added(match.topic_id for match in found)
        await self._add(found, of_articles)

    async def add_many(self, found: Iterable[Match]) -> None:
        """Store matches. A match that exists gets the new evidence, score and query.

        Each row repeats the columns of its article that counts need, so that counts read one index only.
        """
        for part in chunks(found):
            self._versions.articles_changed(match.article_id for match in part)
            await self._add(part, await self._article_rows({match.article_id for match in part}))

    async def _add(self, found: Sequence[Match], of_articles: Mapping[int, Article | Row[Any]]) -> None:
        rows = [_values(match, of_articles[match.article_id]) for match in found if match.article_id in of_articles]
        if rows:
            await self._add_queries(found)
            await self._connection.execute(self._upsert(), rows)

    def _upsert(self) -> Executable:
        changed = ("evidence", "score", "trace", "query_digest", "in_title")
        return upsert(self._connection, matches, keys=("article_id", "topic_id"), changed=changed)

    async def _add_queries(self, found: Iterable[Match]) -> None:
        queries = {(match.topic_id, match.query) for match in found if match.query is not None}
        rows = [
            {
                "topic_id": topic_id,
                "digest": query.digest,
                "query": query.query,
                "aliases": list(query.aliases),
                "refers_to": list(query.references),
            }
            for topic_id, query in queries
        ]
        if rows:
            await self._connection.execute(insert_or_ignore(self._connection, topic_queries), rows)

    async def _article_rows(self, ids: Iterable[int]) -> dict[int, Row[Any]]:
        """Return the columns of these articles that matches repeat.

        The rows are locked, because another transaction may be moving their story to another one.
        """
        rows = await self._all(
            select(
                articles.c.id,
                articles.c.workspace_id,
                articles.c.publisher,
                articles.c.published_at,
                articles.c.received_at,
                articles.c.story_id,
            )
            .where(articles.c.id.in_(sorted(ids)))
            .order_by(articles.c.id)
            .with_for_update(read=True)
        )
        return {row.id: row for row in rows}

    async def of_article(self, article_id: int) -> tuple[Match, ...]:
        """Return the article's matches, by topic id, each with its query or with the trace that is stored."""
        same_query = and_(
            topic_queries.c.topic_id == matches.c.topic_id, topic_queries.c.digest == matches.c.query_digest
        )
        rows = await self._all(
            select(*COLUMNS, matches.c.trace, *_ASKED)
            .join(topic_queries, same_query, isouter=True)
            .where(matches.c.article_id == article_id)
            .order_by(matches.c.topic_id)
        )
        return tuple(replace(to_match(row), trace=row.trace, query=_to_query(row)) for row in rows)

    async def of_articles(self, ids: Iterable[int]) -> dict[int, tuple[Match, ...]]:
        """Return the matches of each article, by topic id, without their queries. Leaves out articles without any."""
        found: dict[int, tuple[Match, ...]] = {}
        for part in chunks(dict.fromkeys(ids)):
            rows = await self._all(
                select(*COLUMNS)
                .where(matches.c.article_id.in_(part))
                .order_by(matches.c.article_id, matches.c.topic_id)
            )
            for row in rows:
                found[row.article_id] = (*found.get(row.article_id, ()), to_match(row))
        return found

    async def evidence(self, topic_id: int, ids: Iterable[int]) -> dict[int, tuple[Evidence, ...]]:
        """Return the evidence of those articles that match the topic, by article id."""
        found: dict[int, tuple[Evidence, ...]] = {}
        for part in chunks(dict.fromkeys(ids)):
            rows = await self._many(
                select(matches.c.article_id, matches.c.evidence).where(
                    matches.c.article_id.in_(part), matches.c.topic_id == topic_id
                )
            )
            found.update((row.article_id, tuple(Evidence(**values) for values in row.evidence)) for row in rows)
        return found

    async def replace_for_topic(
        self, topic_id: int, found: Iterable[Match], *, among: Iterable[int] | None = None
    ) -> None:
        """Replace the topic's matches after its query changed.

        `among` limits the replacement to these articles. Matches in `found` of other topics are ignored.
        """
        if among is None:
            await self.remove_topic(topic_id)
        for ids in chunks(among or ()):
            self._versions.topics_changed([topic_id])
            self._versions.articles_changed(ids)
            await self._count(delete(matches).where(matches.c.topic_id == topic_id, matches.c.article_id.in_(ids)))
        await self.add_many(match for match in found if match.topic_id == topic_id)

    async def replace_for_article(self, article_id: int, found: Iterable[Match]) -> None:
        """Replace the article's matches after its text changed. Matches in `found` of other articles are ignored."""
        removed = await self._all(
            delete(matches).where(matches.c.article_id == article_id).returning(matches.c.topic_id)
        )
        self._versions.topics_changed(row.topic_id for row in removed)
        self._versions.articles_changed([article_id])
        await self.add_many(match for match in found if match.article_id == article_id)

    async def remove_topic(self, topic_id: int) -> None:
        """Remove all matches of the topic."""
        rows = await self._all(select(matches.c.article_id).where(matches.c.topic_id == topic_id))
        self._versions.topics_changed([topic_id])
        self._versions.articles_changed(row.article_id for row in rows)
        await self._count(delete(matches).where(matches.c.topic_id == topic_id))
