"""Reads the article of a PDF, with the page on which each paragraph begins."""

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
from handlers.sources.documents.assemble import assemble_text
from handlers.sources.documents.comparison import letters_of
from handlers.sources.documents.front_matter import is_web_url
from handlers.sources.documents.header import LONGEST_TITLE
from handlers.sources.documents.plain_text import blocks_of
from handlers.sources.text.block import Block
from handlers.sources.text.encoding import one_line, tidy
from handlers.sources.text.language import agreed_language

_WORKER: Final = Path(__file__).with_name("pdf_worker.py")
_SECONDS: Final = 20
"""After this time the worker is stopped, and the pages that it has written are used."""
_WORKERS: Final = threading.BoundedSemaphore(2)
"""Workers at a time. Each may take most of a gigabyte of memory."""
_REASONS: Final = {
    "locked": "The PDF is protected by a password. Save it without a password and try again.",
    "heavy": "The PDF needs more memory than a single document may use.",
    "damaged": "The PDF is damaged and cannot be read.",
}
_EDGE: Final = 2
"""Lines at the top and at the bottom of a page that may be a running header or footer."""
_NARROWEST: Final = 25
"""Characters in a line of the narrowest column."""
_TITLE_LINES: Final = 12
_NOT_TITLE: Final = re.compile(r"microsoft word|untitled|\.(?:docx?|pdf|indd|qxd|rtf|odt)\b|^\W*\d+\W*$", re.IGNORECASE)
_HYPHEN: Final = re.compile(r"(?P<first>[^\W\d_]+)[-\u2010]\n(?P<second>[^\W\d_]+)(?P<rest>\S*) ?")
_URL: Final = re.compile(r"https?://\S+")
_STOP: Final = re.compile(r"""[.!?:;。！？…][”"'’»)\]]*$""")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Contents:
    title: str
    author: str
    headline: str
    """The text in the largest font of the first page."""
    pages: tuple[str, ...]
    """The text of each page."""


def read_pdf(body: bytes, *, origin: str) -> ArticleDraft:
    """Return the article, including its `pages`.

    Waits up to twenty seconds for a separate process, so call it in a thread.

    Raises: UnreadableDocument.
    """
    contents = _read_contents(body)
    pages, running = _without_running_lines(contents.pages)
    paragraphs = _paragraphs(pages)
    if not paragraphs:
        raise UnreadableDocument("The PDF contains no text. It may be a scan or consist of pictures.")
    title = _title(contents, [block.text for block, _ in paragraphs])
    blocks = _without_title([block for block, _ in paragraphs], title)
    draft = assemble_text(blocks, origin=origin, title=title)
    author = one_line(contents.author)
    return replace(
        draft,
        author=draft.author or (author if 3 < len(author) <= 80 and " " in author else None),
        url=draft.url or next((url for line in running if (url := _printed_url(line))), None),
        language=agreed_language(None, draft.title, draft.text),
        pages=_page_numbers(draft.text, paragraphs),
    )


def end_workers() -> int:
    """Stop all workers, cancel the PDFs that wait for one, and return how many these are. For shutdown.

    Affected calls of `read_pdf` use the pages read so far, or raise UnreadableDocument if there are none.
    """
    jobs = tuple(_JOBS)
    for job in jobs:
        job.cancel()
    return len(jobs)


def _read_contents(body: bytes) -> _Contents:
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
    return _Contents(
        title=one_line(str(about.get("title") or "")),
        author=str(about.get("author") or ""),
        headline=one_line(headline),
        pages=tuple(tidy(page) for page in pages),
    )


def _output(job: _Job, body: bytes) -> bytes:
    """Return what the worker wrote until it finished or was stopped."""
    with _WORKERS:
        if job.is_cancelled:
            return b""
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
                return worker.communicate(body, timeout=_SECONDS)[0]
            except subprocess.TimeoutExpired:
                worker.kill()
                return worker.communicate()[0]
            finally:
                worker.kill()


def _lines(output: bytes) -> list[dict[str, Any]]:
    """Return the lines that the worker wrote. The last one may be incomplete if the worker was stopped."""
    lines = []
    for raw in output.splitlines():
        try:
            line = json.loads(raw)
        except ValueError:
            break
        lines.append(line)
    return lines


def _without_running_lines(pages: Sequence[str]) -> tuple[list[list[str]], list[str]]:
    """Return the lines of each page without page numbers, running headers and footers; and the lines removed."""
    split = [page.split("\n") for page in pages]
    edges: Counter[str] = Counter()
    for lines in split:
        edges.update({_masked(line) for line in _edge_lines(lines)})
    often = max(2, len(pages) // 2)
    running: dict[str, None] = {}
    rest = []
    for lines in split:
        drop = {
            line
            for line in _edge_lines(lines)
            if (len(pages) > 1 and edges[_masked(line)] >= often) or not re.search(r"[^\W\d_]", line)
        }
        running.update(dict.fromkeys(drop))
        rest.append([line for line in lines if line not in drop])
    return rest, list(running)


def _edge_lines(lines: Sequence[str]) -> list[str]:
    full = [line for line in lines if line.strip()]
    return [*full[:_EDGE], *full[-_EDGE:]] if len(full) > 2 * _EDGE else full[:1] if len(full) == 1 else []


def _masked(line: str) -> str:
    """Return the line with every number replaced, so that running lines with page numbers are equal."""
    return re.sub(r"\d+", "0", line)


def _paragraphs(pages: Sequence[Sequence[str]]) -> list[tuple[Block, int]]:
    """Return each paragraph with the page on which it begins. A paragraph across two pages is joined."""
    words = Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", "\n".join("\n".join(lines) for lines in pages).casefold()))
    width = _width(pages)
    paragraphs: list[tuple[Block, int]] = []
    for number, lines in enumerate(pages, 1):
        text = _HYPHEN.sub(lambda word: _rejoin(word, words), "\n".join(lines))
        for position, block in enumerate(blocks_of(text, width=width)):
            continues = (
                position == 0
                and paragraphs
                and not block.bullet
                and block.text[:1].islower()
                and not _STOP.search(paragraphs[-1][0].text)
            )
            if continues:
                before, page = paragraphs[-1]
                paragraphs[-1] = (replace(before, text=f"{before.text} {block.text}"), page)
            else:
                paragraphs.append((block, number))
    return paragraphs


def _width(pages: Sequence[Sequence[str]]) -> int | None:
    """Return the length that nine of ten lines do not exceed, because letters differ in width. None if it is small."""
    lengths = sorted(len(line) for lines in pages for line in lines if line.strip())
    width = lengths[len(lengths) * 9 // 10] if lengths else 0
    return width if width >= _NARROWEST else None


def _rejoin(word: re.Match[str], words: Counter[str]) -> str:
    """Join a word that a line's end divides. The hyphen remains if the document has it in this word elsewhere."""
    first, second = word["first"], word["second"]
    joined, hyphenated = f"{first}{second}".casefold(), f"{first}-{second}".casefold()
    if second[:1].isupper() or words[hyphenated] > words[joined]:
        first += "-"
    return f"{first}{second}{word['rest']}\n"


def _title(contents: _Contents, paragraphs: Sequence[str]) -> str | None:
    """Return the largest text of the first page, else the title in the metadata, if the text contains it."""
    start = letters_of(" ".join(paragraphs[:20]))
    for title in (contents.headline, contents.title):
        if 8 <= len(title) <= LONGEST_TITLE and not _NOT_TITLE.search(title) and letters_of(title) in start:
            return title
    return None


def _without_title(blocks: Sequence[Block], title: str | None) -> list[Block]:
    """Return the blocks without the lines of the headline, which may be several."""
    for start in range(min(len(blocks), _TITLE_LINES)):
        for end in range(start + 1, min(start + _TITLE_LINES, len(blocks)) + 1):
            if title and letters_of("".join(block.text for block in blocks[start:end])) == letters_of(title):
                return [*blocks[:start], *blocks[end:]]
    return list(blocks)


def _printed_url(line: str) -> str | None:
    """Return the URL that browsers print below a web page; None if it is shortened."""
    match = _URL.search(line)
    url = match[0] if match else ""
    return url if is_web_url(url) and "…" not in url and "..." not in url else None


def _page_numbers(text: str, paragraphs: Sequence[tuple[Block, int]]) -> tuple[int, ...]:
    """Return the page of each paragraph of `text`, which may lack some `paragraphs` and the beginning of others."""
    page_of: dict[str, int] = {}
    for block, page in paragraphs:
        page_of.setdefault(block.text, page)
    pages: list[int] = []
    for paragraph in text.split("\n\n") if text else ():
        page = page_of.get(paragraph) or next((page for block, page in paragraphs if paragraph in block.text), 0)
        pages.append(page or (pages[-1] if pages else 1))
    return tuple(pages)
