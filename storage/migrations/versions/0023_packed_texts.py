"""Maintain the full-text index of SQLite in the program instead of in triggers, and number the versions of its words.

The rows stay as they are. The program packs and indexes them again in the background (handlers/ingest/reindex.py).
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("search_texts", "set_aside_texts"):
        op.add_column(table, sa.Column("version", sa.Integer(), server_default="0", nullable=False))
        if op.get_bind().dialect.name == "sqlite":
            for event in ("insert", "delete", "update"):
                op.get_bind().exec_driver_sql(f"DROP TRIGGER {table}_{event}")
