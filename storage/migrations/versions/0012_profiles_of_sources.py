"""What the last entries of a source share: sentences, beginnings, endings and words that tell no event."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sources", sa.Column("profile", sa.LargeBinary(), nullable=True))
