"""What people corrected about stories, and how strictly a subscription groups articles into alerts."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("subscriptions", sa.Column("grouping", sa.String(8), nullable=False, server_default="normal"))
    op.create_table(
        "story_corrections",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_story_corrections_workspace_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_story_corrections_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_story_corrections_story_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "article_id", name=op.f("pk_story_corrections")),
    )
    op.create_index(op.f("ix_story_corrections_article_id"), "story_corrections", ["article_id"])
    op.create_index(op.f("ix_story_corrections_story_id"), "story_corrections", ["story_id"])
