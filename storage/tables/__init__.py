"""The schema as SQLAlchemy Core tables. What must never happen twice is a unique key here."""

from storage.tables.base import metadata
from storage.tables.news import arrivals, articles, fingerprints, identities, listings, search_texts, sources, stories
from storage.tables.outbox import deliveries, outcomes, pending
from storage.tables.places import channels, console_messages, installs, meta, seen_events, subscriptions, workspaces
from storage.tables.social import brief_reads, drafts, feedback, follows, mutes
from storage.tables.topics import backfills, matches, topics

__all__ = (
    "arrivals",
    "articles",
    "backfills",
    "brief_reads",
    "channels",
    "console_messages",
    "deliveries",
    "drafts",
    "feedback",
    "fingerprints",
    "follows",
    "identities",
    "installs",
    "listings",
    "matches",
    "meta",
    "metadata",
    "mutes",
    "outcomes",
    "pending",
    "search_texts",
    "seen_events",
    "sources",
    "stories",
    "subscriptions",
    "topics",
    "workspaces",
)
