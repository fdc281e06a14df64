"""Matching what is stored already against a new or changed topic, so that its first brief has something to say."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from handlers.subjects import readable, resolver
from handlers.topics.evaluate import evaluate
from handlers.topics.names import topic_tree
from handlers.topics.query import Tree, required_groups
from storage.records import SHARED, Article, Match, Topic
from storage.store import Store, Tx

REACH: Final = timedelta(days=30)
_CHUNK: Final = 200
AT_ONCE: Final = 5_000
"""Of the newest candidates, while a person waits: a few seconds even for the broadest query."""
_MOST: Final = 500
"""For each topic of the catalogue that changed, before the bot is ready: about a second for the broadest query."""


async def backfill(store: Store, topic_id: int, *, since: datetime, now: datetime, most: int = _MOST) -> int:
    """Store the topic's matches among articles received since then, and give how many they are.

    Only the `most` newest candidates are looked at, and the `most` newest of what it matched before: of these, what it
    would not match now is forgotten, and older ones stay. Channels get nothing of it; a repeat changes nothing.
    """
    async with store.read() as tx:
        topic = await tx.topics.get(topic_id)
        if topic is None:
            return 0
        before = await _matched(tx, topic)
        looked_at = await _candidates(tx, topic, since=since, most=most) | _newest(before, most)
        found = await _evaluated(tx, topic, sorted(looked_at))
    async with store.begin() as tx:
        current = await tx.topics.get(topic_id)
        if current is None or (current.query, current.aliases) != (topic.query, topic.aliases):
            return 0  # whoever changed it meanwhile does this again
        meanwhile = await _matched(tx, topic) - before - looked_at
        found += await _evaluated(tx, topic, sorted(meanwhile))
        await tx.matches.replace_for_topic(topic_id, found, among=looked_at | meanwhile)
    return len(found)


async def _tenants(tx: Tx, topic: Topic) -> list[int]:
    """The workspaces whose articles the topic reads."""
    if topic.workspace_id != SHARED:
        return [topic.workspace_id]
    return [SHARED, *(workspace.id for workspace in await tx.workspaces.all())]


async def _candidates(tx: Tx, topic: Topic, *, since: datetime, most: int) -> set[int]:
    groups = required_groups(await _tree(tx, topic))
    ids: set[int] = set()
    for workspace_id in await _tenants(tx, topic):
        ids.update(await tx.search.candidates(groups, workspace_id, since=since, limit=most))
    return _newest(ids, most)


def _newest(ids: set[int], most: int) -> set[int]:
    return set(sorted(ids, reverse=True)[:most])


async def _matched(tx: Tx, topic: Topic) -> set[int]:
    """What is stored as its matches, of whatever age."""
    ids: set[int] = set()
    for workspace_id in await _tenants(tx, topic):
        ids.update(await tx.matches.article_ids(topic.id, workspace_id, since=None))
    return ids


async def _tree(tx: Tx, topic: Topic) -> Tree:
    return topic_tree(topic, resolve=resolver(await tx.topics.visible(topic.workspace_id)))


async def _evaluated(tx: Tx, topic: Topic, ids: Sequence[int]) -> list[Match]:
    tree = await _tree(tx, topic)
    found: list[Match] = []
    for place in range(0, len(ids), _CHUNK):
        part = list((await tx.articles.by_ids(ids[place : place + _CHUNK])).values())
        found += await asyncio.to_thread(_found, topic.id, tree, part)
    return found


def _found(topic_id: int, tree: Tree, articles: Sequence[Article]) -> list[Match]:
    found = []
    for article in articles:
        one = evaluate(tree, readable(article))
        if one.matches:
            found.append(
                Match(article_id=article.id, topic_id=topic_id, evidence=one.evidence, score=one.score, trace=one.trace)
            )
    return found
