"""What people pressed and asked: mutes, follows, feedback, briefs read, drafts kept."""

from sqlalchemy import JSON, Column, ForeignKey, String, Table

from storage.sql import UtcDateTime
from storage.tables.base import metadata

# A channel's "never again": subject is "story:12" or "source:7".
mutes = Table(
    "mutes",
    metadata,
    Column("channel_id", ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True),
    Column("subject", String(64), primary_key=True),
    Column("created_by", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

# Who wants to hear when a story grows, and how: named in its thread, by direct message, or in a digest of their own.
follows = Table(
    "follows",
    metadata,
    Column("channel_id", ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True),
    Column("story_id", ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("user_external_id", String(64), primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("how", String(16), nullable=False, server_default="mention"),
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
