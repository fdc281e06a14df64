"""Tables of what comes in: sources, articles with their identities, arrivals, stories, and the words for search."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from storage.packing import PackedText
from storage.sql import Duration, UtcDateTime
from storage.tables.base import id_column, metadata

# workspace_id has no foreign key here and below, because 0 means "shared by all".
sources = Table(
    "sources",
    metadata,
    id_column(),
    Column("workspace_id", Integer, nullable=False),
    Column("channel_id", ForeignKey("channels.id", ondelete="SET NULL")),
    Column("kind", String(16), nullable=False),
    # With placeholders for passwords and keys; "sealed" is then the full address, encrypted (storage/sealing.py).
    Column("url", Text, nullable=False),
    Column("sealed", LargeBinary),
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
    # A permanent redirect that the feed does not follow yet, without secrets; and since when its server answers 410.
    Column("moved_to", Text),
    Column("moved_since", UtcDateTime),
    Column("moved_seen_at", UtcDateTime),
    Column("moved_times", Integer, nullable=False, server_default="0"),
    Column("gone_since", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    # What its last entries share, as handlers/stories/templates.py encodes it; read only where it is needed.
    Column("profile", LargeBinary),
    # Removed by a person, but kept because of its articles: not listed, found or polled any more.
    Column("removed_at", UtcDateTime),
    UniqueConstraint("workspace_id", "url"),
    # All that counts and lists of sources need (storage/source_health.py).
    Index("ix_sources_health", "workspace_id", "removed_at", "state", "failures", "trouble_since", "kind", "title"),
    sqlite_autoincrement=True,
)

articles = Table(
    "articles",
    metadata,
    id_column(),
    Column("workspace_id", Integer, nullable=False),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    Column("publisher", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", PackedText, nullable=False),
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
    # What the story index needs (handlers/stories/similarity.py), so that no texts are read at start.
    Column("features", LargeBinary, nullable=False),
    Index("ix_articles_received_at", "received_at", "workspace_id"),
    Index("ix_articles_source_id", "source_id", "received_at"),
    Index("ix_articles_url", "url", postgresql_using="hash"),  # a B-tree index refuses values over 2,700 bytes
    sqlite_autoincrement=True,
)

# Keys of articles: "guid:...", "url:...", "hash:...". Dates are never part of a key.
identities = Table(
    "identities",
    metadata,
    Column("workspace_id", Integer, primary_key=True),
    Column("key", String(128), primary_key=True),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, index=True),
)

# What an article keeps when its source renames it: hashes of its headline, its text and its time, or of parts of a
# document (handlers/rules/identity.py). Several articles may have the same one, so it only finds candidates.
fingerprints = Table(
    "fingerprints",
    metadata,
    Column("workspace_id", Integer, primary_key=True),
    Column("fingerprint", BigInteger, primary_key=True, autoincrement=False),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

# The articles that a feed listed when it was last read.
listings = Table(
    "listings",
    metadata,
    Column("source_id", ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True),
    Column("article_ids", JSON, nullable=False),
)

arrivals = Table(
    "arrivals",
    metadata,
    id_column(),
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

stories = Table(
    "stories",
    metadata,
    id_column(),
    Column("workspace_id", Integer, nullable=False),
    Column("lead_article_id", Integer, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False, index=True),
    # The story that the articles were moved to, so that old buttons still work.
    Column("merged_into", ForeignKey("stories.id"), index=True),
    sqlite_autoincrement=True,
)

# Normalized words of each article, for /find and back-tests. The first migration adds the full-text indexes:
# the FTS5 table "search_index" on SQLite, the column "vector" on PostgreSQL (storage/search.py). SQLite needs the words
# to remove them from the index; they are packed with the article's text. PostgreSQL stores no words here.
search_texts = Table(
    "search_texts",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("words", Text, nullable=False),
    # The version of the words (handlers/ingest/reindex.py). Rows of an older one are indexed again.
    Column("version", Integer, nullable=False, server_default="0"),
)
