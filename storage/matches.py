"""Matches: which topics an article satisfies, with the evidence and the ticked query."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, Text, bindparam, case, cast, delete, func, select

from storage.records import Evidence, Match, Mention
from storage.rows import Collection, chunks, record_columns, values_of, visible, within
from storage.sql import upsert_many
from storage.tables import articles, matches

COLUMNS = record_columns(matches, Match)
_IN_TITLE = cast(matches.c.evidence, Text).contains('"field":"title"')
"""Asked of the stored text, as `engine` writes JSON: reading the evidence of ten thousand mentions takes a second.
Quotation marks of an article's own words stand escaped in it."""


def to_match(row: Row[Any]) -> Match:
    values = values_of(row)
    values["evidence"] = tuple(Evidence(**evidence) for evidence in values["evidence"])
    return Match(**values)


def _of_article(value: ColumnElement[Any]) -> ScalarSelect[Any]:
    return select(value).where(articles.c.id == bindparam("of_article")).scalar_subquery()


_NEW: Mapping[str, Any] = {
    "article_id": bindparam("of_article"),
    "topic_id": bindparam("of_topic"),
    "evidence": bindparam("found", type_=matches.c.evidence.type),
    "score": bindparam("worth"),
    "trace": bindparam("ticked", type_=matches.c.trace.type),
    "received_at": bindparam("came", type_=matches.c.received_at.type),
    "workspace_id": _of_article(articles.c.workspace_id),
    "at": _of_article(
        case((articles.c.published_at < articles.c.received_at, articles.c.published_at), else_=articles.c.received_at)
    ),
}


def _values(match: Match, received_at: datetime) -> dict[str, Any]:
    return {
        "of_article": match.article_id,
        "of_topic": match.topic_id,
        "found": [asdict(evidence) for evidence in match.evidence],
        "worth": match.score,
        "ticked": match.trace,
        "came": received_at,
    }


class Matches(Collection):
    async def add_many(self, found: Iterable[Match], received_at: datetime) -> None:
        """Store them; one that was there gets the new evidence. `received_at` is the article's."""
        await self._put([_values(match, received_at) for match in found])

    async def _put(self, rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            statement = upsert_many(
                self._connection, matches, keys=("article_id", "topic_id"), changed=("evidence", "score", "trace")
            )
            await self._connection.execute(statement.values(_NEW), rows)

    async def of_article(self, article_id: int) -> tuple[Match, ...]:
        return (await self.of_articles((article_id,))).get(article_id, ())

    async def of_articles(self, ids: Iterable[int]) -> dict[int, tuple[Match, ...]]:
        """Those that matched, each with its matches by topic id."""
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

    def _seen(
        self, statement: Select[Any], workspace_id: int, since: datetime | None, until: datetime | None
    ) -> Select[Any]:
        return statement.where(visible(matches, workspace_id), within(matches.c.received_at, since, until))

    async def article_ids(
        self,
        topic_id: int,
        workspace_id: int,
        *,
        since: datetime | None,
        until: datetime | None = None,
        limit: int | None = None,
    ) -> tuple[int, ...]:
        """Received in `since <= t < until`, the newest first."""
        statement = (
            self._seen(select(matches.c.article_id), workspace_id, since, until)
            .where(matches.c.topic_id == topic_id)
            .order_by(matches.c.received_at.desc(), matches.c.article_id.desc())
            .limit(limit)
        )
        return tuple(row.article_id for row in await self._all(statement))

    async def times(
        self, topic_id: int, workspace_id: int, *, since: datetime | None, until: datetime | None = None
    ) -> tuple[datetime, ...]:
        """When each article that matched was received, the oldest first."""
        statement = (
            self._seen(select(matches.c.received_at), workspace_id, since, until)
            .where(matches.c.topic_id == topic_id)
            .order_by(matches.c.received_at)
        )
        return tuple(row.received_at for row in await self._all(statement))

    async def counts(
        self, workspace_id: int, *, since: datetime | None, until: datetime | None = None
    ) -> dict[int, int]:
        """Articles by topic id; a topic with none is not there."""
        statement = self._seen(
            select(matches.c.topic_id, func.count().label("articles")), workspace_id, since, until
        ).group_by(matches.c.topic_id)
        return {row.topic_id: row.articles for row in await self._all(statement)}

    async def mentions(
        self, topic_id: int, workspace_id: int, *, since: datetime, until: datetime | None = None
    ) -> tuple[Mention, ...]:
        """The articles that matched, published and received in `since <= t < until`; by time, then id."""
        statement = (
            self._seen(
                select(
                    matches.c.article_id,
                    articles.c.story_id,
                    articles.c.publisher,
                    matches.c.at,
                    matches.c.received_at,
                    matches.c.score,
                    _IN_TITLE.label("title_hit"),
                ),
                workspace_id,
                since,
                until,
            )
            .join(articles, articles.c.id == matches.c.article_id)
            .where(matches.c.topic_id == topic_id, matches.c.at >= since)
        )
        found = [
            Mention(
                article_id=row.article_id,
                story_id=row.story_id,
                publisher=row.publisher,
                at=row.at,
                received_at=row.received_at,
                score=row.score,
                title_hit=bool(row.title_hit),
            )
            for row in await self._all(statement)
        ]
        return tuple(sorted(found, key=lambda mention: (mention.at, mention.article_id)))

    async def published_times(
        self, topic_id: int, workspace_id: int, *, since: datetime, until: datetime | None = None
    ) -> tuple[datetime, ...]:
        """`Mention.at` of each article that matched, in no order."""
        statement = self._seen(select(matches.c.at), workspace_id, since, until).where(
            matches.c.topic_id == topic_id, matches.c.at >= since
        )
        return tuple(row.at for row in await self._all(statement))

    async def beside(
        self, topic_id: int, workspace_id: int, *, since: datetime, until: datetime | None = None
    ) -> dict[int, int]:
        """The other topics of the articles that matched this one: topic id to articles, by `Mention.at`."""
        other = matches.alias("other")
        statement = (
            self._seen(select(other.c.topic_id, func.count().label("articles")), workspace_id, since, None)
            .join(other, other.c.article_id == matches.c.article_id)
            .where(
                matches.c.topic_id == topic_id,
                other.c.topic_id != topic_id,
                within(matches.c.at, since, until),
            )
            .group_by(other.c.topic_id)
        )
        return {row.topic_id: row.articles for row in await self._all(statement)}

    async def first_received_at(self, topic_id: int, workspace_id: int) -> datetime | None:
        row = await self._first(
            self._seen(select(func.min(matches.c.received_at)), workspace_id, None, None).where(
                matches.c.topic_id == topic_id
            )
        )
        return None if row is None else row[0]

    async def replace_for_topic(
        self, topic_id: int, found: Iterable[Match], *, among: Iterable[int] | None = None
    ) -> None:
        """Exactly these, after its query changed: of all articles, or `among` these; others keep theirs."""
        if among is None:
            await self.remove_topic(topic_id)
        for ids in chunks(among or ()):
            await self._count(delete(matches).where(matches.c.topic_id == topic_id, matches.c.article_id.in_(ids)))
        for part in chunks(match for match in found if match.topic_id == topic_id):
            rows = await self._all(
                select(articles.c.id, articles.c.received_at).where(
                    articles.c.id.in_([match.article_id for match in part])
                )
            )
            times = {row.id: row.received_at for row in rows}
            await self._put([_values(match, times[match.article_id]) for match in part if match.article_id in times])

    async def replace_for_article(self, article_id: int, found: Iterable[Match], received_at: datetime) -> None:
        """Exactly these, after its publisher changed the text."""
        await self._count(delete(matches).where(matches.c.article_id == article_id))
        await self.add_many((match for match in found if match.article_id == article_id), received_at)

    async def remove_topic(self, topic_id: int) -> None:
        await self._count(delete(matches).where(matches.c.topic_id == topic_id))
