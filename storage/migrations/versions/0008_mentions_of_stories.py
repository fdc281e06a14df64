"""A match repeats its article's story, publisher and time in an index of their own: briefs count stories from it."""

from hashlib import blake2b

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_AT_ONCE = 1_000


def upgrade() -> None:
    op.add_column("matches", sa.Column("story_id", sa.Integer(), nullable=True))
    op.add_column("matches", sa.Column("publisher_key", sa.String(length=16), nullable=True))
    op.add_column("matches", sa.Column("in_title", sa.Boolean(), nullable=True))
    # Evidence is JSON written without spaces; quotation marks of an article's own words stand escaped in it.
    op.execute(
        "UPDATE matches SET in_title = (CAST(evidence AS TEXT) LIKE '%\"field\":\"title\"%'), "
        "story_id = (SELECT story_id FROM articles WHERE articles.id = matches.article_id)"
    )
    _set_publishers(op.get_bind())
    op.drop_index("ix_matches_topic_id", table_name="matches")
    op.create_index(
        "ix_matches_topic_id", "matches", ["topic_id", "received_at", "article_id", "workspace_id"], unique=False
    )
    op.create_index(
        "ix_matches_at",
        "matches",
        [
            "topic_id",
            "at",
            "workspace_id",
            "received_at",
            "article_id",
            "story_id",
            "publisher_key",
            "score",
            "in_title",
        ],
        unique=False,
    )


def _set_publishers(connection: sa.Connection) -> None:
    """As storage/matches.py makes the key; no database folds case as Python does."""
    after = 0
    while True:
        rows = connection.execute(
            sa.text(
                "SELECT id, publisher FROM articles WHERE id > :after "
                "AND EXISTS (SELECT 1 FROM matches WHERE matches.article_id = articles.id) ORDER BY id LIMIT :most"
            ),
            {"after": after, "most": _AT_ONCE},
        ).all()
        if not rows:
            return
        connection.execute(
            sa.text("UPDATE matches SET publisher_key = :key WHERE article_id = :id"),
            [
                {
                    "id": row.id,
                    "key": blake2b(row.publisher.casefold().encode("utf-8", "surrogatepass"), digest_size=8).hexdigest(),
                }
                for row in rows
            ],
        )
        after = rows[-1].id
