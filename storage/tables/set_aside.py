"""Tables of what documents have besides the text of their articles, such as quoted letters, and of its words."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from storage.packing import PackedText
from storage.tables.base import id_column, metadata

# The digest identifies a part within its article, because a unique key cannot hold long texts.
set_aside = Table(
    "set_aside",
    metadata,
    id_column(),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("digest", String(32), nullable=False),
    Column("rule", Text, nullable=False),
    Column("text", PackedText, nullable=False),
    UniqueConstraint("article_id", "digest"),
    sqlite_autoincrement=True,
)

# Normalized words of the article and of all its parts, for /find only. The migration adds the full-text indexes:
# the FTS5 table "search_index_set_aside" on SQLite, the column "vector" on PostgreSQL (storage/search.py).
set_aside_texts = Table(
    "set_aside_texts",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("words", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default="0"),
)
