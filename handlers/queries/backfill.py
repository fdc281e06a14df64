"""Match stored articles against a new or changed topic, so that its first brief has something to show.

A pending backfill is a row, written in the transaction that creates or changes the topic. Batches of articles are
processed newest first: for about a second by the command that changed the topic, then by the bot or the next process.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from handlers.answers.errors import QueryError
from handlers.queries.stopped_topics import record_stopped
from handlers.queries.subjects import readable, resolver
from handlers.topics.index.evaluate import evaluate_in
from handlers.topics.index.reading import limited_reading
from handlers.topics.query.names import parse_topic
from handlers.topics.query.query import Tree, required_groups
from storage.records import SHARED, Article, Backfill, Match, Topic, TopicQuery
from storage.store import Store, Tx

BACKFILL_PERIOD: Final = timedelta(days=30)
INTERACTIVE_LIMIT: Final = 1_500
"""Articles to process while a person waits: about a second."""
STARTUP_LIMIT: Final = 500
"""Articles to process for each topic before the bot or a terminal command is ready."""
_BATCH: Final = 250
"""Articles processed in one transaction: about a tenth of a second."""


async def enqueue_backfill(tx: Tx, topic_id: int, *, now: datetime) -> None:
    """Request that the articles of the last 30 days are matched against the topic.

    Call it in the transaction that creates or changes the topic. A repeated call starts the backfill again.
    """
    await tx.backfills.enqueue(topic_id, since=now - BACKFILL_PERIOD, now=now)


async def backfill_all(store: Store, *, limit: int) -> None:
    """Continue all pending backfills. Processes at most `limit` articles for each topic."""
    async with store.read() as tx:
        topic_ids = await tx.backfills.pending()
    for topic_id in topic_ids:
        await backfill(store, topic_id, limit=limit)


async def backfill(store: Store, topic_id: int, *, limit: int = INTERACTIVE_LIMIT) -> bool:
    """Continue the topic's backfill and return whether it is complete. Processes at most about `limit` articles.

    Stores new matches and removes those that the changed query no longer matches. No alert is posted to any channel.
    """
    processed = 0
    while processed < limit:
        count = await _batch(store, topic_id, limit=min(_BATCH, limit - processed))
        if count is None:
            return True
        processed += count
    return False


async def _batch(store: Store, topic_id: int, *, limit: int) -> int | None:
    """Process one batch and return the number of articles, or None if the backfill is complete."""
    async with store.read() as tx:
        pending, topic = await tx.backfills.get(topic_id), await tx.topics.get(topic_id)
        if pending is None or topic is None:
            return None
        parsed = await _parse(tx, topic)
        ids = () if parsed is None else await _next(tx, topic, parsed[0], pending, limit)
        articles = tuple((await tx.articles.by_ids(ids)).values())
    matches, stopped_at = ([], []) if parsed is None else await asyncio.to_thread(_matches, topic.id, *parsed, articles)
    async with store.begin() as tx:
        current = await tx.topics.get(topic_id)
        if current is None or (current.query, current.aliases) != (topic.query, topic.aliases):
            return len(ids) + 1  # the change of the topic has enqueued a new backfill
        if not await tx.backfills.advance(pending, min(ids) if len(ids) == limit else None):
            return len(ids) + 1
        await tx.matches.replace_for_topic(topic_id, matches, among=ids)
        await tx.stops.remove_topic(topic_id, among=ids)
        if stopped_at:
            stopped = {article_id: [topic_id] for article_id in stopped_at}
            await record_stopped(tx, stopped, {topic_id: topic}, pending.queued_at)
    return len(ids) if len(ids) == limit else None


async def _parse(tx: Tx, topic: Topic) -> tuple[Tree, TopicQuery] | None:
    """Return the topic's query, or None if it is no longer valid, for instance if it refers to a removed topic."""
    try:
        return parse_topic(topic, resolver(await tx.topics.visible(topic.workspace_id)))
    except QueryError:
        return None


async def _next(tx: Tx, topic: Topic, tree: Tree, pending: Backfill, limit: int) -> Sequence[int]:
    """Return the ids of the newest remaining articles that could match the query or that matched it before."""
    groups = required_groups(tree)
    ids = set(await tx.backfills.matched(pending, limit=limit))
    for workspace_id in await _workspaces(tx, topic):
        candidates = tx.search.candidates(groups, workspace_id, since=pending.since, below=pending.below, limit=limit)
        ids.update(await candidates)
    return sorted(ids, reverse=True)[:limit]


async def _workspaces(tx: Tx, topic: Topic) -> list[int]:
    """Return the ids of the workspaces whose articles the topic may match."""
    if topic.workspace_id != SHARED:
        return [topic.workspace_id]
    return [SHARED, *(workspace.id for workspace in await tx.workspaces.all())]


def _matches(
    topic_id: int, tree: Tree, query: TopicQuery, articles: Sequence[Article]
) -> tuple[list[Match], list[int]]:
    """Return the matches, and the ids of the articles at which the topic was stopped."""
    matches = []
    stopped_at = []
    for article in articles:
        result = evaluate_in(limited_reading(readable(article)), tree)
        if result.stopped:
            stopped_at.append(article.id)
        elif result.matches:
            matches.append(
                Match(
                    article_id=article.id,
                    topic_id=topic_id,
                    evidence=result.evidence,
                    score=result.score,
                    query=query,
                )
            )
    return matches, stopped_at
