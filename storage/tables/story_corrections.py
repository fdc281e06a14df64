"""The table of corrections of stories."""

from sqlalchemy import Column, ForeignKey, String, Table

from storage.sql import UtcDateTime
from storage.tables.base import metadata

# To which story an article belongs in a workspace whose people separated or joined stories. Other workspaces are not
# affected: for them, the story of the article counts.
story_corrections = Table(
    "story_corrections",
    metadata,
    Column("workspace_id", ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("story_id", ForeignKey("stories.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_by", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)
