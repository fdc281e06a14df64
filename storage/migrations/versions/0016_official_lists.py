"""Add what official lists were when they were last read, and articles about them that are to be ingested."""

import sqlalchemy as sa
from alembic import op

from storage.sql import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "official_lists",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(32), nullable=False),
        sa.Column("layout", sa.Text(), nullable=False),
        sa.Column("dated", sa.String(10), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=False),
        sa.Column("number", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_official_lists_source_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_official_lists")),
    )
    op.create_table(
        "list_entries",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(300), nullable=False),
        sa.Column("digest", sa.String(24), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_list_entries_source_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("source_id", "key", name=op.f("pk_list_entries")),
    )
    op.create_table(
        "list_publications",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_list_publications_source_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("source_id", "key", name=op.f("pk_list_publications")),
    )
