"""The key that encrypts: WIREWATCH_SECRET_KEY, or a file in the data folder where the database is a file too."""

import os
import secrets
from pathlib import Path
from typing import Final

from bot.config import ConfigError, Settings, bare
from storage.private_files import make_file

_BYTES: Final = 32
_SHORTEST: Final = 32
"""Characters, as of the setting."""


def keys_of(settings: Settings) -> tuple[str, ...]:
    """The keys, today's first; an older one still opens what it sealed. Empty: nothing can be sealed.

    The key file is made where it is needed. Where the setting takes its place later, the file is today's no more. With
    PostgreSQL only the setting counts, because processes of several machines share one database.

    Raises: ConfigError.
    """
    chosen = bare(settings.secret_key)
    if settings.database_file is None:
        return () if chosen is None else (chosen,)
    if chosen is None:
        return (_read_or_make(settings.key_file),)
    return (chosen, *([_read(settings.key_file)] if settings.key_file.exists() else []))


def _read_or_make(path: Path) -> str:
    if not path.exists():
        try:
            _make(path)
        except OSError as error:
            raise ConfigError((f"The key file {path} cannot be made: {error.strerror or error}",)) from error
    return _read(path)


def _read(path: Path) -> str:
    """Raises: ConfigError."""
    try:
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no key"
        raise ConfigError((f"The key file {path} cannot be read: {reason}",)) from error
    if len(key) < _SHORTEST:
        raise ConfigError((f"The key file {path} is damaged. Put its copy back, or delete it to have a new key made.",))
    return key


def _put(aside: Path, path: Path) -> None:
    """Give it its name, unless another process was quicker."""
    try:
        os.link(aside, path)
    except FileExistsError:
        return
    except OSError:  # a file system without hard links
        if not path.exists():
            aside.rename(path)


def _make(path: Path) -> None:
    """On the disk before anything is sealed with it; of two processes that start together one makes it."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.unlink(missing_ok=True)
    make_file(aside)
    try:
        with aside.open("w", encoding="ascii") as file:
            file.write(f"{secrets.token_hex(_BYTES)}\n")
            file.flush()
            os.fsync(file.fileno())
        _put(aside, path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        aside.unlink(missing_ok=True)
