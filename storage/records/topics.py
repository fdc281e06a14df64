"""What is looked for, and what was found: topics, matches and the words that show them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Words of an article that satisfied a topic: `text == article.<field>[start:end]`."""

    field: str
    """"title" or "body"."""
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    article_id: int
    topic_id: int
    evidence: tuple[Evidence, ...]
    score: float
    trace: dict[str, Any]
    """The query tree with each leaf ticked; shape in handlers/topics/query/query.py."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A match as counts and orders need it: no text."""

    article_id: int
    story_id: int | None
    publisher: str
    at: datetime
    """When it was published, or received where it claims to be younger."""
    received_at: datetime
    score: float
    title_hit: bool
    """Some of the evidence is in the headline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a topic's mentions of one story add up to."""

    story_id: int
    """Below 0 for an article that has no story: the article's id."""
    articles: int
    sources: int
    """Different publishers, whatever the case of their names."""
    score: float
    """The best."""
    title_hit: bool
    last_at: datetime
    """The newest `Mention.at`."""
    first_received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryStarts:
    """When a topic's stories of a time began."""

    first_at: datetime
    """The oldest `Mention.at`."""
    stories: int
    later: int
    """Those of which nothing was published in the time's early part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    id: int
    workspace_id: int
    name: str
    """What people type, folded; unique in its workspace and apart from the catalogue's: "huawei"."""
    title: str
    """What people read: "Huawei"."""
    query: str
    aliases: tuple[str, ...] = ()
    """Other names; each also matches, as a phrase."""
    description: str = ""
    color: str = "#5b6b7b"
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """A topic is owed the matches among what was stored before."""

    topic_id: int
    since: datetime
    """Articles received earlier are only looked at where they matched before."""
    below: int | None
    """Only articles of lower ids remain; None: all."""
    queued_at: datetime
