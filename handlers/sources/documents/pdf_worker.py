"""A separate program: reads a PDF from standard input and writes its pages as JSON lines to standard output.

A PDF can keep a parser busy for hours or exhaust the memory. This process has limits, and the bot survives its end.
"""

import contextlib
import io
import json
import logging
import sys
from collections import Counter
from typing import Any, Final

import pypdf
from pypdf.errors import DependencyError, PdfReadError, PyPdfError

MEMORY: Final = 768 * 1024 * 1024
"""Bytes of address space."""
SECONDS: Final = 10
"""Seconds of processor time."""
MOST_PAGES: Final = 200
MOST_CHARACTERS: Final = 2_000_000


def main() -> None:
    """Write a line about the document, then one line per page. A line with "error" says why there are no pages."""
    logging.disable(logging.CRITICAL)
    _limit()
    body = sys.stdin.buffer.read()
    try:
        _write_pages(body)
    except DependencyError:
        _write({"error": "locked"})
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OSError):
        _write({"error": "damaged"})
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


def _write_pages(body: bytes) -> None:
    reader = pypdf.PdfReader(io.BytesIO(body), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        _write({"error": "locked"})
        return
    about: Any = reader.metadata or {}
    _write({"pages": len(reader.pages)} | {name: _text(about, f"/{name.title()}") for name in ("title", "author")})
    left = MOST_CHARACTERS
    for number in range(min(len(reader.pages), MOST_PAGES)):
        sizes: list[tuple[float, str]] = []

        # pypdf's visitor: the text, the transformation and text matrices, the font and its size.
        def record(text: str, cm: Any, tm: Any, _: Any, size: float, /, sizes: list[tuple[float, str]] = sizes) -> None:
            if text.strip():
                scale = abs(float(tm[3]) or float(tm[1])) * abs(float(cm[3]) or float(cm[1]))
                sizes.append((round(float(size) * scale, 1), text))

        try:
            page = reader.pages[number]
            text = page.extract_text(visitor_text=record) if number == 0 else page.extract_text()
        except (PdfReadError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
            text = ""  # this page is damaged; the others may be readable
        text = text[:left]
        left -= len(text)
        _write({"text": text} | ({"headline": _largest(sizes)} if number == 0 else {}))
        if left <= 0:
            return


def _text(about: Any, name: str) -> str:
    value = about.get(name)
    return str(value)[:500] if isinstance(value, str) else ""


def _largest(sizes: list[tuple[float, str]]) -> str:
    """Return the text in the largest font if the font is larger than the usual one and the text is long enough."""
    if not sizes:
        return ""
    letters: Counter[float] = Counter()
    for size, text in sizes:
        letters[size] += len(text)
    usual = letters.most_common(1)[0][0]
    for size in sorted((size for size in letters if size > usual * 1.15), reverse=True):
        text = " ".join(" ".join(part for other, part in sizes if other == size).split())
        if len(text) >= 12:
            return text[:400]
    return ""


if __name__ == "__main__":
    main()
