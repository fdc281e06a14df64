"""What a person asks about: a topic by name, title or alias, or any query; and the stored mentions of it."""

import asyncio
import difflib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from handlers.answers.errors import QueryError, UserError
from handlers.topics.index.index import Index
from handlers.topics.matcher import Readable
from handlers.topics.query.names import Names
from handlers.topics.query.query import Tree, UnknownTopic, in_words, parse, required_groups
from storage.records import SHARED, Article, Evidence, Mention, Topic
from storage.store import Tx
from storage.topics import fold_name

LOOKED_AT: Final = 2_000
"""The newest candidates of a query that are evaluated on demand."""
_CHUNK: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A topic, or a query that is none (yet)."""

    topic: Topic | None
    title: str
    query: str
    tree: Tree | None = None
    """Of a query; None for a topic."""

    @property
    def key(self) -> str:
        """What a person's last brief about it is remembered under."""
        return f"topic:{self.topic.id}" if self.topic else f"query:{fold_name(self.query)}"[:128]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentions:
    """The mentions of a subject in a period, by time; evidence only where it had to be found out anyway."""

    all: tuple[Mention, ...]
    evidence: dict[int, tuple[Evidence, ...]]


def resolver(topics: Sequence[Topic]) -> Callable[[str], str | None]:
    """What `@name` in a query stands for, among the topics that one workspace sees."""
    own = next((topic.workspace_id for topic in topics if topic.workspace_id != SHARED), SHARED)
    return Names(topics).resolve(own)


def read_query(text: str, topics: Sequence[Topic]) -> Tree:
    """The tree of a query in a workspace that sees these topics. Raises: QueryError, with the name that was meant."""
    try:
        return parse(text, resolve=resolver(topics))
    except UnknownTopic as error:
        near = nearest(error.name, topics, limit=1)
        if near and error.query == text:
            past = error.column + len(error.name) + (1 if text[error.column + 1] == error.name[0] else 3)
            better = f"{text[: error.column]}@{near[0].name.replace(' ', '-')}{text[past:]}"
            with suppress(QueryError):
                parse(better, resolve=resolver(topics))
                error.suggestion = better
        raise


async def find_subject(tx: Tx, workspace_id: int, text: str) -> Subject:
    """The topic of that name, else the text as a query. Raises: QueryError."""
    topic = await tx.topics.find(workspace_id, text.removeprefix("@"))
    if topic is not None:
        return of_topic(topic)
    query = in_words(text)
    tree = read_query(query, await tx.topics.visible(workspace_id))
    return Subject(topic=None, title=query, query=query, tree=tree)


def of_topic(topic: Topic) -> Subject:
    return Subject(topic=topic, title=topic.title, query=topic.query)


async def find_topic(tx: Tx, workspace_id: int, name: str) -> Topic:
    """Raises: UserError with the nearest names."""
    topic = await tx.topics.find(workspace_id, name.removeprefix("@"))
    if topic is not None:
        return topic
    near = nearest(name, await tx.topics.visible(workspace_id))
    hint = f"Did you mean {' or '.join(topic.name for topic in near)}?" if near else "/topics list shows them all."
    raise UserError(f'There is no topic "{name}" here. {hint}')


def nearest(name: str, topics: Sequence[Topic], *, limit: int = 2) -> tuple[Topic, ...]:
    """Topics whose name, title or an alias is written nearly so."""
    names: dict[str, Topic] = {}
    for called in (lambda topic: topic.aliases, lambda topic: (topic.title,), lambda topic: (topic.name,)):
        names |= {fold_name(known): topic for topic in topics for known in called(topic)}
    close = difflib.get_close_matches(fold_name(name), names, n=limit * 2, cutoff=0.7)
    return tuple({names[known].id: names[known] for known in close}.values())[:limit]


def readable(article: Article, source: str = "") -> Readable:
    """The article as a query reads it."""
    return Readable(
        title=article.title,
        body=article.text,
        language=article.language,
        url=article.url,
        author=article.author,
        tags=article.tags,
        source=source or article.publisher,
    )


async def mentions_of(tx: Tx, workspace_id: int, subject: Subject, *, since: datetime, until: datetime) -> Mentions:
    """Those published in `since <= t < until` and received before `until`."""
    if subject.topic is not None:
        found = await tx.matches.mentions(subject.topic.id, workspace_id, since=since, until=until)
        return Mentions(all=tuple(one for one in found if one.at < until), evidence={})
    if subject.tree is None:
        return Mentions(all=(), evidence={})
    hits = await matching(tx, workspace_id, subject.tree, since=since, until=until)
    mentions = [
        Mention(
            article_id=article.id,
            story_id=article.story_id,
            publisher=article.publisher,
            at=min(article.published_at, article.received_at),
            received_at=article.received_at,
            score=score,
            title_hit=any(one.field == "title" for one in evidence),
        )
        for article, evidence, score in hits
        if since <= min(article.published_at, article.received_at) < until
    ]
    mentions.sort(key=lambda mention: (mention.at, mention.article_id))
    return Mentions(all=tuple(mentions), evidence={article.id: evidence for article, evidence, _ in hits})


async def matching(
    tx: Tx, workspace_id: int, tree: Tree, *, since: datetime, until: datetime, limit: int = LOOKED_AT
) -> list[tuple[Article, tuple[Evidence, ...], float]]:
    """Stored articles that satisfy the query, the newest first, with the evidence and the score."""
    ids = await tx.search.candidates(required_groups(tree), workspace_id, since=since, until=until, limit=limit)
    found: list[tuple[Article, tuple[Evidence, ...], float]] = []
    index = index_of(tree)
    for place in range(0, len(ids), _CHUNK):
        part = list((await tx.articles.by_ids(ids[place : place + _CHUNK])).values())
        found += await asyncio.to_thread(_evaluated, index, part)
    return found


def index_of(tree: Tree) -> Index:
    """The query ready to be asked of many articles: it remembers their words, so one does for all of them."""
    index = Index()
    index.add(0, tree)
    return index


def _evaluated(index: Index, articles: Sequence[Article]) -> list[tuple[Article, tuple[Evidence, ...], float]]:
    return [(article, one.evidence, one.score) for article in articles for one in index.match(readable(article))]
