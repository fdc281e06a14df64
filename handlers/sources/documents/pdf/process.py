"""Runs worker.py for a PDF, within limits of time, and returns the pages that it has read."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from handlers.answers.errors import UnreadableDocument
from handlers.sources.documents.pdf.page import About, Page, PageLine

_WORKER: Final = Path(__file__).with_name("worker.py")
_SECONDS: Final = 20
"""After this time the worker is stopped, and the pages that it has written are used."""
_WORKERS: Final = threading.BoundedSemaphore(2)
"""Workers at a time. Each may take most of a gigabyte of memory."""
_REASONS: Final = {
    "locked": "The PDF is protected by a password. Save it without a password and try again.",
    "encrypted": "The PDF is encrypted in a way that cannot be read. Save it without encryption and try again.",
    "heavy": "The PDF needs more memory than a single document may use.",
    "damaged": "The PDF is damaged and cannot be read.",
}
_FAULTS: Final = (signal.SIGABRT, signal.SIGILL, signal.SIGSEGV, signal.SIGTRAP, signal.SIGBUS)
_LINE_FIELDS: Final = tuple(field.name for field in fields(PageLine))


@dataclass(slots=True, eq=False)
class _Job:
    """A PDF that is being read or waits for a worker."""

    worker: subprocess.Popen[bytes] | None = None
    is_cancelled: bool = False

    def cancel(self) -> None:
        self.is_cancelled = True
        if self.worker is not None:
            self.worker.kill()


_JOBS: Final[set[_Job]] = set()


@dataclass(slots=True, kw_only=True)
class PdfContents:
    """What was read of a PDF."""

    about: About
    pages: list[Page] = field(default_factory=list)
    """Fewer than `about.page_count` if the document was too long for the time allowed."""


def read_contents(body: bytes) -> PdfContents:
    """Return the pages of a PDF. Waits up to twenty seconds for a separate process.

    Raises: UnreadableDocument.
    """
    job = _Job()
    _JOBS.add(job)
    try:
        output, has_crashed = _output(job, body)
    finally:
        _JOBS.discard(job)
    written = _written(output)
    pages = [_page(line) for line in written if "lines" in line]
    if not pages:
        error = next((str(line["error"]) for line in written if "error" in line), "heavy" if has_crashed else None)
        if error is None and written and written[0].get("page_count") == 0:
            error = "damaged"
        raise UnreadableDocument(_REASONS.get(error or "", "The PDF takes too long to read."))
    return PdfContents(about=About(**written[0]), pages=pages)


def end_workers() -> int:
    """Stop all workers, cancel the PDFs that wait for one, and return how many these are. For shutdown.

    Affected calls of `read_contents` use the pages read so far, or raise UnreadableDocument if there are none.
    """
    jobs = tuple(_JOBS)
    for job in jobs:
        job.cancel()
    return len(jobs)


def _output(job: _Job, body: bytes) -> tuple[bytes, bool]:
    """Return what the worker wrote until it finished or was stopped, and whether it ended by a fault.

    Pdfium ends the process when it gets no memory.
    """
    with _WORKERS:
        if job.is_cancelled:
            return b"", False
        with subprocess.Popen(  # noqa: S603 - our own program, with the document as its input
            [sys.executable, "-I", str(_WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            start_new_session=True,  # Ctrl-C for the bot does not interrupt the worker
        ) as worker:
            job.worker = worker
            try:
                if job.is_cancelled:  # while the worker was starting
                    worker.kill()
                output = worker.communicate(body, timeout=_SECONDS)[0]
                return output, -worker.returncode in _FAULTS
            except subprocess.TimeoutExpired:
                worker.kill()
                return worker.communicate()[0], False
            finally:
                worker.kill()


def _written(output: bytes) -> list[dict[str, Any]]:
    """Return the lines that the worker wrote. The last one may be incomplete if the worker was stopped."""
    lines = []
    for raw in output.splitlines():
        try:
            line = json.loads(raw)
        except ValueError:
            break
        lines.append(line)
    return lines


def _page(written: Mapping[str, Any]) -> Page:
    lines = [PageLine(**{name: line[name] for name in _LINE_FIELDS}) for line in written["lines"]]
    return Page(**{**written, "lines": lines})
