"""Channels that the platform blocks for a while, and since when a delivery is uncertain."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("channels", sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("channels", sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("channels", sa.Column("recheck_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_channels_recheck_at", "channels", ["recheck_at"])
    op.add_column("deliveries", sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("deliveries", sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True))
