"""A subscription may name a role, a user group or a person whom its alerts mention."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("subscriptions", sa.Column("mention", sa.String(64)))
    op.add_column("subscriptions", sa.Column("mention_name", sa.Text()))
