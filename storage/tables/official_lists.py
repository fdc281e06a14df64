"""Tables of official lists: what each list was when it was last read, and articles about it that are to be ingested."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from storage.sql import UtcDateTime
from storage.tables.base import metadata

official_lists = Table(
    "official_lists",
    metadata,
    Column("source_id", ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True),
    Column("format", String(32), nullable=False),
    Column("layout", Text, nullable=False),
    Column("dated", String(10), nullable=False),
    Column("read_at", UtcDateTime, nullable=False),
    Column("number", Integer),
)

list_entries = Table(
    "list_entries",
    metadata,
    Column("source_id", ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True),
    Column("key", String(300), primary_key=True),
    Column("digest", String(24), nullable=False),
    Column("content", Text, nullable=False),
)

# Written with the entries in one transaction, and deleted once the article is ingested.
list_publications = Table(
    "list_publications",
    metadata,
    Column("source_id", ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)
