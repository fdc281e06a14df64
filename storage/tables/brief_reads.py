"""The table of brief reads."""

from sqlalchemy import Column, ForeignKey, String, Table

from storage.sql import UtcDateTime
from storage.tables.base import metadata

brief_reads = Table(
    "brief_reads",
    metadata,
    Column("workspace_id", ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True),
    Column("user_external_id", String(64), primary_key=True),
    Column("topic", String(128), primary_key=True),
    Column("read_at", UtcDateTime, nullable=False),
)
