"""The records: everything storage remembers, as frozen values. The words are those of the product.

Datetimes are aware and in UTC. Ids are positive integers given by the database; `0` as a workspace id is `SHARED`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final

SHARED: Final = 0
"""Workspace id of what every workspace may see: starter feeds, the inbox, the HTTP API, the catalogue's topics."""


def require_utc(value: datetime) -> datetime:
    """The same instant in UTC. Raises ValueError for a naive datetime."""
    if value.tzinfo is None:
        raise ValueError(f"naive datetime {value.isoformat()}: every time here carries its zone")
    return value.astimezone(UTC)


class Platform(StrEnum):
    SLACK = "slack"
    DISCORD = "discord"
    CONSOLE = "console"


class SourceKind(StrEnum):
    FEED = "feed"
    INBOX = "inbox"
    API = "api"
    UPLOAD = "upload"
    COMMAND_LINE = "command_line"
    SEEDS = "seeds"


class SourceState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    GONE = "gone"  # answered 410, or 404 for a week: no longer polled, kept for its articles


class ArrivalState(StrEnum):
    """How an arrival ended. Exactly one, set in the transaction that stored it."""

    MATCHED = "matched"
    UNMATCHED = "unmatched"
    DUPLICATE = "duplicate"  # its identity was known
    FAILED = "failed"  # could not be read; `reason` says why


class OutcomeState(StrEnum):
    """What became of a matched article in one subscribed channel. Exactly one for each (channel, article)."""

    ALERT = "alert"  # it started the alert of its story here
    MERGED = "merged"  # its story already had an alert here, which was edited
    HELD = "held"  # no alert; `reason` says why; the next digest shows it


class HeldReason(StrEnum):
    PACE = "pace"  # the subscription is daily or weekly
    QUIET = "quiet"  # quiet hours
    BURST = "burst"  # folded: too many alerts in a short time
    OLD = "old"  # dated more than 7 days before its feed was first read
    MUTED = "muted"  # the channel muted the story or the source
    LANGUAGE = "language"  # not a language this subscription or workspace reads
    PAUSED = "paused"  # the subscription is paused


class Pace(StrEnum):
    INSTANT = "instant"
    DAILY = "daily"
    WEEKLY = "weekly"


class ChangeRule(StrEnum):
    """Who may change what a channel gets."""

    MANAGERS = "managers"
    ANYONE = "anyone"


class ChannelState(StrEnum):
    ACTIVE = "active"
    GONE = "gone"  # deleted, archived or closed to us; `gone_reason` says which


class DeliveryKind(StrEnum):
    ALERT = "alert"  # subject: the story id
    NOTE = "note"  # a line in an alert's thread; subject: "story:article:what"
    DIGEST = "digest"  # subject: local date, "2026-11-22", further parts "2026-11-22#2"
    NOTICE = "notice"  # source trouble, greeting, a paused subscription; subject names it


class DeliveryState(StrEnum):
    OWED = "owed"  # to be posted when `due_at` has passed
    SENDING = "sending"  # the intent is committed; perhaps posted
    UNKNOWN = "unknown"  # a time-out or a broken connection: looked up before it is sent again
    FAILED = "failed"  # refused for now; tried again when `due_at` has passed
    SENT = "sent"
    DEAD = "dead"  # never to be sent; `reason` says why


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    id: int
    platform: Platform
    external_id: str
    """Slack team id, Discord guild id, or "local"."""
    name: str
    time_zone: str = "UTC"
    """IANA name."""
    quiet_from: time | None = None
    quiet_until: time | None = None
    """Local wall-clock times; both or neither. May cross midnight."""
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes that alerts are limited to; empty means all."""
    change_rule: ChangeRule = ChangeRule.MANAGERS
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    id: int
    workspace_id: int
    platform: Platform
    workspace_external_id: str
    external_id: str
    name: str
    state: ChannelState = ChannelState.ACTIVE
    gone_reason: str | None = None
    digest_time: time | None = None
    """Local wall-clock time of the digest; None: no digest."""
    digest_days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    """Weekdays of the digest, Monday is 0."""
    digest_zone: str | None = None
    """IANA name; None: the workspace's zone."""
    digest_when_empty: bool = True
    """Post one line when there is nothing new."""
    next_digest_at: datetime | None = None
    last_digest_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    id: int
    workspace_id: int
    channel_id: int | None = None
    """The channel that added it, which hears of its troubles."""
    kind: SourceKind
    url: str
    """The feed's address; for other kinds a name such as "inbox"."""
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
    """The query tree with each leaf ticked; shape in handlers/topics/query.py."""


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
    owed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    id: int
    channel_id: int
    topic_id: int
    pace: Pace
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes that it is limited to; empty means the workspace's."""
    paused_reason: str | None = None
    created_by: str
    """External id of the person."""
    created_at: datetime


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    channel_id: int
    article_id: int
    story_id: int
    state: OutcomeState
    reason: HeldReason | None = None
    delivery_id: int | None = None
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    id: int
    channel_id: int
    kind: DeliveryKind
    subject: str
    """Unique with (channel, kind): the reason nothing is posted twice."""
    key: str
    """At most 25 characters, random: Discord's nonce, Slack's message metadata."""
    story_id: int | None = None
    parent_id: int | None = None
    """The alert whose thread a note goes to."""
    body: dict[str, Any] | None = None
    """The frozen post of a digest, note or notice; None for an alert, which is composed when it is sent."""
    state: DeliveryState = DeliveryState.OWED
    reason: str | None = None
    due_at: datetime
    attempts: int = 0
    leased_until: datetime | None = None
    external_ref: str | None = None
    """The platform's id of the posted message."""
    wanted_version: int = 1
    posted_version: int = 0
    """An alert whose story grew has wanted > posted: the message is edited."""
    created_at: datetime
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleMessage:
    """A message of the local workspace; a reply has the `thread_id` of the message it stands under."""

    id: int
    channel_id: int
    key: str
    thread_id: int | None = None
    body: dict[str, Any]
    posted_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEnds:
    """Every arrival once, at the furthest end that its article reached in any channel."""

    failed: int = 0
    duplicate: int = 0
    unmatched: int = 0
    matched: int = 0  # no channel wanted it
    held: int = 0
    merged: int = 0
    dead: int = 0  # its alert will never be sent
    owed: int = 0  # its alert is not yet sent
    sent: int = 0

    @property
    def total(self) -> int:
        return (
            self.failed
            + self.duplicate
            + self.unmatched
            + self.matched
            + self.held
            + self.merged
            + self.dead
            + self.owed
            + self.sent
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What became of everything, counted in one read. `agrees`: every arrival, article and outcome is accounted for."""

    arrivals: int
    failed: int
    duplicate: int
    unmatched: int
    matched: int
    articles: int
    outcomes: int
    alert: int
    merged: int
    held: int
    held_by_reason: dict[HeldReason, int]
    deliveries: int
    deliveries_by_state: dict[DeliveryState, int]
    deliveries_by_kind: dict[DeliveryKind, int]
    ended: LedgerEnds

    @property
    def agrees(self) -> bool:
        return (
            self.arrivals == self.failed + self.duplicate + self.unmatched + self.matched
            and self.articles == self.unmatched + self.matched
            and self.outcomes == self.alert + self.merged + self.held
            and self.held == sum(self.held_by_reason.values())
            and self.deliveries == sum(self.deliveries_by_state.values()) == sum(self.deliveries_by_kind.values())
            and self.arrivals == self.ended.total
        )
