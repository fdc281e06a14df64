"""The table of feedback."""

from sqlalchemy import Column, ForeignKey, String, Table

from storage.sql import UtcDateTime
from storage.tables.base import metadata

# A row for each person who finds a story not relevant; /topics show counts them.
feedback = Table(
    "feedback",
    metadata,
    Column("channel_id", ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True),
    Column("story_id", ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("user_external_id", String(64), primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
)
