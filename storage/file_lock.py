"""A lock that every process with an open SQLite database shares, so that a restore knows whether one is running.

It is a lock of the operating system on a file beside the database. It ends with the process, even if that is killed.
"""

import errno
import os
import sys
from pathlib import Path
from typing import Final

from storage.errors import StorageError
from storage.private_files import FILE

if sys.platform != "win32":
    import fcntl

_NOT_SUPPORTED: Final = frozenset({errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL})
"""File systems without locks. SQLite's own locks still keep processes apart there."""


class FileLock:
    """The lock of one process on a database file. It is not held until `share` or `take` is called."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._path = database.with_name(f"{database.name}.lock")
        self._file: int | None = None

    def share(self) -> None:
        """Hold the lock together with other processes. Raises: StorageError while a restore holds it, OSError."""
        if not self._lock(exclusive=False):
            self.release()
            raise StorageError(
                f"The database {self._database} is being restored. Nothing was changed. Wait for the end of "
                "`db restore`, then start the bot."
            )

    def take(self) -> bool:
        """Hold the lock alone. Return False if another process has the database open. Raises: OSError."""
        return self._lock(exclusive=True)

    def release(self) -> None:
        """Release the lock. The file stays, because another process may be about to lock it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _lock(self, *, exclusive: bool) -> bool:
        if sys.platform == "win32":
            return True
        if self._file is None:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, FILE)
        try:
            fcntl.flock(self._file, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            if error.errno not in _NOT_SUPPORTED:
                raise
        return True
