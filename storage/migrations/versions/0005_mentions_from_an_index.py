"""What counts and charts need of a match stands beside it, so that they read one index and no article."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # An article's workspace and times never change after it is stored.
    op.add_column("matches", sa.Column("workspace_id", sa.Integer(), server_default="0", nullable=False))
    op.add_column("matches", sa.Column("at", sa.DateTime(timezone=True), nullable=True))
    of_article = "FROM articles WHERE articles.id = matches.article_id"
    op.execute(
        f"UPDATE matches SET workspace_id = (SELECT workspace_id {of_article}), at = (SELECT CASE "
        f"WHEN published_at < received_at THEN published_at ELSE received_at END {of_article})"
    )
    op.drop_index("ix_matches_topic_id", table_name="matches")
    op.create_index(
        "ix_matches_topic_id", "matches", ["topic_id", "received_at", "article_id", "workspace_id", "at"], unique=False
    )
