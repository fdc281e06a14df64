"""Makes the data folder private to the bot's user, and reports what other users of the machine could read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.config import Settings
from storage.private_files import Privacy, make_private

_SQLITE_SUFFIXES: Final = ("", "-wal", "-shm", "-journal")
"""Suffixes of the files of an SQLite database."""
_MAX_NAMES: Final = 3


def make_data_private(settings: Settings) -> Privacy:
    """Remove other users' permissions from the data folder, the bot's files in it, and the files of the database."""
    database = settings.database_file
    files = () if database is None else tuple(database.with_name(database.name + suffix) for suffix in _SQLITE_SUFFIXES)
    return make_private(settings.data_dir, below=(settings.inbox.name, settings.logs.name), files=files)


def corrected(privacy: Privacy) -> Iterator[str]:
    """Yield a sentence about what other users could open until now. Yields nothing if all was private."""
    if privacy.corrected:
        yield f"Other users of this machine could open {_listed(privacy.corrected)}. Now only this user can."


def warnings(privacy: Privacy) -> Iterator[tuple[str, str]]:
    """Yield (problem, what to do) for everything that other users can still open."""
    if privacy.still_open:
        yield (
            f"Other users of this machine can open {_listed(privacy.still_open)}, and it cannot be made private: "
            "another user owns it, other programs use it too, or its file system has no permissions.",
            "Set WIREWATCH_DATA_DIR to a folder that only the bot uses.",
        )
    if privacy.owner is not None:
        yield (
            f"The data folder belongs to another user (id {privacy.owner}), who can read everything in it.",
            "Make the bot's user its owner (chown), or set WIREWATCH_DATA_DIR to another folder.",
        )


def _listed(paths: tuple[Path, ...]) -> str:
    names = [str(path) for path in paths[:_MAX_NAMES]]
    more = len(paths) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")
