"""A separate program: reads a PDF from standard input and writes its pages as JSON lines to standard output.

A PDF can keep a parser busy for hours or exhaust the memory. This process has limits, and the bot survives its end.
"""

import contextlib
import json
import logging
import sys
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))  # python -I does not search the bot's own folder

from handlers.sources.documents.pdf.pages import PdfReader
from handlers.sources.documents.pdf.pdfium import PdfError

MEMORY: Final = 768 * 1024 * 1024
"""Bytes of address space."""
SECONDS: Final = 10
"""Seconds of processor time."""


def main() -> None:
    """Write a line about the document, then one line per page. A line with "error" says why there are no pages."""
    logging.disable(logging.CRITICAL)
    _limit()
    body = sys.stdin.buffer.read()
    try:
        with ExitStack() as stack:
            reader = PdfReader(body, stack)
            about = reader.about()
            _write(asdict(about))
            for page in reader.pages(about.page_count):
                _write(asdict(page))
    except PdfError as error:
        _write({"error": error.reason})
    except MemoryError:
        _write({"error": "heavy"})


def _limit() -> None:
    if sys.platform == "win32":
        return
    import resource

    for kind, most in ((resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, MEMORY)):
        with contextlib.suppress(ValueError, OSError):  # some systems do not support every limit
            resource.setrlimit(kind, (most, most))


def _write(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
