"""Keeps the data folder from other users of the machine, and says what was open to them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.config import Settings
from storage.private_files import Privacy, make_private

_BESIDE: Final = ("", "-wal", "-shm", "-journal")
"""Endings of the files that SQLite keeps."""
_NAMED: Final = 3


def make_data_private(settings: Settings) -> Privacy:
    """Take other users' rights from the data folder and all that the bot keeps in it, and from the database's files."""
    database = settings.database_file
    files = () if database is None else tuple(database.with_name(database.name + ending) for ending in _BESIDE)
    return make_private(settings.data_dir, below=(settings.inbox.name, settings.logs.name), files=files)


def corrected(privacy: Privacy) -> Iterator[str]:
    """A sentence about what was open to others; nothing where nothing was."""
    if privacy.corrected:
        yield f"Other users of this machine could open {_named(privacy.corrected)}. From now on only this user can."


def warnings(privacy: Privacy) -> Iterator[tuple[str, str]]:
    """What stays open, and what to do about it: two sentences each."""
    if privacy.still_open:
        yield (
            f"Other users of this machine can open {_named(privacy.still_open)}, and it cannot be made private: it "
            "belongs to somebody else or to other programs too, or its file system keeps no permissions.",
            "Set WIREWATCH_DATA_DIR to a folder of the bot's own.",
        )
    if privacy.owner is not None:
        yield (
            f"The data folder belongs to another user (id {privacy.owner}), who can read everything in it.",
            "Give it to the user that the bot runs as (chown), or set WIREWATCH_DATA_DIR to another folder.",
        )


def _named(paths: tuple[Path, ...]) -> str:
    names = [str(path) for path in paths[:_NAMED]]
    more = len(paths) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")
