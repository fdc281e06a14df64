"""Back-test a query: what it would have matched in a period, what it just missed, and which of its terms matter.

The full-text index gives the candidates. If there are too many, every n-th is evaluated and counts for n.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from handlers.queries.proposals import DOMINANT, positive_leaves, without
from handlers.queries.subjects import PreparedQuery, readable
from handlers.topics.index.budget import OverBudget
from handlers.topics.index.evaluate import missing
from handlers.topics.index.findings import matches
from handlers.topics.index.reading import limited_reading
from handlers.topics.query.query import Tree, leaves, required_groups
from handlers.topics.query.tree import Phrase, Word
from storage.records import Article
from storage.store import Tx

MAX_EVALUATED: Final = 1_600
"""Candidates to evaluate: about a second."""
_MIN_EVALUATED: Final = 400
_SHORT_QUERY: Final = 30
"""Up to this number of terms, an article costs no more than reading it. Longer queries evaluate fewer articles."""
_CHUNK: Final = 200
_UNMATCHED: Final = 100
"""The number of newest unmatched candidates that are checked for what they lack."""
_OMITTED_GROUPS: Final = 5
"""The number of required groups of a query that are omitted, one at a time, to find near misses."""
_NEAR_MISS_CANDIDATES: Final = 60
"""Candidates for each omitted group."""
_MAX_NEAR_MISSES: Final = 100
SHARE_SAMPLE: Final = 200
"""The number of newest matched articles from which shares are computed."""
_MIN_SHARE_SAMPLE: Final = 40
_MAX_UNSEEN_SHOWN: Final = 3
_MAX_UNSEEN_CHECKED: Final = 40
"""The number of terms that are looked up in the archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    matched: tuple[Article, ...]
    """Newest first. Each counts for `weight` articles."""
    weight: int
    near_misses: tuple[tuple[Article, str], ...]
    """Articles that lack a single part of the query, newest first, and the part."""


async def backtest(tx: Tx, workspace_id: int, tree: Tree, *, since: datetime, until: datetime) -> Backtest:
    """Return what the workspace would have got, published and received in `since <= t < until` (UTC).

    Raises: UserError if the query is too complex for an article.
    """
    groups = required_groups(tree)
    budget = article_budget(MAX_EVALUATED, tree, at_least=_MIN_EVALUATED)
    sample, weight = await tx.search.sample(groups, workspace_id, since=since, until=until, most=budget)
    query = PreparedQuery(tree)
    matched: list[Article] = []
    unmatched: list[Article] = []
    for start in range(0, len(sample), _CHUNK):
        articles = (await tx.articles.by_ids(sample[start : start + _CHUNK])).values()
        recent = [article for article in articles if effective_time(article) >= since]
        matching, others = await asyncio.to_thread(_partition, query, recent)
        matched += matching
        unmatched += others[: _UNMATCHED - len(unmatched)]
    near = await _near_miss_candidates(tx, workspace_id, groups, since=since, until=until)
    budget = article_budget(_UNMATCHED + _NEAR_MISS_CANDIDATES * _OMITTED_GROUPS, tree, at_least=_UNMATCHED)
    near_misses = await asyncio.to_thread(_near_misses, tree, [*unmatched, *near], budget)
    return Backtest(matched=tuple(matched), weight=weight, near_misses=near_misses)


def effective_time(article: Article) -> datetime:
    """Return when the article was published. A publication time after its arrival is an error and is not used."""
    return min(article.published_at, article.received_at)


def article_budget(limit: int, tree: Tree, *, at_least: int) -> int:
    """Return how many articles to evaluate: `limit` for a short query, fewer for a long one."""
    terms = sum(1 for _ in positive_leaves(tree))
    return max(at_least, limit * _SHORT_QUERY // max(_SHORT_QUERY, terms))


def _partition(query: PreparedQuery, articles: Sequence[Article]) -> tuple[list[Article], list[Article]]:
    """Return the articles that match and those that do not. Raises: UserError."""
    matched: list[Article] = []
    unmatched: list[Article] = []
    for article in articles:
        (matched if query.matches(article) else unmatched).append(article)
    return matched, unmatched


async def _near_miss_candidates(
    tx: Tx, workspace_id: int, groups: Sequence[Sequence[str]], *, since: datetime, until: datetime
) -> list[Article]:
    """Return articles with a term of every required group but one, newest first."""
    if len(groups) < 2:
        return []
    ids: set[int] = set()
    for omitted in range(min(len(groups), _OMITTED_GROUPS)):
        others = [group for number, group in enumerate(groups) if number != omitted]
        candidates = tx.search.candidates_except(
            others, groups, workspace_id, since=since, until=until, limit=_NEAR_MISS_CANDIDATES
        )
        ids.update(await candidates)
    return list((await tx.articles.by_ids(sorted(ids, reverse=True))).values())


def _near_misses(tree: Tree, articles: Sequence[Article], limit: int) -> tuple[tuple[Article, str], ...]:
    found = []
    for article in sorted(articles, key=lambda article: -article.id)[:limit]:
        with suppress(OverBudget):
            lacking = missing(tree, limited_reading(readable(article)))
            if len(lacking) == 1:
                found.append((article, lacking[0]))
        if len(found) == _MAX_NEAR_MISSES:
            break
    return tuple(found)


def shares(tree: Tree, articles: Sequence[Article]) -> tuple[tuple[str, float], ...]:
    """Return, for each term, the share (0 to 1) of the matched articles that would not match without it.

    Sorted by share, largest first. Terms without which the query could not match at all are left out.
    """
    if not articles:
        return ()
    leaves = list(positive_leaves(tree))
    rests = {id(leaf): without(tree, leaf) for leaf in leaves}
    counts: dict[str, int] = {}
    size = min(len(articles), article_budget(SHARE_SAMPLE, tree, at_least=_MIN_SHARE_SAMPLE))
    for article in articles[:size]:
        reading = limited_reading(readable(article))
        with suppress(OverBudget):
            for leaf in leaves:
                rest = rests[id(leaf)]
                if rest is not None and reading.matches_leaf(leaf) and not matches(rest, reading):
                    counts[leaf.text] = counts.get(leaf.text, 0) + 1
    return tuple(sorted(((text, count / size) for text, count in counts.items()), key=lambda item: (-item[1], item[0])))


async def never_seen(tx: Tx, workspace_id: int, tree: Tree) -> tuple[str, ...]:
    """Return the terms and phrases of the query that occur in no stored article."""
    unseen = []
    for leaf in list(positive_leaves(tree))[:_MAX_UNSEEN_CHECKED]:
        groups = required_groups(leaf)
        if groups and not await tx.search.candidates(groups, workspace_id, since=None, limit=1):
            unseen.append(leaf.text)
    return tuple(dict.fromkeys(unseen))


def capitals_only(tree: Tree) -> tuple[str, ...]:
    """Return the words of the query that match capitals only, such as SWIFT, in the order in which they were typed."""
    atoms = (
        atom
        for leaf in leaves(tree)
        if isinstance(leaf, Phrase)
        for atom in leaf.variants[0].atoms
        if isinstance(atom, Word) and atom.capitals_only
    )
    return tuple(dict.fromkeys(atom.lower.upper() for atom in atoms))


def remarks(tree: Tree, shares: Sequence[tuple[str, float]], never: Sequence[str]) -> str:
    """Return what a person who saves the query should know: sentences, each after a space, or an empty string."""
    text = ""
    if capitals := capitals_only(tree):
        shown = ", ".join(capitals[:_MAX_UNSEEN_SHOWN])
        more = f" and {len(capitals) - _MAX_UNSEEN_SHOWN} more" if len(capitals) > _MAX_UNSEEN_SHOWN else ""
        text += f" In capitals only: {shown}{more}. In lower case, a word matches either."
    for term, share in shares[:1]:
        if DOMINANT < share < 1:
            text += f' "{term}" alone accounts for {share:.0%} of them.'
    if never:
        shown = ", ".join(f'"{term}"' for term in never[:_MAX_UNSEEN_SHOWN])
        more = f" and {len(never) - _MAX_UNSEEN_SHOWN} more" if len(never) > _MAX_UNSEEN_SHOWN else ""
        text += f" Never seen so far: {shown}{more}."
    return text
