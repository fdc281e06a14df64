"""Tables of topics, matches and pending backfills."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from storage.sql import UtcDateTime
from storage.tables.base import id_column, metadata

topics = Table(
    "topics",
    metadata,
    id_column(),
    Column("workspace_id", Integer, nullable=False),
    Column("name", String(80), nullable=False),
    Column("title", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("aliases", JSON, nullable=False),
    Column("description", Text, nullable=False),
    Column("color", String(7), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # The version of the topics that its last change created, so that processes read only newer changes.
    Column("changed", Integer, nullable=False, server_default="0"),
    UniqueConstraint("workspace_id", "name"),
    Index("ix_topics_changed", "changed", "id"),
    sqlite_autoincrement=True,
)

# The queries of topics that matches were found with, each stored once, so that a match is explained by the query of its
# time after the topic has changed. `refers_to` has pairs of a name and the query that it had.
topic_queries = Table(
    "topic_queries",
    metadata,
    Column("topic_id", ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True),
    Column("digest", BigInteger, primary_key=True, autoincrement=False),
    Column("query", Text, nullable=False),
    Column("aliases", JSON, nullable=False),
    Column("refers_to", JSON, nullable=False),
)

matches = Table(
    "matches",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("topic_id", ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True),
    Column("evidence", JSON, nullable=False),
    Column("score", Float, nullable=False),
    # Empty, unless the match was stored before version 0016 of the schema: /why computes the trace.
    Column("trace", JSON, nullable=False),
    # Repeated from the article, so that counts and charts read one index and no article. They never change.
    Column("received_at", UtcDateTime, nullable=False),
    Column("workspace_id", Integer, nullable=False, server_default="0"),
    # When the article was published, or received if it claims a later time. Never null; SQLite cannot add NOT NULL.
    Column("at", UtcDateTime),
    # Repeated from the article too, so that the index counts stories. The story changes with the article's.
    Column("story_id", Integer),
    Column("publisher_key", String(16)),
    # Some of the evidence is in the headline.
    Column("in_title", Boolean),
    # The digest of the query that matched, in topic_queries; null for a match with a stored trace.
    Column("query_digest", BigInteger),
    Index("ix_matches_topic_id", "topic_id", "received_at", "article_id", "workspace_id"),
    Index(
        "ix_matches_at",
        "topic_id",
        "at",
        "workspace_id",
        "received_at",
        "article_id",
        "story_id",
        "publisher_key",
        "score",
        "in_title",
    ),
)

# Topics that were stopped at an article, because matching took more steps than the budget allows.
stops = Table(
    "stops",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("topic_id", ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True),
    Column("stopped_at", UtcDateTime, nullable=False),
    Index("ix_stops_topic_id", "topic_id", "stopped_at"),
)

# Topics that are new or changed, until the articles stored before are matched against them, newest first. Articles
# with ids under `below` remain. After a restart the backfill continues there.
backfills = Table(
    "backfills",
    metadata,
    Column("topic_id", ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Column("below", Integer),
    Column("owed_at", UtcDateTime, nullable=False, key="queued_at"),
)
