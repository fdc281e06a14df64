"""Records: everything that is stored, as frozen values.

Datetimes are aware and in UTC. Ids are positive integers that the database assigns. The workspace id 0 is `SHARED`.
"""

from storage.records.articles import (
    POLLED,
    Arrival,
    Article,
    ArticleFeatures,
    ArticleReport,
    SetAside,
    Source,
    Story,
    require_utc,
)
from storage.records.ledger import Ledger, LedgerEnds, PrunedRows
from storage.records.outbox import Delivery, Outcome, Review
from storage.records.retention import OldArrival, OldArticle, OldDigest, StayReason
from storage.records.states import (
    ArrivalState,
    ChangeRule,
    ChannelState,
    DeliveryKind,
    DeliveryState,
    FollowMode,
    Grouping,
    HeldReason,
    OutcomeState,
    Pace,
    Platform,
    ReviewState,
    SourceKind,
    SourceState,
)
from storage.records.topics import Backfill, Evidence, Match, Mention, StoryStarts, Tally, Topic, TopicQuery
from storage.records.workspaces import SHARED, Channel, ConsoleMessage, Subscription, Workspace

__all__ = (
    "POLLED",
    "SHARED",
    "Arrival",
    "ArrivalState",
    "Article",
    "ArticleFeatures",
    "ArticleReport",
    "Backfill",
    "ChangeRule",
    "Channel",
    "ChannelState",
    "ConsoleMessage",
    "Delivery",
    "DeliveryKind",
    "DeliveryState",
    "Evidence",
    "FollowMode",
    "Grouping",
    "HeldReason",
    "Ledger",
    "LedgerEnds",
    "Match",
    "Mention",
    "OldArrival",
    "OldArticle",
    "OldDigest",
    "Outcome",
    "OutcomeState",
    "Pace",
    "Platform",
    "PrunedRows",
    "Review",
    "ReviewState",
    "SetAside",
    "Source",
    "SourceKind",
    "SourceState",
    "StayReason",
    "Story",
    "StoryStarts",
    "Subscription",
    "Tally",
    "Topic",
    "TopicQuery",
    "Workspace",
    "require_utc",
)
