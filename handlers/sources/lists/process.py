"""Runs worker.py for the file of a list, within limits of time and memory, and yields its records."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import IO, Final

from handlers.answers.errors import UnreadableDocument
from handlers.sources.lists.edition import Action, ListFormat, StatedChange
from handlers.sources.lists.entry import ListEntry
from handlers.sources.lists.formats import format_by_id

_WORKER: Final = Path(__file__).with_name("worker.py")
_TIME: Final = timedelta(minutes=4)
_LONGEST_LINE: Final = 8 * 1024 * 1024
_MOST_ENTRIES: Final = 200_000
_LONGEST_KEY: Final = 300
_WORKERS: Final = asyncio.Semaphore(1)
"""Lists that are read at the same time."""


@dataclass(slots=True, kw_only=True)
class Edition:
    """An edition of a list, as far as it differs from what is known."""

    format: ListFormat
    dated: str = ""
    """YYYY-MM-DD, or empty."""
    layout: str = ""
    digests: dict[str, str] = field(default_factory=dict)
    """The digest of each entry, by key."""
    contents: dict[str, str] = field(default_factory=dict)
    """Each entry that is new or has another digest than the known one, as JSON by key."""
    changes: list[StatedChange] = field(default_factory=list)
    """Of a change file: its changes."""
    unreadable: int = 0
    """Records in which no name was understood."""


async def read_edition(file: IO[bytes], *, known: dict[str, str]) -> Edition:
    """Return the edition in the file. `known`: the digests of the last edition, by key.

    Cancelling the call ends the process. Raises: UnreadableDocument.
    """
    edition: Edition | None = None
    has_ended = False
    async with _WORKERS, aclosing(_lines(file)) as lines:
        async for raw in lines:
            kind, *fields = raw.decode("utf-8", "replace").rstrip("\n").split("\t")
            if kind == "format" and (format := format_by_id(fields[0])) is not None:
                edition = Edition(format=format)
            elif kind == "error":
                raise UnreadableDocument(fields[0])
            elif kind == "end":
                has_ended = True
            elif edition is not None:
                _add(edition, kind, fields, known)
    if edition is None or not has_ended:
        raise UnreadableDocument("The list takes too long to read, or too much memory.")
    return edition


def _add(edition: Edition, kind: str, fields: list[str], known: dict[str, str]) -> None:
    match kind:
        case "entry" if len(fields[0]) > _LONGEST_KEY:
            edition.unreadable += 1
        case "entry":
            key, digest, content = fields
            edition.digests[key] = digest
            if known.get(key) != digest:
                edition.contents[key] = content
            if len(edition.digests) > _MOST_ENTRIES:
                raise UnreadableDocument(f"The list has more than {_MOST_ENTRIES:,} entries.")
        case "change":
            _, action, content = fields
            values = json.loads(content)
            dropped = values["dropped"]
            edition.changes.append(
                StatedChange(
                    action=Action(action),
                    entry=ListEntry.from_stored(values["entry"]),
                    dropped=None if dropped is None else ListEntry.from_stored(dropped),
                )
            )
        case "unreadable":
            edition.unreadable += 1
        case "about":
            edition.dated, edition.layout = fields[0] or edition.dated, fields[1] or edition.layout


async def _lines(file: IO[bytes]) -> AsyncGenerator[bytes, None]:
    """Yield the lines that the worker writes until it ends or its time is over."""
    worker = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(_WORKER),
        stdin=file,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},
        start_new_session=True,  # Ctrl-C for the bot does not interrupt the worker
        limit=_LONGEST_LINE,
    )
    try:
        deadline = asyncio.get_running_loop().time() + _TIME.total_seconds()
        while worker.stdout is not None and (left := deadline - asyncio.get_running_loop().time()) > 0:
            line = await asyncio.wait_for(worker.stdout.readline(), left)
            if not line:
                return
            yield line
    except (TimeoutError, ValueError):  # too slow, or a line that is too long
        return
    finally:
        if worker.returncode is None:
            worker.kill()
        await worker.wait()
