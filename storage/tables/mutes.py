"""The table of mutes: what a channel hides, as a subject such as "story:12" or "source:7"."""

from sqlalchemy import Column, ForeignKey, String, Table

from storage.sql import UtcDateTime
from storage.tables.base import metadata

mutes = Table(
    "mutes",
    metadata,
    Column("channel_id", ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True),
    Column("subject", String(64), primary_key=True),
    Column("created_by", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)
