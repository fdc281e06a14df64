"""A PDF to its article, with the page on which each paragraph begins."""

import json
import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from handlers.answers.errors import UnreadableDocument
from handlers.drafts import ArticleDraft
from handlers.sources.documents.assemble import assemble
from handlers.sources.documents.front_matter import is_address
from handlers.sources.documents.header import LONGEST_TITLE, Block, letters
from handlers.sources.documents.plain_text import blocks_of
from handlers.sources.text.encoding import one_line, tidy
from handlers.sources.text.language import agreed_language

_WORKER: Final = Path(__file__).with_name("pdf_worker.py")
_SECONDS: Final = 20
"""After which the worker is ended; the pages that it gave by then are read."""
_AT_ONCE: Final = threading.BoundedSemaphore(2)
"""Workers at a time: each may take most of a gigabyte."""
_REASONS: Final = {
    "locked": "The PDF is protected by a password. Save it without one and try again.",
    "heavy": "The PDF needs more memory than one document may have.",
    "damaged": "The PDF is damaged and cannot be read.",
}
_EDGE: Final = 2
"""Lines at the top and the bottom of a page that may be its running head or foot."""
_NARROWEST: Final = 25
"""Characters of a column's line."""
_TITLE_LINES: Final = 12
_MADE_BY: Final = re.compile(r"microsoft word|untitled|\.(?:docx?|pdf|indd|qxd|rtf|odt)\b|^\W*\d+\W*$", re.IGNORECASE)
_HYPHEN: Final = re.compile(r"(?P<first>[^\W\d_]+)[-\u2010]\n(?P<second>[^\W\d_]+)(?P<rest>\S*) ?")
_PRINTED_FROM: Final = re.compile(r"https?://\S+")
_STOP: Final = re.compile(r"""[.!?:;。！？…][”"'’»)\]]*$""")


@dataclass(slots=True, eq=False)
class _Job:
    """One that is read, or that waits to be."""

    worker: subprocess.Popen[bytes] | None = None
    is_ended: bool = False

    def end(self) -> None:
        self.is_ended = True
        if self.worker is not None:
            self.worker.kill()


_JOBS: Final[set[_Job]] = set()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Printed:
    title: str
    author: str
    headline: str
    """What is set largest on the first page."""
    pages: tuple[str, ...]


def read_pdf(body: bytes, *, origin: str) -> ArticleDraft:
    """The article, its `pages` filled. Takes up to twenty seconds in a process of its own: call it in a thread.

    Raises: UnreadableDocument.
    """
    printed = _printed(body)
    pages, running = _without_running_lines(printed.pages)
    paragraphs = _paragraphs(pages)
    if not paragraphs:
        raise UnreadableDocument("The PDF has no text in it: it is a scan or consists of pictures.")
    title = _title(printed, [block.text for block, _ in paragraphs])
    blocks = _without_title([block for block, _ in paragraphs], title)
    draft = assemble(blocks, origin=origin, title=title)
    author = one_line(printed.author)
    return replace(
        draft,
        author=draft.author or (author if 3 < len(author) <= 80 and " " in author else None),
        url=draft.url or next((url for line in running if (url := _address(line))), None),
        language=agreed_language(None, draft.title, draft.text),
        pages=_pages_of(draft.text, paragraphs),
    )


def end_workers() -> int:
    """End what is being read or waits for it, and tell how many: for a bot that stops and has waited long enough.

    Who still waits for a document is told that it takes too long, or has its pages so far.
    """
    jobs = tuple(_JOBS)
    for job in jobs:
        job.end()
    return len(jobs)


def _printed(body: bytes) -> _Printed:
    job = _Job()
    _JOBS.add(job)
    try:
        output = _output(job, body)
    finally:
        _JOBS.discard(job)
    lines = _lines(output)
    error = next((str(line["error"]) for line in lines if "error" in line), None)
    pages = tuple(str(line["text"]) for line in lines if "text" in line)
    if not pages:
        raise UnreadableDocument(_REASONS.get(error or "", "The PDF takes too long to read."))
    about = lines[0]
    headline = next((str(line["headline"]) for line in lines if "headline" in line), "")
    return _Printed(
        title=one_line(str(about.get("title") or "")),
        author=str(about.get("author") or ""),
        headline=one_line(headline),
        pages=tuple(tidy(page) for page in pages),
    )


def _output(job: _Job, body: bytes) -> bytes:
    """What the worker wrote until it ended or was ended."""
    with _AT_ONCE:
        if job.is_ended:
            return b""
        with subprocess.Popen(  # noqa: S603 - our own program; the document is its input
            [sys.executable, "-I", str(_WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            start_new_session=True,  # a Ctrl-C meant for the bot does not cut a document short
        ) as worker:
            job.worker = worker
            try:
                if job.is_ended:  # while it was started
                    worker.kill()
                return worker.communicate(body, timeout=_SECONDS)[0]
            except subprocess.TimeoutExpired:
                worker.kill()
                return worker.communicate()[0]
            finally:
                worker.kill()


def _lines(output: bytes) -> list[dict[str, Any]]:
    """The worker's lines; its last may be cut off where it was ended."""
    found = []
    for raw in output.splitlines():
        try:
            line = json.loads(raw)
        except ValueError:
            break
        found.append(line)
    return found


def _without_running_lines(pages: Sequence[str]) -> tuple[list[list[str]], list[str]]:
    """The lines of each page without its number and what stands on every page; and those lines."""
    split = [page.split("\n") for page in pages]
    edges: Counter[str] = Counter()
    for lines in split:
        edges.update({_masked(line) for line in _edge_lines(lines)})
    often = max(2, len(pages) // 2)
    running: dict[str, None] = {}
    kept = []
    for lines in split:
        drop = {
            line
            for line in _edge_lines(lines)
            if (len(pages) > 1 and edges[_masked(line)] >= often) or not re.search(r"[^\W\d_]", line)
        }
        running.update(dict.fromkeys(drop))
        kept.append([line for line in lines if line not in drop])
    return kept, list(running)


def _edge_lines(lines: Sequence[str]) -> list[str]:
    full = [line for line in lines if line.strip()]
    return [*full[:_EDGE], *full[-_EDGE:]] if len(full) > 2 * _EDGE else full[:1] if len(full) == 1 else []


def _masked(line: str) -> str:
    return re.sub(r"\d+", "0", line)


def _paragraphs(pages: Sequence[Sequence[str]]) -> list[tuple[Block, int]]:
    """Each paragraph with the page on which it begins. One that a page's end cuts through is one."""
    words = Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", "\n".join("\n".join(lines) for lines in pages).casefold()))
    width = _width(pages)
    found: list[tuple[Block, int]] = []
    for number, lines in enumerate(pages, 1):
        text = _HYPHEN.sub(lambda cut: _rejoined(cut, words), "\n".join(lines))
        for place, block in enumerate(blocks_of(text, width=width)):
            goes_on = (
                place == 0
                and found
                and not block.bullet
                and block.text[:1].islower()
                and not _STOP.search(found[-1][0].text)
            )
            if goes_on:
                before, page = found[-1]
                found[-1] = (replace(before, text=f"{before.text} {block.text}"), page)
            else:
                found.append((block, number))
    return found


def _width(pages: Sequence[Sequence[str]]) -> int | None:
    """The length of its longer lines: letters are not equally wide, so the longest tells too much."""
    lengths = sorted(len(line) for lines in pages for line in lines if line.strip())
    width = lengths[len(lengths) * 9 // 10] if lengths else 0
    return width if width >= _NARROWEST else None


def _rejoined(cut: re.Match[str], words: Counter[str]) -> str:
    """A word that a line's end divided; its hyphen stays where the document writes the word with one elsewhere."""
    first, second = cut["first"], cut["second"]
    whole, hyphened = f"{first}{second}".casefold(), f"{first}-{second}".casefold()
    if second[:1].isupper() or words[hyphened] > words[whole]:
        first += "-"
    return f"{first}{second}{cut['rest']}\n"


def _title(printed: _Printed, paragraphs: Sequence[str]) -> str | None:
    """The largest words of the first page, else the title that the file names, where the text has it too."""
    first = letters(" ".join(paragraphs[:20]))
    for said in (printed.headline, printed.title):
        if 8 <= len(said) <= LONGEST_TITLE and not _MADE_BY.search(said) and letters(said) in first:
            return said
    return None


def _without_title(blocks: Sequence[Block], title: str | None) -> list[Block]:
    """Without the lines over which the headline is set."""
    for start in range(min(len(blocks), _TITLE_LINES)):
        for end in range(start + 1, min(start + _TITLE_LINES, len(blocks)) + 1):
            if title and letters("".join(block.text for block in blocks[start:end])) == letters(title):
                return [*blocks[:start], *blocks[end:]]
    return list(blocks)


def _address(line: str) -> str | None:
    """Where a printed web page came from, as browsers set it at the foot; None for one that they cut off."""
    found = _PRINTED_FROM.search(line)
    url = found[0] if found else ""
    return url if is_address(url) and "…" not in url and "..." not in url else None


def _pages_of(text: str, paragraphs: Sequence[tuple[Block, int]]) -> tuple[int, ...]:
    """The page of each paragraph of the text, which are a choice of the document's, some without their beginning."""
    known: dict[str, int] = {}
    for block, page in paragraphs:
        known.setdefault(block.text, page)
    pages: list[int] = []
    for paragraph in text.split("\n\n") if text else ():
        page = known.get(paragraph) or next((page for block, page in paragraphs if paragraph in block.text), 0)
        pages.append(page or (pages[-1] if pages else 1))
    return tuple(pages)
