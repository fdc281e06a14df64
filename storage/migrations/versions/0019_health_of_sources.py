"""Index what lists and counts of sources need, so that they do not read whole rows."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_sources_health",
        "sources",
        ["workspace_id", "removed_at", "state", "failures", "trouble_since", "kind", "title"],
    )
