"""Add fingerprints of articles, what each feed listed last, and moves of feeds under observation.

The newest entries of each feed get their fingerprints here: those are the ones that a feed still lists.
"""

import unicodedata
from datetime import UTC, datetime
from hashlib import blake2b

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_NEWEST = 200
"""Entries of a feed that get fingerprints."""


def upgrade() -> None:
    op.create_table(
        "fingerprints",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.BigInteger(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_fingerprints_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace_id", "fingerprint", "article_id", name=op.f("pk_fingerprints")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_fingerprints_article_id"), "fingerprints", ["article_id"], unique=False)
    op.create_table(
        "listings",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("article_ids", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_listings_source_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_listings")),
    )
    op.add_column("sources", sa.Column("moved_to", sa.Text(), nullable=True))
    op.add_column("sources", sa.Column("moved_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sources", sa.Column("moved_seen_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sources", sa.Column("moved_times", sa.Integer(), server_default="0", nullable=False))
    op.add_column("sources", sa.Column("gone_since", sa.DateTime(timezone=True), nullable=True))
    connection = op.get_bind()
    for source in connection.execute(sa.text("SELECT id, workspace_id FROM sources WHERE kind = 'feed'")).all():
        _add_fingerprints(connection, source.id, source.workspace_id)


def _add_fingerprints(connection: sa.Connection, source_id: int, workspace_id: int) -> None:
    """As handlers/rules/identity.py makes them."""
    rows = connection.execute(
        sa.text(
            "SELECT articles.id AS id, title, text, published_at, articles.received_at AS received_at FROM arrivals "
            "JOIN articles ON articles.id = arrivals.article_id WHERE arrivals.source_id = :source "
            "ORDER BY arrivals.id DESC LIMIT :newest"
        ).columns(
            published_at=sa.DateTime(timezone=True), received_at=sa.DateTime(timezone=True)
        ),
        {"source": source_id, "newest": _NEWEST},
    ).all()
    found = set()
    for row in rows:
        values = {"title": _letters(row.title), "text": _letters(row.text)}
        if row.published_at != row.received_at:
            at = row.published_at
            at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
            values["time"] = str(int(at.timestamp()))
        found |= {(row.id, _fingerprint(f"source {source_id}", kind, value)) for kind, value in values.items() if value}
    if found:
        connection.execute(
            sa.text("INSERT INTO fingerprints VALUES (:workspace, :fingerprint, :article)"),
            [{"workspace": workspace_id, "fingerprint": value, "article": id} for id, value in sorted(found)],
        )


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def _fingerprint(scope: str, kind: str, value: str) -> int:
    digest = blake2b(f"{scope}\0{kind}\0{value}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest) >> 1
