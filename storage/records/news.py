"""What comes in: sources, arrivals, the articles made of them, and the stories that they report."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from storage.records.states import ArrivalState, SourceKind, SourceState


def require_utc(value: datetime) -> datetime:
    """The same instant in UTC. Raises ValueError for a naive datetime."""
    if value.tzinfo is None:
        raise ValueError(f"naive datetime {value.isoformat()}: every time here carries its zone")
    return value.astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    id: int
    workspace_id: int
    channel_id: int | None = None
    """The channel that added it, which hears of its troubles."""
    kind: SourceKind
    url: str
    """The feed's address, with marks in the place of passwords and keys; for other kinds a name such as "inbox"."""
    sealed: bytes | None = field(default=None, repr=False)
    """The whole address, encrypted, where it holds a password or key; `Store.address_of` opens it."""
    site_url: str | None = None
    title: str
    state: SourceState = SourceState.ACTIVE
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    """SHA-256 of the last body read, hex: an equal body is not parsed again."""
    interval: timedelta = timedelta(minutes=15)
    next_poll_at: datetime | None = None
    leased_until: datetime | None = None
    first_read_at: datetime | None = None
    last_polled_at: datetime | None = None
    last_success_at: datetime | None = None
    last_arrival_at: datetime | None = None
    failures: int = 0
    """Failed polls in a row."""
    error: str | None = None
    """What the last poll failed with, for people."""
    trouble_since: datetime | None = None
    trouble_reported: bool = False
    usual_gap: timedelta | None = None
    """Its own rhythm: the smoothed time between arrivals."""
    moved_to: str | None = None
    """Where its server redirects permanently, without secrets, while the feed is still polled at `url`."""
    moved_since: datetime | None = None
    """When that redirect was first seen."""
    moved_seen_at: datetime | None = None
    """When it last counted towards a move."""
    moved_times: int = 0
    """How often it counted: at most once a day, and only if the new address listed entries that are known."""
    gone_since: datetime | None = None
    """When its server first answered 410 (gone) since the last success."""
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    id: int
    source_id: int
    key: str
    """Unique within the source: a feed entry's own identity, or a name for this one drop of a file."""
    origin: str
    """Where it came from, for people: a path's name, an address, a feed entry's link."""
    state: ArrivalState
    reason: str | None = None
    article_id: int | None = None
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    id: int
    workspace_id: int
    source_id: int
    """The source that brought it first."""
    publisher: str
    """Who published it, for people: the page's site name, else the source's title."""
    title: str
    text: str
    """Paragraphs joined by an empty line; highlights first; no furniture."""
    highlights: tuple[str, ...] = ()
    """The publisher's own bullet points, each also a paragraph of `text`."""
    url: str | None = None
    """Canonical."""
    author: str | None = None
    tags: tuple[str, ...] = ()
    language: str
    """ISO 639-1, or "und"."""
    image_url: str | None = None
    published_at: datetime
    """Its own date, else the time it arrived."""
    received_at: datetime
    revised_at: datetime | None = None
    story_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFeatures:
    """What the story index needs of an article; no text."""

    id: int
    workspace_id: int
    story_id: int | None
    received_at: datetime
    published_at: datetime
    features: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    id: int
    workspace_id: int
    """SHARED, or the workspace whose private sources alone report it."""
    lead_article_id: int
    started_at: datetime
    updated_at: datetime
    merged_into: int | None = None
    """The story that took its articles; such a story is only found by `by_ids`."""
