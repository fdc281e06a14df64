"""Subscriptions whose alerts notify nobody."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("subscriptions", sa.Column("silent", sa.Boolean(), nullable=False, server_default=sa.false()))
