"""Records of what comes in: sources, arrivals, the articles made from them, and the stories that they report."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from storage.records.states import ArrivalState, SourceKind, SourceState


def require_utc(value: datetime) -> datetime:
    """Return the same instant in UTC. Raises ValueError for a naive datetime."""
    if value.tzinfo is None:
        raise ValueError(f"naive datetime {value.isoformat()}: every time must have a zone")
    return value.astimezone(UTC)


POLLED: Final = (SourceKind.FEED, SourceKind.LIST)
"""Kinds of sources that have a web address, which is read from time to time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where documents come from: a feed, or another kind such as the inbox."""

    id: int
    workspace_id: int
    channel_id: int | None = None
    """The channel that added it, where its failures are reported."""
    kind: SourceKind
    url: str
    """The feed's address, with placeholders for passwords and keys; for other kinds a name such as "inbox"."""
    sealed: bytes | None = field(default=None, repr=False)
    """The full address, encrypted, if it contains a password or key; `Addresses.full_address` decrypts it."""
    site_url: str | None = None
    title: str
    state: SourceState = SourceState.ACTIVE
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    """SHA-256 of the last body that was read, hexadecimal. An equal body is not parsed again."""
    interval: timedelta = timedelta(minutes=15)
    next_poll_at: datetime | None = None
    leased_until: datetime | None = None
    first_read_at: datetime | None = None
    last_polled_at: datetime | None = None
    last_success_at: datetime | None = None
    last_arrival_at: datetime | None = None
    failures: int = 0
    """Number of polls that failed since the last successful one."""
    error: str | None = None
    """Why the last poll failed, for people."""
    trouble_since: datetime | None = None
    trouble_reported: bool = False
    usual_gap: timedelta | None = None
    """The smoothed time between arrivals."""
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

    @property
    def is_polled(self) -> bool:
        """Whether it has a web address that is read from time to time."""
        return self.kind in POLLED

    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Something that a source brought, with its result."""

    id: int
    source_id: int
    key: str
    """Unique within the source: the identity of a feed entry, or a name for this copy of a file."""
    origin: str
    """Where it came from, for people: a file name, an address, or the link of a feed entry."""
    state: ArrivalState
    reason: str | None = None
    article_id: int | None = None
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A readable document. It is stored once."""

    id: int
    workspace_id: int
    source_id: int
    """The source that brought it first."""
    publisher: str
    """Who published it, for people: the name of the site, or else the title of the source."""
    title: str
    text: str
    """Paragraphs separated by empty lines, highlights first, without boilerplate."""
    highlights: tuple[str, ...] = ()
    """The publisher's own bullet points, each also a paragraph of `text`."""
    url: str | None = None
    """The canonical URL."""
    author: str | None = None
    tags: tuple[str, ...] = ()
    language: str
    """ISO 639-1, or "und"."""
    image_url: str | None = None
    published_at: datetime
    """The date that it states, or else the time when it was received."""
    received_at: datetime
    revised_at: datetime | None = None
    story_id: int | None = None


@dataclass(frozen=True, slots=True)
class SetAside:
    """A part of a document that its reader keeps apart from the text of the article."""

    rule: str
    """What the part is, in words for people, such as "quoted letter", "signature" or "disclaimer"."""
    text: str
    """Plain text, as in an article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFeatures:
    """What the story index needs of an article: everything but its text."""

    id: int
    workspace_id: int
    story_id: int | None
    received_at: datetime
    published_at: datetime
    features: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleReport:
    """What tells whether two articles are one report."""

    id: int
    title: str
    publisher: str
    features: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Articles that report the same event."""

    id: int
    workspace_id: int
    """SHARED, or the only workspace whose private sources report it."""
    lead_article_id: int
    started_at: datetime
    updated_at: datetime
    merged_into: int | None = None
    """The story that its articles were moved to. Only `by_ids` finds such a story."""
