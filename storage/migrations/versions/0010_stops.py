"""Topics that were stopped at an article, because matching took more steps than the budget allows."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stops",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_stops_article_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_stops_topic_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", "topic_id", name=op.f("pk_stops")),
    )
    op.create_index("ix_stops_topic_id", "stops", ["topic_id", "stopped_at"], unique=False)
