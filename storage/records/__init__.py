"""Records: everything that is stored, as frozen values.

Datetimes are aware and in UTC. Ids are positive integers that the database assigns. The workspace id 0 is `SHARED`.
"""

from storage.records.articles import Arrival, Article, ArticleFeatures, SetAside, Source, Story, require_utc
from storage.records.ledger import Ledger, LedgerEnds, PrunedRows
from storage.records.outbox import Delivery, Outcome
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
    SourceKind,
    SourceState,
)
from storage.records.topics import Backfill, Evidence, Match, Mention, StoryStarts, Tally, Topic
from storage.records.workspaces import SHARED, Channel, ConsoleMessage, Subscription, Workspace

__all__ = (
    "SHARED",
    "Arrival",
    "ArrivalState",
    "Article",
    "ArticleFeatures",
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
    "Workspace",
    "require_utc",
)
