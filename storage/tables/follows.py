"""The table of follows."""

from sqlalchemy import Column, ForeignKey, String, Table

from storage.sql import UtcDateTime
from storage.tables.base import metadata

# Who learns that a story has grown, and how: by a mention in its thread, by direct message, or in their own digest.
follows = Table(
    "follows",
    metadata,
    Column("channel_id", ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True),
    Column("story_id", ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("user_external_id", String(64), primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("how", String(16), nullable=False, server_default="mention", key="mode"),
)
