"""The schema as SQLAlchemy Core tables. What must never happen twice is a unique key here."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Float,
    ForeignKey,
    FromClause,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    literal_column,
    or_,
)

from storage.sql import Duration, LocalTime, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


# An id is never used again (sqlite_autoincrement), so that an old button cannot mean a newer row.
def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True, autoincrement=True)


# Counters that other processes watch, such as "topics_version".
meta = Table("meta", metadata, Column("name", String(64), primary_key=True), Column("value", Text, nullable=False))

workspaces = Table(
    "workspaces",
    metadata,
    _id(),
    Column("platform", String(16), nullable=False),
    Column("external_id", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("quiet_from", LocalTime),
    Column("quiet_until", LocalTime),
    Column("languages", JSON, nullable=False),
    Column("change_rule", String(16), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("platform", "external_id"),
    sqlite_autoincrement=True,
)

channels = Table(
    "channels",
    metadata,
    _id(),
    Column("workspace_id", ForeignKey("workspaces.id", ondelete="CASCADE"), nullable=False),
    Column("external_id", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("gone_reason", Text),
    Column("digest_time", LocalTime),
    Column("digest_days", JSON, nullable=False),
    Column("digest_zone", String(64)),
    Column("digest_when_empty", Boolean, nullable=False),
    Column("next_digest_at", UtcDateTime, index=True),
    Column("last_digest_at", UtcDateTime),
    # The posting lease: one poster a channel at a time, which also keeps the order and the pace.
    Column("leased_until", UtcDateTime),
    Column("leased_by", String(40)),
    Column("next_post_at", UtcDateTime),
    UniqueConstraint("workspace_id", "external_id"),
    sqlite_autoincrement=True,
)

# workspace_id has no foreign key here and below, because 0 means "shared by all".
sources = Table(
    "sources",
    metadata,
    _id(),
    Column("workspace_id", Integer, nullable=False),
    Column("channel_id", ForeignKey("channels.id", ondelete="SET NULL")),
    Column("kind", String(16), nullable=False),
    Column("url", Text, nullable=False),
    Column("site_url", Text),
    Column("title", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", String(64)),
    Column("interval", Duration, nullable=False),
    Column("next_poll_at", UtcDateTime, index=True),
    Column("leased_until", UtcDateTime),
    Column("first_read_at", UtcDateTime),
    Column("last_polled_at", UtcDateTime),
    Column("last_success_at", UtcDateTime),
    Column("last_arrival_at", UtcDateTime),
    Column("failures", Integer, nullable=False),
    Column("error", Text),
    Column("trouble_since", UtcDateTime),
    Column("trouble_reported", Boolean, nullable=False),
    Column("usual_gap", Duration),
    Column("created_at", UtcDateTime, nullable=False),
    # Removed by people but kept for its articles: no longer listed, found or polled.
    Column("removed_at", UtcDateTime),
    UniqueConstraint("workspace_id", "url"),
    sqlite_autoincrement=True,
)

articles = Table(
    "articles",
    metadata,
    _id(),
    Column("workspace_id", Integer, nullable=False),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    Column("publisher", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("highlights", JSON, nullable=False),
    Column("url", Text),
    Column("author", Text),
    Column("tags", JSON, nullable=False),
    Column("language", String(8), nullable=False),
    Column("image_url", Text),
    Column("published_at", UtcDateTime, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("revised_at", UtcDateTime),
    Column("story_id", ForeignKey("stories.id"), index=True),
    # What the story index needs of it (handlers/stories/similarity.py), so that a start reads no texts.
    Column("features", LargeBinary, nullable=False),
    Index("ix_articles_received_at", "received_at", "workspace_id"),
    Index("ix_articles_source_id", "source_id", "received_at"),
    Index("ix_articles_url", "url", postgresql_using="hash"),  # a B-tree there refuses an address over 2,700 bytes
    sqlite_autoincrement=True,
)

# Every name an article is known by: "guid:...", "url:...", "hash:...". Dates are never part of one.
identities = Table(
    "identities",
    metadata,
    Column("workspace_id", Integer, primary_key=True),
    Column("key", String(128), primary_key=True),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, index=True),
)

arrivals = Table(
    "arrivals",
    metadata,
    _id(),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    Column("key", String(128), nullable=False),
    Column("origin", Text, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("reason", Text),
    Column("article_id", ForeignKey("articles.id", ondelete="SET NULL"), index=True),
    Column("received_at", UtcDateTime, nullable=False, index=True),
    UniqueConstraint("source_id", "key"),
    Index("ix_arrivals_source_id", "source_id", "id"),
    sqlite_autoincrement=True,
)

topics = Table(
    "topics",
    metadata,
    _id(),
    Column("workspace_id", Integer, nullable=False),
    Column("name", String(80), nullable=False),
    Column("title", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("aliases", JSON, nullable=False),
    Column("description", Text, nullable=False),
    Column("color", String(7), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # The version of all topics that its last change made: who knows a version reads only what is newer.
    Column("changed", Integer, nullable=False, server_default="0"),
    UniqueConstraint("workspace_id", "name"),
    Index("ix_topics_changed", "changed", "id"),
    sqlite_autoincrement=True,
)

matches = Table(
    "matches",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("topic_id", ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True),
    Column("evidence", JSON, nullable=False),
    Column("score", Float, nullable=False),
    Column("trace", JSON, nullable=False),
    # The article's own, repeated here so that a brief reads one index.
    Column("received_at", UtcDateTime, nullable=False),
    Index("ix_matches_topic_id", "topic_id", "received_at"),
)

stories = Table(
    "stories",
    metadata,
    _id(),
    Column("workspace_id", Integer, nullable=False),
    Column("lead_article_id", Integer, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False, index=True),
    # The story that took this one's articles; an old button still finds its way.
    Column("merged_into", ForeignKey("stories.id"), index=True),
    sqlite_autoincrement=True,
)

subscriptions = Table(
    "subscriptions",
    metadata,
    _id(),
    Column("channel_id", ForeignKey("channels.id", ondelete="CASCADE"), nullable=False),
    Column("topic_id", ForeignKey("topics.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("pace", String(16), nullable=False),
    Column("languages", JSON, nullable=False),
    Column("paused_reason", Text),
    Column("created_by", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("channel_id", "topic_id"),
    sqlite_autoincrement=True,
)

deliveries = Table(
    "deliveries",
    metadata,
    _id(),
    Column("channel_id", ForeignKey("channels.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("subject", String(128), nullable=False),
    Column("key", String(25), nullable=False, unique=True),
    Column("story_id", ForeignKey("stories.id"), index=True),
    Column("parent_id", ForeignKey("deliveries.id", ondelete="CASCADE"), index=True),
    Column("body", JSON(none_as_null=True)),
    Column("state", String(16), nullable=False),
    Column("reason", Text),
    Column("due_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("leased_until", UtcDateTime),
    Column("external_ref", String(128)),
    Column("wanted_version", Integer, nullable=False),
    Column("posted_version", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    UniqueConstraint("channel_id", "kind", "subject"),
    Index("ix_deliveries_state", "state", "due_at"),
    Index("ix_deliveries_channel_id", "channel_id", "sent_at"),
    sqlite_autoincrement=True,
)


def pending(table: FromClause) -> ColumnElement[bool]:
    """Deliveries that still need work, word for word as the partial index has it: only then do the databases use it."""
    return and_(
        table.c.state != literal_column("'dead'"),
        or_(table.c.state != literal_column("'sent'"), table.c.wanted_version > table.c.posted_version),
    )


Index(
    "ix_deliveries_pending",
    deliveries.c.channel_id,
    deliveries.c.id,
    sqlite_where=pending(deliveries),
    postgresql_where=pending(deliveries),
)

outcomes = Table(
    "outcomes",
    metadata,
    Column("channel_id", ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("story_id", ForeignKey("stories.id"), nullable=False, index=True),
    Column("state", String(16), nullable=False),
    Column("reason", String(16)),
    Column("delivery_id", ForeignKey("deliveries.id", ondelete="SET NULL"), index=True),
    Column("decided_at", UtcDateTime, nullable=False),
    Index("ix_outcomes_decided_at", "channel_id", "decided_at"),
    Index("ix_outcomes_article_id", "article_id"),
)

# A channel's "never again": subject is "story:12" or "source:7".
mutes = Table(
    "mutes",
    metadata,
    Column("channel_id", ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True),
    Column("subject", String(64), primary_key=True),
    Column("created_by", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

# Who wants to be named in a story's thread when it grows.
follows = Table(
    "follows",
    metadata,
    Column("channel_id", ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True),
    Column("story_id", ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("user_external_id", String(64), primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
)

# "Not relevant", a press each; shown by /topics show.
feedback = Table(
    "feedback",
    metadata,
    Column("channel_id", ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True),
    Column("story_id", ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("user_external_id", String(64), primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
)

# When a person last asked for a brief, so that the next one can say what is new.
brief_reads = Table(
    "brief_reads",
    metadata,
    Column("workspace_id", ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True),
    Column("user_external_id", String(64), primary_key=True),
    Column("topic", String(128), primary_key=True),
    Column("read_at", UtcDateTime, nullable=False),
)

# Small answers kept for a button that may be pressed later: a brief to share, a query to save.
drafts = Table(
    "drafts",
    metadata,
    Column("key", String(25), primary_key=True),
    Column("workspace_id", ForeignKey("workspaces.id", ondelete="CASCADE"), nullable=False),
    Column("body", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
)

# The console's own messages: it is a platform like the others, and this is its server's memory.
console_messages = Table(
    "console_messages",
    metadata,
    _id(),
    Column("channel_id", ForeignKey("channels.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("key", String(25), nullable=False),
    Column("thread_id", ForeignKey("console_messages.id", ondelete="CASCADE"), index=True),
    Column("body", JSON, nullable=False),
    Column("posted_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False, index=True),
    UniqueConstraint("channel_id", "key"),
    sqlite_autoincrement=True,
)

# Folded words of each article, for /find and back-tests. The first migration adds the full-text index of each database:
# the FTS5 table "search_index" on SQLite, the column "vector" on PostgreSQL (storage/search.py).
search_texts = Table(
    "search_texts",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("words", Text, nullable=False),
)
