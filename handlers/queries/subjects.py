"""Subjects: what a person asks about, either a topic or any query, and its stored mentions."""

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
from storage.topics import normalize_name

MAX_CANDIDATES: Final = 2_000
"""The number of newest candidates of a query that are evaluated on demand."""
_CHUNK: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A topic, or a query that is not (yet) saved as a topic."""

    topic: Topic | None
    title: str
    query: str
    tree: Tree | None = None
    """The parsed query; None for a topic."""

    @property
    def key(self) -> str:
        """The name under which the time of a person's last brief about the subject is stored."""
        return f"topic:{self.topic.id}" if self.topic else f"query:{normalize_name(self.query)}"[:128]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentions:
    """The mentions of a subject in a period, oldest first.

    `evidence`, by article id, is filled only for a query, which has to be evaluated anyway.
    """

    all: tuple[Mention, ...]
    evidence: dict[int, tuple[Evidence, ...]]


def resolver(topics: Sequence[Topic]) -> Callable[[str], str | None]:
    """Return a function that looks up `@name` in a query among the topics that one workspace sees."""
    own = next((topic.workspace_id for topic in topics if topic.workspace_id != SHARED), SHARED)
    return Names(topics).resolve(own)


def read_query(text: str, topics: Sequence[Topic]) -> Tree:
    """Parse a query in a workspace that sees these topics.

    Raises: QueryError; for an unknown `@name`, its suggestion is the query with the most similar name.
    """
    try:
        return parse(text, resolve=resolver(topics))
    except UnknownTopic as error:
        near = similar_topics(error.name, topics, limit=1)
        if near and error.query == text:
            end = error.column + len(error.name) + (1 if text[error.column + 1] == error.name[0] else 3)
            suggestion = f"{text[: error.column]}@{near[0].name.replace(' ', '-')}{text[end:]}"
            with suppress(QueryError):
                parse(suggestion, resolve=resolver(topics))
                error.suggestion = suggestion
        raise


async def find_subject(tx: Tx, workspace_id: int, text: str) -> Subject:
    """Return the topic of that name, else the text as a query. Raises: QueryError."""
    topic = await tx.topics.find(workspace_id, text.removeprefix("@"))
    if topic is not None:
        return topic_subject(topic)
    query = in_words(text)
    tree = read_query(query, await tx.topics.visible(workspace_id))
    return Subject(topic=None, title=query, query=query, tree=tree)


def topic_subject(topic: Topic) -> Subject:
    return Subject(topic=topic, title=topic.title, query=topic.query)


async def find_topic(tx: Tx, workspace_id: int, name: str) -> Topic:
    """Return the topic of that name. Raises: UserError, which suggests similar names."""
    topic = await tx.topics.find(workspace_id, name.removeprefix("@"))
    if topic is not None:
        return topic
    similar = similar_topics(name, await tx.topics.visible(workspace_id))
    hint = (
        f"Did you mean {' or '.join(topic.name for topic in similar)}?" if similar else "/topics list shows all topics."
    )
    raise UserError(f'There is no topic "{name}" here. {hint}')


def similar_topics(name: str, topics: Sequence[Topic], *, limit: int = 2) -> tuple[Topic, ...]:
    """Return the topics with the most similar name, title or alias, best first."""
    names: dict[str, Topic] = {}
    for names_of in (lambda topic: topic.aliases, lambda topic: (topic.title,), lambda topic: (topic.name,)):
        names |= {normalize_name(text): topic for topic in topics for text in names_of(topic)}
    close = difflib.get_close_matches(normalize_name(name), names, n=limit * 2, cutoff=0.7)
    return tuple({names[text].id: names[text] for text in close}.values())[:limit]


def readable(article: Article, source: str = "") -> Readable:
    """Return the parts of the article that a query is matched against. `source` replaces the publisher's name."""
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
    """Return the mentions published in `since <= t < until` (UTC) and received before `until`."""
    if subject.topic is not None:
        found = await tx.matches.mentions(subject.topic.id, workspace_id, since=since, until=until)
        return Mentions(all=tuple(mention for mention in found if mention.at < until), evidence={})
    if subject.tree is None:
        return Mentions(all=(), evidence={})
    results = await _matching(tx, workspace_id, subject.tree, since=since, until=until)
    mentions = [
        Mention(
            article_id=article.id,
            story_id=article.story_id,
            publisher=article.publisher,
            at=min(article.published_at, article.received_at),
            received_at=article.received_at,
            score=score,
            in_title=any(word.field == "title" for word in evidence),
        )
        for article, evidence, score in results
        if since <= min(article.published_at, article.received_at) < until
    ]
    mentions.sort(key=lambda mention: (mention.at, mention.article_id))
    return Mentions(all=tuple(mentions), evidence={article.id: evidence for article, evidence, _ in results})


async def _matching(
    tx: Tx, workspace_id: int, tree: Tree, *, since: datetime, until: datetime
) -> list[tuple[Article, tuple[Evidence, ...], float]]:
    """Return stored articles that match the query, newest first, each with its evidence and score."""
    ids = await tx.search.candidates(
        required_groups(tree), workspace_id, since=since, until=until, limit=MAX_CANDIDATES
    )
    found: list[tuple[Article, tuple[Evidence, ...], float]] = []
    index = index_of(tree)
    for start in range(0, len(ids), _CHUNK):
        articles = list((await tx.articles.by_ids(ids[start : start + _CHUNK])).values())
        found += await asyncio.to_thread(_evaluate, index, articles)
    return found


def index_of(tree: Tree) -> Index:
    """Return an index of this one query. Use one index for many articles, as it caches their words."""
    index = Index()
    index.add(0, tree)
    return index


def _evaluate(index: Index, articles: Sequence[Article]) -> list[tuple[Article, tuple[Evidence, ...], float]]:
    return [(article, match.evidence, match.score) for article in articles for match in index.match(readable(article))]
