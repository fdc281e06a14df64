"""Records of topics, their matches, and what matches add up to."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Words of an article that satisfy a topic: `text == article.<field>[start:end]`."""

    field: str
    """"title" or "body"."""
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicQuery:
    """The query of a topic at the time when it was matched. Its tree depends on nothing else."""

    query: str
    aliases: tuple[str, ...] = ()
    references: tuple[tuple[str, str], ...] = ()
    """The topics that the query refers to, directly or through others: normalized name and query, by name."""

    @property
    def digest(self) -> int:
        """A hash of 64 bits with a sign, by which the query is stored once for each topic."""
        content = repr((self.query, self.aliases, self.references)).encode("utf-8", "surrogatepass")
        return int.from_bytes(blake2b(content, digest_size=8).digest(), signed=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An article satisfies a topic."""

    article_id: int
    topic_id: int
    evidence: tuple[Evidence, ...]
    score: float
    query: TopicQuery | None = None
    """The query that matched, from which a trace is made when somebody asks for it."""
    trace: dict[str, Any] = field(default_factory=dict)
    """The trace that an earlier version stored with the match, in the format of handlers/topics/index/evaluate.py.

    Empty since traces are made on demand.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A match with the data that counts and rankings need, and without text."""

    article_id: int
    story_id: int | None
    publisher: str
    at: datetime
    """When the article was published, or received if it claims a later time."""
    received_at: datetime
    score: float
    in_title: bool
    """Whether some of the evidence is in the headline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A topic's mentions of one story, added up."""

    story_id: int
    """For an article without a story, the article's id below zero."""
    articles: int
    sources: int
    """Number of publishers. Names that differ only in case count as one."""
    score: float
    """The highest score."""
    in_title: bool
    last_at: datetime
    """The latest `Mention.at`."""
    first_received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryStarts:
    """When a topic's stories of a period began."""

    first_at: datetime
    """The earliest `Mention.at`."""
    stories: int
    later: int
    """Number of stories of which nothing was published in the early part of the period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A named query, of the catalogue or of a workspace."""

    id: int
    workspace_id: int
    name: str
    """What people type, normalized: "huawei". Unique in its workspace together with the catalogue."""
    title: str
    """The name for people: "Huawei"."""
    query: str
    aliases: tuple[str, ...] = ()
    """Other names. Each of them also matches as a phrase."""
    description: str = ""
    color: str = "#5b6b7b"
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """A topic whose query has not been matched yet against all articles that were stored before."""

    topic_id: int
    since: datetime
    """Articles received earlier are matched only if they matched before."""
    below: int | None
    """Only articles with lower ids remain; None means all."""
    queued_at: datetime
