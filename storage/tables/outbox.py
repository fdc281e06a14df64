"""Tables of what goes out: outcomes and deliveries."""

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    ForeignKey,
    FromClause,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    literal_column,
    or_,
)

from storage.sql import UtcDateTime
from storage.tables.base import id_column, metadata

deliveries = Table(
    "deliveries",
    metadata,
    id_column(),
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
    # When the last attempt to post began, and since when no attempt has had a clear result.
    Column("tried_at", UtcDateTime),
    Column("failing_since", UtcDateTime),
    UniqueConstraint("channel_id", "kind", "subject"),
    Index("ix_deliveries_state", "state", "due_at"),
    Index("ix_deliveries_channel_id", "channel_id", "sent_at"),
    sqlite_autoincrement=True,
)


def pending(table: FromClause) -> ColumnElement[bool]:
    """Return the condition for deliveries that need work. Only exactly this condition makes databases use the index."""
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
