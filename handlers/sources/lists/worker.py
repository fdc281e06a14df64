"""A separate program: reads a list from standard input and writes its records to standard output.

Lists have up to 130 MB and come from outside. This process has limits, and the bot survives its end. Each line of the
output is one record: a word for what it is, then for an entry its key, its digest and its contents as JSON, separated
by tabs.
"""

import contextlib
import json
import logging
import sys
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))  # python -I does not search the bot's own folder

from handlers.answers.errors import UnreadableDocument
from handlers.sources.lists.compare import digest
from handlers.sources.lists.edition import About, StatedChange, Unreadable
from handlers.sources.lists.entry import ListEntry
from handlers.sources.lists.formats import HEAD, format_of

MEMORY: Final = 768 * 1024 * 1024
"""Bytes of address space, of which a reader uses less than a third."""
SECONDS: Final = 240
"""Seconds of processor time."""
_NOT_A_LIST: Final = "The address no longer answers with a list that I can read."


def main() -> None:
    """Write the format, then the records. A line "error" says for people why there are no more."""
    logging.disable(logging.CRITICAL)
    _limit()
    stream = sys.stdin.buffer
    try:
        format = format_of(_head())
        if format is None:
            _write("error", _NOT_A_LIST)
            return
        _write("format", format.id)
        for record in format.read(stream):
            match record:
                case ListEntry():
                    _write("entry", record.key, digest(record), json.dumps(record.as_stored(), ensure_ascii=False))
                case StatedChange():
                    _write("change", record.entry.key, record.action, json.dumps(_change(record), ensure_ascii=False))
                case Unreadable():
                    _write("unreadable", record.key)
                case About():
                    _write("about", record.dated, record.layout)
        _write("end")
    except UnreadableDocument as error:
        _write("error", str(error))
    except MemoryError:
        _write("error", "The list needs more memory than a list may use.")


def _head() -> bytes:
    head = sys.stdin.buffer.read(HEAD)
    sys.stdin.buffer.seek(0)
    return head


def _change(change: StatedChange) -> dict[str, Any]:
    dropped = None if change.dropped is None else change.dropped.as_stored()
    return {"entry": change.entry.as_stored(), "dropped": dropped}


def _limit() -> None:
    if sys.platform == "win32":
        return
    import resource

    for kind, most in ((resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, MEMORY)):
        with contextlib.suppress(ValueError, OSError):  # some systems do not support every limit
            resource.setrlimit(kind, (most, most))


def _write(*fields: str) -> None:
    line = "\t".join(field.replace("\t", " ").replace("\n", " ") for field in fields)
    sys.stdout.buffer.write(line.encode("utf-8", "replace") + b"\n")


if __name__ == "__main__":
    main()
