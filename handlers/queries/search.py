"""Find the newest stored articles that match a query, with a cache of earlier evaluations."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from handlers.queries.subjects import MAX_CANDIDATES, index_of, readable
from handlers.topics.index.index import Index
from handlers.topics.query.query import Tree, required_groups
from storage.records import Article, Evidence
from storage.store import Tx

_CHUNK: Final = 200
_CACHED_QUERIES: Final = 32


class SearchCache:
    """For the most recent queries, which articles matched, by article id and wording.

    An article whose wording did not change gives the same result, so only new and changed articles are evaluated.
    """

    def __init__(self) -> None:
        self._by_query: OrderedDict[Tree, dict[int, tuple[int, bool]]] = OrderedDict()

    def results(self, tree: Tree) -> dict[int, tuple[int, bool]]:
        """Return the query's mutable results: by article id, the wording (`Articles.wordings`) and whether it matched.

        Drops the least recently used query if the cache is full.
        """
        results = self._by_query.setdefault(tree, {})
        self._by_query.move_to_end(tree)
        while len(self._by_query) > _CACHED_QUERIES:
            self._by_query.popitem(last=False)
        return results


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What to search: articles published in `since <= t < until` (UTC), and how many of them to show."""

    tree: Tree
    since: datetime
    until: datetime
    shown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """The newest articles that match a query."""

    shown: tuple[tuple[Article, tuple[Evidence, ...]], ...]
    """The articles to show, newest first, with their evidence."""
    count: int
    """The number of matching articles among the examined candidates."""
    examined: int | None
    """The number of examined candidates, newest first. None if all candidates were examined."""


async def newest_matching(tx: Tx, workspace_id: int, search: Search, cache: SearchCache) -> Newest:
    """Return the newest matching articles. Examines candidates in chunks until there are enough to show."""
    groups = required_groups(search.tree)
    ids = await tx.search.candidates(
        groups, workspace_id, since=search.since, until=search.until, limit=MAX_CANDIDATES + 1
    )
    matching: list[int] = []
    examined = 0
    index, cached = index_of(search.tree), cache.results(search.tree)
    for start in range(0, min(len(ids), MAX_CANDIDATES), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        results = await _evaluate(tx, index, chunk, cached)
        matching += [id for id in chunk if results.get(id)]
        examined = start + len(chunk)
        if len(matching) >= search.shown:
            break
    if ids and len(cached) > MAX_CANDIDATES:
        for id in [id for id in cached if id < ids[-1]]:
            del cached[id]
    articles = list((await tx.articles.by_ids(matching[: search.shown])).values())
    shown = await asyncio.to_thread(_with_evidence, index, articles)
    return Newest(shown=shown, count=len(matching), examined=examined if examined < len(ids) else None)


async def _evaluate(tx: Tx, index: Index, ids: Sequence[int], cached: dict[int, tuple[int, bool]]) -> dict[int, bool]:
    """Return whether each stored article matches. Evaluates only those that `cached` lacks, and adds them to it."""
    wordings = await tx.articles.text_versions(ids)
    results = {id: cached[id][1] for id, wording in wordings.items() if cached.get(id, (None, False))[0] == wording}
    fresh = [id for id in wordings if id not in results]
    if fresh:
        articles = list((await tx.articles.by_ids(fresh)).values())
        matching = await asyncio.to_thread(_matching_ids, index, articles)
        results |= {id: id in matching for id in fresh}
        cached.update((id, (wordings[id], results[id])) for id in fresh)
    return results


def _matching_ids(index: Index, articles: Sequence[Article]) -> frozenset[int]:
    return frozenset(article.id for article in articles if index.find(readable(article)))


def _with_evidence(index: Index, articles: Sequence[Article]) -> tuple[tuple[Article, tuple[Evidence, ...]], ...]:
    return tuple((article, result.evidence) for article in articles for result in index.match(readable(article)))
