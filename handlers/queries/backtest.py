"""What a query would have caught in a period, what it just missed, and which of its words did it.

The full-text index gives the candidates; where they are very many, every n-th of them is read and counts for n.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from handlers.queries.proposals import DOMINANT, positive_leaves, without
from handlers.queries.subjects import index_of, readable
from handlers.topics.index.evaluate import holds, missing
from handlers.topics.index.index import Index
from handlers.topics.index.reading import Reading
from handlers.topics.query.query import Tree, required_groups
from storage.records import Article
from storage.store import Tx

READ_MOST: Final = 1_600
"""Candidates that are read: about a second."""
_READ_LEAST: Final = 400
_EASY: Final = 30
"""Words of a query up to which an article costs what it costs to read; one of more words is asked of fewer articles."""
_CHUNK: Final = 200
_FAILED: Final = 100
"""The newest candidates that do not match are looked at for what they lack."""
_GROUPS: Final = 5
"""Groups of a query that are left out in turn to look for near misses."""
_NEAR: Final = 60
"""Candidates for a near miss, for each group left out."""
_MISSES: Final = 100
SHARED_OVER: Final = 200
"""Hits, the newest, over which shares are counted."""
_SHARED_LEAST: Final = 40
_NAMED: Final = 3
_ASKED: Final = 40
"""Words that are asked for whether they ever occurred."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    hits: tuple[Article, ...]
    """The newest first; each counts for `weight`."""
    weight: int
    misses: tuple[tuple[Article, str], ...]
    """Articles that lack one part only, the newest first, and that part."""


async def survey(tx: Tx, workspace_id: int, tree: Tree, *, since: datetime, until: datetime) -> Survey:
    """What the workspace would have got, published and received in `since <= t < until`."""
    groups = required_groups(tree)
    chosen, weight = await tx.search.sample(
        groups, workspace_id, since=since, until=until, most=fewer(READ_MOST, tree, least=_READ_LEAST)
    )
    index = index_of(tree)
    hits: list[Article] = []
    failed: list[Article] = []
    for place in range(0, len(chosen), _CHUNK):
        articles = (await tx.articles.by_ids(chosen[place : place + _CHUNK])).values()
        recent = [article for article in articles if published(article) >= since]
        found, others = await asyncio.to_thread(_told_apart, index, recent)
        hits += found
        failed += others[: _FAILED - len(failed)]
    near = await _near(tx, workspace_id, groups, since=since, until=until)
    looked_at = fewer(_FAILED + _NEAR * _GROUPS, tree, least=_FAILED)
    misses = await asyncio.to_thread(_misses, tree, [*failed, *near], looked_at)
    return Survey(hits=tuple(hits), weight=weight, misses=misses)


def published(article: Article) -> datetime:
    """When it counts: a date after its arrival is a mistake of its publisher."""
    return min(article.published_at, article.received_at)


def fewer(most: int, tree: Tree, *, least: int) -> int:
    """How many articles a query is asked of where `most` would do for one of few words."""
    return max(least, most * _EASY // max(_EASY, sum(1 for _ in positive_leaves(tree))))


def _told_apart(index: Index, articles: Sequence[Article]) -> tuple[list[Article], list[Article]]:
    hits: list[Article] = []
    failed: list[Article] = []
    for article in articles:
        found = index.find(readable(article))
        (hits if found else failed).append(article)
    return hits, failed


async def _near(
    tx: Tx, workspace_id: int, groups: Sequence[Sequence[str]], *, since: datetime, until: datetime
) -> list[Article]:
    """Articles that hold a word of every group but one."""
    if len(groups) < 2:
        return []
    ids: set[int] = set()
    for left_out in range(min(len(groups), _GROUPS)):
        rest = [group for place, group in enumerate(groups) if place != left_out]
        ids.update(await tx.search.candidates_except(rest, groups, workspace_id, since=since, until=until, limit=_NEAR))
    return list((await tx.articles.by_ids(sorted(ids, reverse=True))).values())


def _misses(tree: Tree, articles: Sequence[Article], most: int) -> tuple[tuple[Article, str], ...]:
    found = []
    for article in sorted(articles, key=lambda article: -article.id)[:most]:
        lacking = missing(tree, Reading(readable(article)))
        if len(lacking) == 1:
            found.append((article, lacking[0]))
        if len(found) == _MISSES:
            break
    return tuple(found)


def shares(tree: Tree, articles: Sequence[Article]) -> tuple[tuple[str, float], ...]:
    """Of each word the share of the hits that only it brings; words that everything needs are left out."""
    if not articles:
        return ()
    leaves = list(positive_leaves(tree))
    rests = {id(leaf): without(tree, leaf) for leaf in leaves}
    alone: dict[str, int] = {}
    read = min(len(articles), fewer(SHARED_OVER, tree, least=_SHARED_LEAST))
    for article in articles[:read]:
        reading = Reading(readable(article))
        for leaf in leaves:
            rest = rests[id(leaf)]
            if rest is not None and reading.holds_leaf(leaf) and not holds(rest, reading):
                alone[leaf.text] = alone.get(leaf.text, 0) + 1
    return tuple(sorted(((text, count / read) for text, count in alone.items()), key=lambda one: (-one[1], one[0])))


async def never_seen(tx: Tx, workspace_id: int, tree: Tree) -> tuple[str, ...]:
    """Words and phrases of the query that no stored article holds."""
    unseen = []
    for leaf in list(positive_leaves(tree))[:_ASKED]:
        groups = required_groups(leaf)
        if groups and not await tx.search.candidates(groups, workspace_id, since=None, limit=1):
            unseen.append(leaf.text)
    return tuple(dict.fromkeys(unseen))


def remarks(brought: Sequence[tuple[str, float]], never: Sequence[str]) -> str:
    """What whoever saves a query should know, in sentences with a space before each; empty where there is nothing."""
    said = ""
    for text, share in brought[:1]:
        if DOMINANT < share < 1:
            said += f' "{text}" alone gives {share:.0%} of them.'
    if never:
        shown = ", ".join(f'"{text}"' for text in never[:_NAMED])
        more = f" and {len(never) - _NAMED} more" if len(never) > _NAMED else ""
        said += f" Never seen so far: {shown}{more}."
    return said
