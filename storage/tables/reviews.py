"""The table of reviews."""

from sqlalchemy import Column, ForeignKey, String, Table, Text

from storage.sql import UtcDateTime
from storage.tables.base import metadata

# Who has claimed a story's alert in a channel, and who has reviewed it: at most one person each.
reviews = Table(
    "reviews",
    metadata,
    Column("channel_id", ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True),
    Column("story_id", ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("state", String(16), primary_key=True),
    Column("user_external_id", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
