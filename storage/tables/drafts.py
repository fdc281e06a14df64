"""The table of drafts."""

from sqlalchemy import JSON, Column, ForeignKey, String, Table

from storage.sql import UtcDateTime
from storage.tables.base import metadata

drafts = Table(
    "drafts",
    metadata,
    Column("key", String(25), primary_key=True),
    Column("workspace_id", ForeignKey("workspaces.id", ondelete="CASCADE"), nullable=False),
    Column("body", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
)
