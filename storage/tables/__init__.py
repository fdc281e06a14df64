"""The schema as SQLAlchemy Core tables. A unique key prevents whatever must not happen twice."""

from storage.tables.articles import (
    arrivals,
    articles,
    fingerprints,
    identities,
    listings,
    search_texts,
    sources,
    stories,
)
from storage.tables.base import metadata
from storage.tables.brief_reads import brief_reads
from storage.tables.drafts import drafts
from storage.tables.feedback import feedback
from storage.tables.follows import follows
from storage.tables.mutes import mutes
from storage.tables.official_lists import list_entries, list_publications, official_lists
from storage.tables.outbox import deliveries, outcomes, pending
from storage.tables.pruning import past_identities, pruned
from storage.tables.reviews import reviews
from storage.tables.set_aside import set_aside, set_aside_texts
from storage.tables.story_corrections import story_corrections
from storage.tables.topics import backfills, matches, stops, topic_queries, topics
from storage.tables.workspaces import channels, console_messages, installs, meta, seen_events, subscriptions, workspaces

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
    "list_entries",
    "list_publications",
    "listings",
    "matches",
    "meta",
    "metadata",
    "mutes",
    "official_lists",
    "outcomes",
    "past_identities",
    "pending",
    "pruned",
    "reviews",
    "search_texts",
    "seen_events",
    "set_aside",
    "set_aside_texts",
    "sources",
    "stops",
    "stories",
    "story_corrections",
    "subscriptions",
    "topic_queries",
    "topics",
    "workspaces",
)
