"""Topics remember the version that their last change made, so that a process reads only what is newer."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("topics", sa.Column("changed", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_topics_changed", "topics", ["changed", "id"])
