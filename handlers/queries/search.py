"""Find the newest stored articles that match a query, with a cache of earlier evaluations."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from handlers.queries.set_aside import FoundPart, found_parts, with_set_aside
from handlers.queries.subjects import MAX_CANDIDATES, PreparedQuery
from handlers.topics.query.query import Tree, required_groups
from storage.records import Article, Evidence, SetAside
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
class FoundArticle:
    """An article that matches a query, by its own text or only together with what was set aside of its document."""

    article: Article
    evidence: tuple[Evidence, ...]
    """In the article's own text."""
    parts: tuple[FoundPart, ...] = ()
    """The parts with matching words that the article's own text needs to match. Empty if it matches without them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """The newest articles that match a query."""

    shown: tuple[FoundArticle, ...]
    """The articles to show, newest first."""
    count: int
    """The number of matching articles among the examined candidates."""
    examined: int | None
    """The number of examined candidates, newest first. None if all candidates were examined."""


async def newest_matching(tx: Tx, workspace_id: int, search: Search, cache: SearchCache) -> Newest:
    """Return the newest matching articles. Examines candidates in chunks until there are enough to show.

    An article also matches if its text does so together with what was set aside of its document.

    Raises: UserError if the query is too complex for an article.
    """
    ids = await _candidates(tx, workspace_id, search)
    matching: list[int] = []
    examined = 0
    query, cached = PreparedQuery(search.tree), cache.results(search.tree)
    for start in range(0, min(len(ids), MAX_CANDIDATES), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        results = await _evaluate(tx, query, chunk, cached)
        matching += [id for id in chunk if results.get(id)]
        examined = start + len(chunk)
        if len(matching) >= search.shown:
            break
    if ids and len(cached) > MAX_CANDIDATES:
        for id in [id for id in cached if id < ids[-1]]:
            del cached[id]
    articles = list((await tx.articles.by_ids(matching[: search.shown])).values())
    parts = await tx.set_aside.of_articles(article.id for article in articles)
    shown = await asyncio.to_thread(_found, query, articles, parts)
    return Newest(shown=shown, count=len(matching), examined=examined if examined < len(ids) else None)


async def _candidates(tx: Tx, workspace_id: int, search: Search) -> tuple[int, ...]:
    """Return the ids of the newest articles that could match, one more than are examined at most."""
    groups, most = required_groups(search.tree), MAX_CANDIDATES + 1
    since, until = search.since, search.until
    ids = await tx.search.candidates(groups, workspace_id, since=since, until=until, limit=most)
    if not groups:
        return ids  # every article is a candidate
    others = await tx.set_aside_search.candidates(groups, workspace_id, since=since, until=until, limit=most)
    return tuple(sorted({*ids, *others}, reverse=True)[:most])


async def _evaluate(
    tx: Tx, query: PreparedQuery, ids: Sequence[int], cached: dict[int, tuple[int, bool]]
) -> dict[int, bool]:
    """Return whether each stored article matches. Evaluates only those that `cached` lacks, and adds them to it."""
    wordings = await tx.articles.text_versions(ids)
    results = {id: cached[id][1] for id, wording in wordings.items() if cached.get(id, (None, False))[0] == wording}
    fresh = [id for id in wordings if id not in results]
    if fresh:
        articles = list((await tx.articles.by_ids(fresh)).values())
        parts = await tx.set_aside.of_articles(fresh)
        matching = await asyncio.to_thread(_matching_ids, query, articles, parts)
        results |= {id: id in matching for id in fresh}
        cached.update((id, (wordings[id], results[id])) for id in fresh)
    return results


def _matching_ids(
    query: PreparedQuery, articles: Sequence[Article], parts_of: Mapping[int, Sequence[SetAside]]
) -> frozenset[int]:
    return frozenset(
        article.id
        for article in articles
        if query.matches(article)
        or (article.id in parts_of and query.matches(with_set_aside(article, parts_of[article.id])))
    )


def _found(
    query: PreparedQuery, articles: Sequence[Article], parts_of: Mapping[int, Sequence[SetAside]]
) -> tuple[FoundArticle, ...]:
    """Return the articles that match, each with its evidence and the parts that it needs to match."""
    found = []
    for article in articles:
        parts = parts_of.get(article.id, ())
        for whole in (article, with_set_aside(article, parts)):
            if evaluated := query.evaluate([whole]):
                _, evidence, _ = evaluated[0]
                own = tuple(piece for piece in evidence if piece.field != "body" or piece.end <= len(article.text))
                found.append(FoundArticle(article=article, evidence=own, parts=found_parts(article, parts, evidence)))
                break
    return tuple(found)
