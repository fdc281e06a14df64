"""Matching what is stored already against a new or changed topic, so that its first brief has something to say.

What is owed is a row, written with the topic itself; batches of it are worked off newest first by whoever is there: the
command that made the topic for a moment, then the bot, or whoever starts next.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from handlers.answers.errors import QueryError
from handlers.queries.subjects import readable, resolver
from handlers.topics.index.evaluate import evaluate
from handlers.topics.query.names import topic_tree
from handlers.topics.query.query import Tree, required_groups
from storage.records import SHARED, Article, Backfill, Match, Topic
from storage.store import Store, Tx

REACH: Final = timedelta(days=30)
AT_ONCE: Final = 1_500
"""Articles looked at while a person waits: about a second."""
AT_START: Final = 500
"""For each topic before the bot, or a terminal command, is ready."""
_BATCH: Final = 250
"""Articles looked at between two transactions: a tenth of a second."""


async def enqueue(tx: Tx, topic_id: int, *, now: datetime) -> None:
    """The topic is owed its matches of the last 30 days. Belongs in the transaction that makes or changes it."""
    await tx.backfills.enqueue(topic_id, since=now - REACH, now=now)


async def complete_all(store: Store, *, most: int) -> None:
    """Go on with every topic that is owed something, at most so many articles for each."""
    async with store.read() as tx:
        owed = await tx.backfills.pending()
    for topic_id in owed:
        await complete(store, topic_id, most=most)


async def complete(store: Store, topic_id: int, *, most: int = AT_ONCE) -> bool:
    """Store the topic's matches among what it is owed, the newest first; whether nothing is owed any more.

    What it matched before and would not match now is forgotten. Channels get nothing of it; a repeat changes nothing.
    """
    looked_at = 0
    while looked_at < most:
        count = await _batch(store, topic_id, limit=min(_BATCH, most - looked_at))
        if count is None:
            return True
        looked_at += count
    return False


async def _batch(store: Store, topic_id: int, *, limit: int) -> int | None:
    """The number of articles that were looked at; None: nothing remains."""
    async with store.read() as tx:
        owed, topic = await tx.backfills.get(topic_id), await tx.topics.get(topic_id)
        if owed is None or topic is None:
            return None
        tree = await _tree(tx, topic)
        ids = () if tree is None else await _next(tx, topic, tree, owed, limit)
        articles = tuple((await tx.articles.by_ids(ids)).values())
    found = [] if tree is None else await asyncio.to_thread(_found, topic.id, tree, articles)
    async with store.begin() as tx:
        current = await tx.topics.get(topic_id)
        if current is None or (current.query, current.aliases) != (topic.query, topic.aliases):
            return len(ids) + 1  # whoever changed it owes it anew
        if not await tx.backfills.advance(owed, min(ids) if len(ids) == limit else None):
            return len(ids) + 1
        await tx.matches.replace_for_topic(topic_id, found, among=ids)
    return len(ids) if len(ids) == limit else None


async def _tree(tx: Tx, topic: Topic) -> Tree | None:
    """None: its query no longer holds, such as one that names a removed topic; then it matches nothing new."""
    try:
        return topic_tree(topic, resolve=resolver(await tx.topics.visible(topic.workspace_id)))
    except QueryError:
        return None


async def _next(tx: Tx, topic: Topic, tree: Tree, owed: Backfill, limit: int) -> Sequence[int]:
    """The newest articles that remain: those that could match, and those that matched before."""
    groups = required_groups(tree)
    ids = set(await tx.backfills.matched(owed, limit=limit))
    for workspace_id in await _tenants(tx, topic):
        ids.update(await tx.search.candidates(groups, workspace_id, since=owed.since, below=owed.below, limit=limit))
    return sorted(ids, reverse=True)[:limit]


async def _tenants(tx: Tx, topic: Topic) -> list[int]:
    """The workspaces whose articles the topic reads."""
    if topic.workspace_id != SHARED:
        return [topic.workspace_id]
    return [SHARED, *(workspace.id for workspace in await tx.workspaces.all())]


def _found(topic_id: int, tree: Tree, articles: Sequence[Article]) -> list[Match]:
    found = []
    for article in articles:
        one = evaluate(tree, readable(article))
        if one.matches:
            found.append(
                Match(article_id=article.id, topic_id=topic_id, evidence=one.evidence, score=one.score, trace=one.trace)
            )
    return found
