"""Let the members of a Slack channel change what it gets, as before, now that "managers" means admins and creators."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE workspaces SET change_rule = 'members' WHERE platform = 'slack' AND change_rule = 'managers'")
