"""Files and folders that only their owner can read: created private, or made private later."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER: Final = 0o700
FILE: Final = 0o600
_OTHERS: Final = 0o077


@dataclass(frozen=True, slots=True, kw_only=True)
class Privacy:
    """What `make_private` found."""

    corrected: tuple[Path, ...] = ()
    """Paths that other users of the machine could open, and that are private now."""
    still_open: tuple[Path, ...] = ()
    """Paths that others can still open: another user owns them, or their file system has no permissions."""
    owner: int | None = None
    """The user id of the folder's owner, if it is not the user of this process."""


def opener(path: str, flags: int) -> int:
    """Open a file for the built-in `open`. A new file is private; an existing one keeps its permissions."""
    return os.open(path, flags, FILE)


def make_folder(folder: Path) -> None:
    """Create the folder and missing parents, all of them private. Raises: OSError."""
    if not folder.is_dir():
        if folder.parent != folder:
            make_folder(folder.parent)
        folder.mkdir(mode=FOLDER, exist_ok=True)


def make_file(path: Path) -> None:
    """Create a private empty file if there is none. Raises: OSError."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE))


def write_text(path: Path, text: str) -> None:
    """Write a private file. An existing one is made private before it is written. Raises: OSError."""
    with open(path, "w", encoding="utf-8", opener=opener) as file:
        state = os.fstat(file.fileno())
        if stat.S_ISREG(state.st_mode) and state.st_mode & _OTHERS:
            os.fchmod(file.fileno(), stat.S_IMODE(state.st_mode) & ~_OTHERS)
        file.write(text)


def make_path_private(path: Path) -> bool:
    """Remove other users' permissions from a file or folder, but not through a link. Return False if they stay."""
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode) or (stat.S_ISDIR(mode) and (mode & stat.S_ISVTX or path.parent == path)):
            return False
        path.chmod(stat.S_IMODE(mode) & ~_OTHERS)
        return not path.lstat().st_mode & _OTHERS
    except OSError:
        return False


def make_private(folder: Path, *, below: tuple[str, ...] = (), files: tuple[Path, ...] = ()) -> Privacy:
    """Remove other users' permissions from the folder, its files, everything in its subfolders `below`, and `files`.

    Missing paths are skipped. Links in the folder are neither followed nor changed. A folder that programs share, such
    as /tmp, stays as it is.
    """
    if os.name != "posix":
        return Privacy()
    folder = folder.resolve()
    corrected: list[Path] = []
    still_open: list[Path] = []
    named = (folder, *(file.resolve() for file in files))
    for path in dict.fromkeys((*named, *_within(folder, below))):
        if _is_open(path):
            (corrected if make_path_private(path) else still_open).append(path)
    if folder not in still_open:  # nobody can reach the files of a private folder
        still_open = [path for path in still_open if not path.is_relative_to(folder)]
    return Privacy(corrected=tuple(corrected), still_open=tuple(still_open), owner=_other_owner(folder))


def _other_owner(folder: Path) -> int | None:
    try:
        owner = folder.stat().st_uid
    except OSError:
        return None
    return owner if owner != os.geteuid() else None


def _within(folder: Path, below: tuple[str, ...]) -> Iterator[Path]:
    with suppress(OSError):
        yield from sorted(path for path in folder.iterdir() if path.is_file())
    for name in below:
        for parent, _, names in os.walk((folder / name).resolve()):
            yield Path(parent)
            yield from (Path(parent, name) for name in names)


def _is_open(path: Path) -> bool:
    """Return whether it is a file or folder, not a link, on which others have any permission."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return False
    return bool(mode & _OTHERS) and (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
