"""A file in the inbox: whether it is complete, its drafts, and its move to done/ or failed/."""

import errno
import hashlib
import os
import signal
import stat
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from handlers.answers.errors import UnreadableDocument
from handlers.drafts import ArticleDraft, Draft, FailedDraft
from handlers.sources.documents.document import MAX_DOCUMENT_BYTES, read_document, too_large
from handlers.sources.text.encoding import one_line
from storage.private_files import make_folder, make_path_private, write_text

_UNFINISHED: Final = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".swp", ".filepart", "~")


@dataclass(frozen=True, slots=True)
class Stamp:
    """The size, modification time and inode of a file. A file whose stamp changes is still being written."""

    size: int
    changed_ns: int
    inode: int


def read_path(path: Path) -> tuple[Draft, ...]:
    """Return the drafts in the file. Their keys derive from its name and content: the same file twice is one arrival.

    Raises: UnreadableDocument; OSError if the file cannot be opened.
    """
    with path.open("rb") as file:
        state = os.fstat(file.fileno())
        if stat.S_ISDIR(state.st_mode):
            raise UnreadableDocument("This is a folder, not a document.")
        if state.st_size > MAX_DOCUMENT_BYTES:
            raise UnreadableDocument(too_large(state.st_size))
        body = file.read(MAX_DOCUMENT_BYTES + 1)
    drafts = read_document(body, content_type=None, name=one_line(path.name))
    return _with_keys(drafts, _key(path.name, body))


def read_once(path: Path, stamp: Stamp) -> tuple[tuple[Draft, ...] | None, str | None]:
    """Return the drafts in the file, and the reason if it must move to failed/. The drafts are None if it changed.

    Raises: FileNotFoundError.
    """
    key = _key(path.name, repr(stamp).encode())
    reason: str | None = None
    drafts: tuple[Draft, ...] = ()
    try:
        if path.is_symlink():
            raise UnreadableDocument("This is a symbolic link, which is not followed. Put the file itself here.")
        if stamp.size > MAX_DOCUMENT_BYTES:
            raise UnreadableDocument(too_large(stamp.size))
        body = _read_bytes(path)
        after = path.lstat()
        if Stamp(after.st_size, after.st_mtime_ns, after.st_ino) != stamp:
            return None, None
        key = _key(path.name, body)
        drafts = _with_keys(read_document(body, content_type=None, name=one_line(path.name)), key)
        failures = [draft.reason for draft in drafts if isinstance(draft, FailedDraft)]
        if not any(isinstance(draft, ArticleDraft) for draft in drafts):
            reason = " ".join(dict.fromkeys(failures)) or "There is no article in this document."
    except UnreadableDocument as error:
        reason = str(error)
    except FileNotFoundError:
        raise
    except OSError as error:
        reason = f"The file cannot be opened: {error.strerror or error}"
    if reason and not drafts:
        drafts = (FailedDraft(origin=one_line(path.name), reason=reason, key=key),)
    return drafts, reason


def _read_bytes(path: Path) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        return file.read(MAX_DOCUMENT_BYTES + 1)


def _key(name: str, body: bytes) -> str:
    named = name.encode("utf-8", errors="surrogateescape")
    return "drop:" + hashlib.sha256(len(named).to_bytes(4, "big") + named + body).hexdigest()[:48]


def _with_keys(drafts: Sequence[Draft], key: str) -> tuple[Draft, ...]:
    """Give each draft of a document its own key, which is the same each time the document is read."""
    return tuple(replace(draft, key=f"{key}#{number}" if number else key) for number, draft in enumerate(drafts))


def is_unfinished(name: str) -> bool:
    """Return whether the name is that of a hidden file, or one that programs give to files they are still writing."""
    return name.startswith((".", "~")) or name.lower().endswith(_UNFINISHED) or name in ("done", "failed")


def is_open_for_writing(path: Path) -> bool | None:
    """Return whether a process has the file open for writing, or None if the system does not tell. Only Linux does.

    A read lease is refused while a writer has the file open: https://man7.org/linux/man-pages/man2/F_GETLEASE.2const.html
    """
    if sys.platform != "linux":
        return None
    import fcntl

    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        # A writer that opens the file now causes this signal, which is ignored by default. SIGIO would end the process.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:  # EINVAL and others: no leases on this file system, or another owner
        return True if error.errno == errno.EAGAIN else None
    finally:
        os.close(descriptor)
    return False


def move_away(path: Path, reason: str | None, now: datetime) -> None:
    """Move the file to done/, or to failed/ with its reason, and make it private. A name in use gets a number."""
    folder = path.parent / ("failed" if reason else "done")
    make_folder(folder)
    target = folder / path.name
    number = 1
    while os.path.lexists(target) or _is_failed_file(Path(f"{target}.why")):
        number += 1
        target = folder / f"{path.stem}-{number}{path.suffix}"
    if reason:
        write_text(Path(f"{target}.why"), f"{reason}\n\n{one_line(path.name)}, {now:%Y-%m-%d %H:%M} UTC\n")
    make_path_private(path)  # another program created it, perhaps readable by everybody
    path.rename(target)


def _is_failed_file(path: Path) -> bool:
    """Return whether a file of this name failed. A reason without its file was left by a crash and is overwritten."""
    return os.path.lexists(path) and os.path.lexists(f"{path}.why")
