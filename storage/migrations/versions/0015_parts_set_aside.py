"""Add the parts of documents that are kept apart from the text of the article, and a full-text index for them."""

import string

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "set_aside",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_set_aside_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_aside")),
        sa.UniqueConstraint("article_id", "digest", name=op.f("uq_set_aside_article_id_digest")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "set_aside_texts",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_set_aside_texts_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_set_aside_texts")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE set_aside_texts ADD COLUMN vector tsvector")
        op.execute("CREATE INDEX ix_set_aside_texts_vector ON set_aside_texts USING gin (vector)")
        return
    # As the first migration does it: only spaces separate words.
    signs = string.punctuation.replace("'", "''")
    tokenizer = f"ascii tokenchars '{signs}'".replace('"', '""')
    statements = (
        "CREATE VIRTUAL TABLE search_index_set_aside USING fts5 "
        f"(words, content='set_aside_texts', content_rowid='article_id', tokenize=\"{tokenizer}\")",
        "CREATE TRIGGER set_aside_texts_insert AFTER INSERT ON set_aside_texts BEGIN "
        "INSERT INTO search_index_set_aside (rowid, words) VALUES (new.article_id, new.words); END",
        "CREATE TRIGGER set_aside_texts_delete AFTER DELETE ON set_aside_texts BEGIN "
        "INSERT INTO search_index_set_aside (search_index_set_aside, rowid, words) "
        "VALUES ('delete', old.article_id, old.words); END",
        "CREATE TRIGGER set_aside_texts_update AFTER UPDATE ON set_aside_texts BEGIN "
        "INSERT INTO search_index_set_aside (search_index_set_aside, rowid, words) "
        "VALUES ('delete', old.article_id, old.words); "
        "INSERT INTO search_index_set_aside (rowid, words) VALUES (new.article_id, new.words); END",
    )
    for statement in statements:
        op.get_bind().exec_driver_sql(statement)
