"""Measures how well PDFs of many makers are read: the bot's reader beside pypdf, pdfminer.six and pdfium alone.

The words of a document in their order, words that are not in it, and processor time a page. Documents are made by the
makers that are installed (benchmarks/pdf_makers.py), or taken from a folder that they have filled.
.venv/bin/python -m benchmarks.pdf_quality [FOLDER] [--worst N]
"""

import argparse
import io
import logging
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pypdf
import pypdfium2
from pdfminer.high_level import extract_text

from benchmarks.pdf_documents import expected, score
from benchmarks.pdf_makers import make_documents
from handlers.answers.errors import UnreadableDocument
from handlers.drafts import ArticleDraft
from handlers.sources.documents.pdf.article import read_pdf

ENOUGH: Final = 0.95
_TIMED: Final = 12
"""Documents over which the processor time is measured."""
_WORKER: Final = """
import sys
from contextlib import ExitStack
from handlers.sources.documents.pdf.pages import PdfReader
import time
bodies = [open(path, "rb").read() for path in sys.argv[1:]]
begin, pages = time.process_time(), 0
with ExitStack() as stack:
    for body in bodies:
        reader = PdfReader(body, stack)
        pages += sum(1 for _ in reader.pages(reader.about().page_count))
print((time.process_time() - begin) / pages)
"""


@dataclass(frozen=True, slots=True)
class Result:
    """How well a reader has read a document."""

    in_order: float
    invented: float

    @property
    def is_right(self) -> bool:
        return self.in_order >= ENOUGH and self.invented == 0


def ours(body: bytes) -> str:
    """Return headline and text as the bot stores them."""
    drafts = (draft for draft in read_pdf(body, origin="a.pdf") if isinstance(draft, ArticleDraft))
    return "\n".join(f"{draft.title}\n{draft.text}" for draft in drafts)


def by_pypdf(body: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages)


def by_pdfminer(body: bytes) -> str:
    return extract_text(io.BytesIO(body))


def by_pdfium(body: bytes) -> str:
    document = pypdfium2.PdfDocument(body)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


READERS: Final[Mapping[str, Callable[[bytes], str]]] = {
    "Wirewatch": ours,
    "pypdf": by_pypdf,
    "pdfminer.six": by_pdfminer,
    "pdfium": by_pdfium,
}


def main() -> None:
    logging.disable(logging.CRITICAL)
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", nargs="?", type=Path)
    options.add_argument("--worst", type=int, default=10)
    arguments = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        if arguments.folder is None:
            for made in make_documents():
                (folder / f"{made.maker.split(' ')[0].lower()}-{made.language}.pdf").write_bytes(made.body)
        documents = sorted(folder.glob("*.pdf"))
        if not documents:
            sys.exit("There is no PDF, and none of the makers is installed: see benchmarks/pdf_makers.py.")
        results = {path.stem: _read(path) for path in documents}
        _print(results)
        for name, read in sorted(results.items(), key=lambda item: item[1]["Wirewatch"].in_order)[: arguments.worst]:
            print(f"{name:24} {read['Wirewatch'].in_order:6.1%} in order, {read['Wirewatch'].invented:5.1%} not in it")
        _print_times(documents[:: max(len(documents) // _TIMED, 1)])


def _read(path: Path) -> dict[str, Result]:
    language = path.stem.rpartition("-")[2]
    results = {}
    for name, reader in READERS.items():
        try:
            text = reader(path.read_bytes())
        except (UnreadableDocument, ValueError, KeyError, TypeError, IndexError, AttributeError):
            text = ""
        results[name] = Result(*score(expected(language), text))
    return results


def _print(results: Mapping[str, Mapping[str, Result]]) -> None:
    by_maker: defaultdict[str, list[Mapping[str, Result]]] = defaultdict(list)
    for name, read in results.items():
        by_maker[name.rpartition("-")[0]].append(read)
    print(f"{'':14}" + "".join(f"{name:>22}" for name in READERS))
    for maker, group in sorted(by_maker.items()):
        print(f"{maker:14}" + "".join(_cell([read[name] for read in group]) for name in READERS))
    print(f"{'all':14}" + "".join(_cell([read[name] for read in results.values()]) for name in READERS))


def _cell(group: Sequence[Result]) -> str:
    right = sum(result.is_right for result in group)
    return f"{statistics.mean(result.in_order for result in group):12.1%} ({right:2} of {len(group):2})"


def _print_times(documents: Sequence[Path]) -> None:
    """Print the processor time a page of our reader's process, without its start, and of pypdf."""
    command = [sys.executable, "-c", _WORKER, *map(str, documents)]
    own = float(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    begin, pages = time.process_time(), 0
    for path in documents:
        reader = pypdf.PdfReader(path)
        pages += sum(1 for page in reader.pages if page.extract_text() is not None)
    peer = (time.process_time() - begin) / pages
    print(f"{own * 1000:.1f} ms of processor time a page, pypdf {peer * 1000:.1f} ms: {own / peer:.2f} times as much")


if __name__ == "__main__":
    main()
