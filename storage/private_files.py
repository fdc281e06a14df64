"""Files and folders that only their owner may read: made so from the beginning, and corrected where they are not."""

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
    """What was found of some files and folders, and what is left."""

    corrected: tuple[Path, ...] = ()
    """Were open to other users of the machine, and are private now."""
    still_open: tuple[Path, ...] = ()
    """Are open to others all the same: they belong to somebody else, or their file system keeps no permissions."""
    owner: int | None = None
    """The user id of whoever the folder belongs to, where that is not the user of this process."""


def opener(path: str, flags: int) -> int:
    """For `open`: a new file is private. One that is there keeps its mode."""
    return os.open(path, flags, FILE)


def make_folder(folder: Path) -> None:
    """Make the folder, and those above it that are missing, all of them private. Raises: OSError."""
    if not folder.is_dir():
        if folder.parent != folder:
            make_folder(folder.parent)
        folder.mkdir(mode=FOLDER, exist_ok=True)


def make_file(path: Path) -> None:
    """Make an empty file where there is none. Raises: OSError."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE))


def write_text(path: Path, text: str) -> None:
    """Write a private file; one that is there is made private before it is written. Raises: OSError."""
    with open(path, "w", encoding="utf-8", opener=opener) as file:
        state = os.fstat(file.fileno())
        if stat.S_ISREG(state.st_mode) and state.st_mode & _OTHERS:
            os.fchmod(file.fileno(), stat.S_IMODE(state.st_mode) & ~_OTHERS)
        file.write(text)


def close(path: Path) -> bool:
    """Take the rights of other users from a file or folder, not through a link. False: it stays open to them."""
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode) or (stat.S_ISDIR(mode) and (mode & stat.S_ISVTX or path.parent == path)):
            return False
        path.chmod(stat.S_IMODE(mode) & ~_OTHERS)
        return not path.lstat().st_mode & _OTHERS
    except OSError:
        return False


def make_private(folder: Path, *, below: tuple[str, ...] = (), files: tuple[Path, ...] = ()) -> Privacy:
    """Take the rights of other users from the folder, the files in it, all that its folders `below` hold, and `files`.

    What is not there is passed over, and links within are neither followed nor changed. A folder that is no program's
    own, such as /tmp, is left as it is.
    """
    if os.name != "posix":
        return Privacy()
    folder = folder.resolve()
    corrected: list[Path] = []
    still_open: list[Path] = []
    named = (folder, *(file.resolve() for file in files))
    for path in dict.fromkeys((*named, *_within(folder, below))):
        if _is_open(path):
            (corrected if close(path) else still_open).append(path)
    if folder not in still_open:  # what is in a private folder cannot be reached
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
    """Whether it is a file or folder, no link, on which others have any right."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return False
    return bool(mode & _OTHERS) and (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
