"""Feed addresses with a password or key: the whole address, encrypted. handlers/ingest/seal_addresses.py fills it at the next start."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sources", sa.Column("sealed", sa.LargeBinary(), nullable=True))
