"""The newest articles that satisfy a query, and what is remembered of those that were asked before."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from handlers.queries.subjects import LOOKED_AT, index_of, readable
from handlers.topics.index.index import Index
from handlers.topics.query.query import Tree, required_groups
from storage.records import Article, Evidence
from storage.store import Tx

_CHUNK: Final = 200
_QUERIES: Final = 32


class Asked:
    """Of the last queries, which articles satisfied them as they were worded then, by id.

    An article that is worded as it was satisfies what it satisfied: only those that are new or changed are read.
    """

    def __init__(self) -> None:
        self._by_query: OrderedDict[Tree, dict[int, tuple[int, bool]]] = OrderedDict()

    def of(self, tree: Tree) -> dict[int, tuple[int, bool]]:
        """By id: its wording (`Articles.wordings`), and whether it satisfies the query."""
        known = self._by_query.setdefault(tree, {})
        self._by_query.move_to_end(tree)
        while len(self._by_query) > _QUERIES:
            self._by_query.popitem(last=False)
        return known


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """The newest articles that satisfy a query."""

    shown: tuple[tuple[Article, tuple[Evidence, ...]], ...]
    """The first of them, with the evidence."""
    count: int
    """Of all that were looked at, those that satisfy it."""
    looked_at: int | None
    """The newest candidates; None: all there are were looked at."""


async def newest_matching(
    tx: Tx, workspace_id: int, tree: Tree, asked: Asked, *, since: datetime, until: datetime, shown: int
) -> Newest:
    """Stored articles that satisfy the query: enough of them to show, and a count among those that were looked at."""
    ids = await tx.search.candidates(required_groups(tree), workspace_id, since=since, until=until, limit=LOOKED_AT + 1)
    found: list[int] = []
    looked_at = 0
    index, known = index_of(tree), asked.of(tree)
    for place in range(0, min(len(ids), LOOKED_AT), _CHUNK):
        part = ids[place : place + _CHUNK]
        wordings = await tx.articles.text_versions(part)
        held = {id: known[id][1] for id, wording in wordings.items() if known.get(id, (None, False))[0] == wording}
        fresh = [id for id in wordings if id not in held]
        if fresh:
            articles = list((await tx.articles.by_ids(fresh)).values())
            satisfied = await asyncio.to_thread(_satisfied, index, articles)
            held |= {id: id in satisfied for id in fresh}
            known.update((id, (wordings[id], held[id])) for id in fresh)
        found += [id for id in part if held.get(id)]
        looked_at = place + len(part)
        if len(found) >= shown:
            break
    for id in [id for id in known if id < ids[-1]] if ids and len(known) > LOOKED_AT else ():
        del known[id]
    first = list((await tx.articles.by_ids(found[:shown])).values())
    told = await asyncio.to_thread(_told, index, first)
    return Newest(shown=told, count=len(found), looked_at=looked_at if looked_at < len(ids) else None)


def _satisfied(index: Index, articles: Sequence[Article]) -> frozenset[int]:
    return frozenset(one.id for one in articles if index.find(readable(one)))


def _told(index: Index, articles: Sequence[Article]) -> tuple[tuple[Article, tuple[Evidence, ...]], ...]:
    return tuple((article, one.evidence) for article in articles for one in index.match(readable(article)))
