"""Store the query that each match was found with instead of its trace, which is computed when somebody asks for it."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "topic_queries",
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("refers_to", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_topic_queries_topic_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("topic_id", "digest", name=op.f("pk_topic_queries")),
    )
    op.add_column("matches", sa.Column("query_digest", sa.BigInteger(), nullable=True))
