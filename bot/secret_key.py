"""The secret key: WIREWATCH_SECRET_KEY, or a file in the data folder if the database is SQLite."""

import os
import secrets
from pathlib import Path
from typing import Final

from bot.config import ConfigError, Settings, bare
from bot.setting_types import SHORTEST_KEY
from storage.private_files import make_file

_BYTES: Final = 32


def secret_keys(settings: Settings) -> tuple[str, ...]:
    """Return the current key, then older keys, which only decrypt. An empty tuple means that nothing can be encrypted.

    With SQLite, a key file is created if WIREWATCH_SECRET_KEY is not set. If the setting is added later, the file holds
    an older key. With PostgreSQL only the setting counts, because processes on several machines share the database.

    Raises: ConfigError.
    """
    chosen = bare(settings.secret_key)
    if settings.database_file is None:
        return () if chosen is None else (chosen,)
    if chosen is None:
        return (_read_or_create(settings.key_file),)
    return (chosen, *([_read(settings.key_file)] if settings.key_file.exists() else []))


def _read_or_create(path: Path) -> str:
    if not path.exists():
        try:
            _create(path)
        except OSError as error:
            raise ConfigError((f"The key file {path} cannot be created: {error.strerror or error}",)) from error
    return _read(path)


def _read(path: Path) -> str:
    """Raises: ConfigError."""
    try:
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it does not contain a key"
        raise ConfigError((f"The key file {path} cannot be read: {reason}",)) from error
    if len(key) < SHORTEST_KEY:
        raise ConfigError((f"The key file {path} is damaged. Restore a copy of it, or delete it to create a new key.",))
    return key


def _put(temporary: Path, path: Path) -> None:
    """Move the file to `path`, unless another process has created that already."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        return
    except OSError:  # a file system without hard links
        if not path.exists():
            temporary.rename(path)


def _create(path: Path) -> None:
    """Create the key file. It is on the disk before the key is used, and of two processes only one creates it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    make_file(temporary)
    try:
        with temporary.open("w", encoding="ascii") as file:
            file.write(f"{secrets.token_hex(_BYTES)}\n")
            file.flush()
            os.fsync(file.fileno())
        _put(temporary, path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        temporary.unlink(missing_ok=True)
