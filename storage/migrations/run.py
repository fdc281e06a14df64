"""Runs migrations in one transaction and under a lock, so that two processes may start at the same time."""

from functools import cache
from pathlib import Path

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, text

from storage.errors import StorageError
from storage.tables import metadata

LOCK = 0x57570001_00000000
"""PostgreSQL's advisory lock for migrating. On SQLite the transaction is the lock."""


def bring_up_to_date(connection: Connection) -> None:
    """Run all missing migrations, or none if one fails. Raises: StorageError for a schema newer than the program."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    scripts, context = _scripts(), _context(connection)
    for step in reversed(_missing(scripts, context)):
        with Operations.context(context):
            step.module.upgrade()
        context.stamp(scripts, step.revision)


def require_current(connection: Connection) -> None:
    """Raises: StorageError if the schema is not the current one."""
    if _missing(_scripts(), _context(connection)):
        raise StorageError(
            "The database is older than this program. Nothing was changed. Run: python -m bot db migrate"
        )


def is_known(revision: str) -> bool:
    """Return whether this program can read or migrate a database of that schema."""
    return revision in {step.revision for step in _scripts().walk_revisions()}


@cache
def _scripts() -> ScriptDirectory:
    """Return the migrations, which are read once."""
    return ScriptDirectory(str(Path(__file__).parent))


def _context(connection: Connection) -> MigrationContext:
    return MigrationContext.configure(connection, opts={"target_metadata": metadata})


def _missing(scripts: ScriptDirectory, context: MigrationContext) -> list[Script]:
    """Return the migrations that the database lacks, newest first."""
    current, steps = context.get_current_revision(), list(scripts.walk_revisions())
    if current is None:
        return steps
    for index, step in enumerate(steps):
        if step.revision == current:
            return steps[:index]
    raise StorageError(
        f"The database was created by a newer version of this program (schema {current}). Nothing was changed. "
        "Update the program, or restore a backup of this version."
    )
