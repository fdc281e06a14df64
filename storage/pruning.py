"""Pruning: find and delete what has reached its age, a few rows at a time, and count what is deleted."""

from collections import Counter
from collections.abc import Collection as Group
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, Text, cast, delete, exists, or_, select, update

from storage.answer_versions import AnswerVersions, VersionedCollection
from storage.indexed_words import ARTICLES, SET_ASIDE, IndexedWords
from storage.ledger import OWN_STATES, furthest_ends
from storage.past_identities import PastIdentities
from storage.pruned_counts import PrunedCounts
from storage.records import ArrivalState, DeliveryKind, DeliveryState, OldArrival, OldArticle, OldDigest
from storage.rows import values_of
from storage.tables import (
    arrivals,
    articles,
    deliveries,
    matches,
    mutes,
    outcomes,
    stories,
    story_corrections,
)

_ENDED = (DeliveryState.SENT, DeliveryState.DEAD)


class Pruning(VersionedCollection):
    """Rows are read in the order of their ids, from the id `after` on. Times are in UTC.

    Every deletion is counted in the same transaction, so that the sums of the ledger agree.
    """

    def __init__(self, connection: Any, versions: AnswerVersions) -> None:
        super().__init__(connection, versions)
        self._counts = PrunedCounts(connection)

    async def old_articles(self, before: datetime, *, after: int, limit: int) -> tuple[OldArticle, ...]:
        """Return articles that were received before that time."""
        statement = select(articles.c.id, articles.c.received_at, articles.c.story_id)
        rows = await self._all(_page(statement, articles, before, after, limit))
        return tuple(OldArticle(**values_of(row)) for row in rows)

    async def old_arrivals(self, before: datetime, *, after: int, limit: int) -> tuple[OldArrival, ...]:
        """Return arrivals before that time."""
        is_failed = (arrivals.c.state == ArrivalState.FAILED).label("is_failed")
        statement = select(arrivals.c.id, arrivals.c.source_id, is_failed, arrivals.c.article_id)
        rows = await self._all(_page(statement, arrivals, before, after, limit))
        return tuple(OldArrival(**values_of(row)) for row in rows)

    async def old_digests(self, before: datetime, *, after: int, limit: int) -> tuple[OldDigest, ...]:
        """Return digests that were created before that time and are posted, or never will be."""
        statement = select(deliveries.c.id).where(
            deliveries.c.kind == DeliveryKind.DIGEST,
            deliveries.c.state.in_(_ENDED),
            deliveries.c.created_at < before,
            deliveries.c.id > after,
        )
        return tuple(OldDigest(row.id) for row in await self._all(statement.order_by(deliveries.c.id).limit(limit)))

    async def delete_articles(self, ids: Group[int]) -> None:
        """Delete articles with everything that belongs to them, and the stories that have no article then.

        Their identity keys are kept as hashes, so that an entry that its feed still lists is not new.
        """
        ends = await furthest_ends(self._connection, ids)
        story_ids = await self._stories_of(ids)
        await PastIdentities(self._connection).add_of(ids)
        removed = await self._all(
            delete(arrivals).where(arrivals.c.article_id.in_(ids)).returning(arrivals.c.state, arrivals.c.article_id)
        )
        counts = _arrival_counts(removed, ends)
        for row in await self._all(
            delete(outcomes).where(outcomes.c.article_id.in_(ids)).returning(outcomes.c.state, outcomes.c.reason)
        ):
            counts[f"outcomes:{row.state}"] += 1
            counts[f"reasons:{row.reason}"] += row.reason is not None
        matched = await self._all(delete(matches).where(matches.c.article_id.in_(ids)).returning(matches.c.topic_id))
        self._versions.topics_changed({row.topic_id for row in matched})
        for full_text in (ARTICLES, SET_ASIDE):
            await IndexedWords(self._connection, full_text).remove(ids)
        counts["articles"] += await self._count(delete(articles).where(articles.c.id.in_(ids)))
        counts += await self._delete_stories(story_ids)
        await self._counts.add(counts)

    async def delete_arrivals(self, ids: Group[int]) -> None:
        """Delete arrivals. Their articles stay, and are still recognized by their identity keys."""
        chosen = arrivals.c.id.in_(ids)
        rows = await self._all(select(arrivals.c.article_id).where(chosen, arrivals.c.article_id.is_not(None)))
        ends = await furthest_ends(self._connection, {row.article_id for row in rows})
        removed = await self._all(delete(arrivals).where(chosen).returning(arrivals.c.state, arrivals.c.article_id))
        await self._counts.add(_arrival_counts(removed, ends))

    async def delete_digests(self, ids: Group[int]) -> None:
        await self._counts.add(await self._delete_deliveries(deliveries.c.id.in_(ids)))

    async def traced(self, article_ids: Group[int]) -> tuple[int, ...]:
        """Return those of the articles that have matches with traces."""
        rows = await self._all(select(matches.c.article_id).where(*_has_trace(article_ids)).distinct())
        return tuple(row.article_id for row in rows)

    async def clear_traces(self, ids: Group[int]) -> None:
        """Remove the traces of the matches of these articles. `/why` evaluates the query again."""
        await self._count(update(matches).where(*_has_trace(ids)).values(trace={}))

    async def _stories_of(self, article_ids: Group[int]) -> set[int]:
        """Return the stories to which these articles belong for all, in a workspace or in a channel."""
        found: set[int] = set()
        for table, id in (
            (articles, articles.c.id),
            (outcomes, outcomes.c.article_id),
            (story_corrections, story_corrections.c.article_id),
        ):
            rows = await self._all(select(table.c.story_id).where(id.in_(article_ids)).distinct())
            found.update(row.story_id for row in rows if row.story_id is not None)
        return found

    async def _delete_stories(self, ids: Iterable[int]) -> Counter[str]:
        """Delete those of the stories that have no article and no pending post, with their posts. Count the posts."""
        used = (exists().where(table.c.story_id == stories.c.id) for table in (articles, outcomes, story_corrections))
        pending = exists().where(deliveries.c.story_id == stories.c.id, deliveries.c.state.not_in(_ENDED))
        unused = select(stories.c.id).where(stories.c.id.in_(sorted(ids)), ~or_(*used, pending))
        empty = [row.id for row in await self._all(unused)]
        if not empty:
            return Counter()
        merged = [row.id for row in await self._all(select(stories.c.id).where(stories.c.merged_into.in_(empty)))]
        gone = sorted({*empty, *merged})
        counts = await self._delete_deliveries(deliveries.c.story_id.in_(gone))
        await self._count(delete(mutes).where(mutes.c.subject.in_([f"story:{id}" for id in gone])))
        await self._count(delete(stories).where(stories.c.id.in_(merged)))
        await self._count(delete(stories).where(stories.c.id.in_(empty)))
        return counts

    async def _delete_deliveries(self, chosen: ColumnElement[bool]) -> Counter[str]:
        """Delete these deliveries and the notes that belong to them, and count them by state and kind."""
        parents = select(deliveries.c.id).where(chosen)
        counts: Counter[str] = Counter()
        for condition in (deliveries.c.parent_id.in_(parents), chosen):
            for row in await self._all(
                delete(deliveries).where(condition).returning(deliveries.c.state, deliveries.c.kind)
            ):
                counts[f"deliveries:{row.state}"] += 1
                counts[f"kinds:{row.kind}"] += 1
        return counts


def _has_trace(article_ids: Group[int]) -> tuple[ColumnElement[bool], ...]:
    return matches.c.article_id.in_(article_ids), cast(matches.c.trace, Text) != "{}"


def _page(statement: Any, table: Table, before: datetime, after: int, limit: int) -> Any:
    """Return rows of the table before that time in the order of their ids, by which the table is read once."""
    newest = (
        select(table.c.id)
        .where(table.c.received_at < before)
        .order_by(table.c.received_at.desc(), table.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    conditions = (table.c.id > after, table.c.id <= newest, table.c.received_at < before)
    return statement.where(*conditions).order_by(table.c.id).limit(limit)


def _arrival_counts(removed: Iterable[Any], ends: Mapping[int, str]) -> Counter[str]:
    """Count arrivals by state, and by what became of their article in the end."""
    counts: Counter[str] = Counter()
    for row in removed:
        counts[f"arrivals:{row.state}"] += 1
        end = row.state if row.state in OWN_STATES else ends.get(row.article_id, row.state)
        counts[f"ends:{end}"] += 1
    return counts
