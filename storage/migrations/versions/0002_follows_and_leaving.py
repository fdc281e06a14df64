"""How a person hears of a story that they follow, and since when a workspace has left."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("follows", sa.Column("how", sa.String(length=16), server_default="mention", nullable=False))
    op.add_column("workspaces", sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("workspaces", sa.Column("gone_reason", sa.Text(), nullable=True))
