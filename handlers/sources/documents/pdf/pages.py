"""Reads the pages of a PDF with the reader whose text is plausible. Runs in the process of worker.py."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from typing import Final

from handlers.sources.documents.pdf.clusters import with_whole_syllables
from handlers.sources.documents.pdf.glyphs import Glyph, PageGlyphs
from handlers.sources.documents.pdf.lines import lines_of
from handlers.sources.documents.pdf.page import About, Page
from handlers.sources.documents.pdf.pdfium import PdfError, PdfiumDocument, open_pdfium
from handlers.sources.documents.pdf.plausibility import is_plausible
from handlers.sources.documents.pdf.second import FAILURES, SecondReader, fill_unknown

MOST_PAGES: Final = 200
MOST_CHARACTERS: Final = 2_000_000
MOST_LINES: Final = 40_000
_FEWEST_LETTERS: Final = 40
"""Letters of a page with pictures that has a text of its own. Scans may have the number of the page."""


class PdfReader:
    """The pages of a document. Raises PdfError if no reader opens it."""

    def __init__(self, body: bytes, stack: ExitStack) -> None:
        self._second = SecondReader(body)
        self._pdfium: PdfiumDocument | None = None
        try:
            self._pdfium = stack.enter_context(open_pdfium(body))
        except PdfError as error:
            if error.reason != "damaged":
                raise
            try:
                self._second.page_count()
            except FAILURES:
                raise error from None

    def about(self) -> About:
        """Return what the file says of itself."""
        if self._pdfium is None:
            return About(page_count=self._second.page_count())
        return About(
            page_count=self._pdfium.page_count,
            title=self._pdfium.metadata("Title"),
            author=self._pdfium.metadata("Author"),
        )

    def pages(self, count: int) -> Iterator[Page]:
        """Yield the first pages, as many as `count` and at most MOST_PAGES. A damaged page has no lines."""
        characters = lines = 0
        for number in range(min(count, MOST_PAGES)):
            page = self._page(number)
            characters += sum(len(line.text) for line in page.lines)
            lines += len(page.lines)
            if characters > MOST_CHARACTERS or lines > MOST_LINES:
                return
            yield page

    def _page(self, number: int) -> Page:
        first = self._by_pdfium(number)
        if first is not None and first.is_plausible and (first.lines or first.hidden):
            return first
        second = self._by_second(number)
        if second is not None and second.is_plausible and (second.lines or first is None):
            return second
        result = first or second or Page(number=number + 1, width=0, height=0)
        if not result.is_plausible:
            result.lines = []
        return result

    def _by_pdfium(self, number: int) -> Page | None:
        if self._pdfium is None:
            return None
        try:
            glyphs = self._pdfium.page(number)
        except PdfError:
            return None
        if any(not glyph.is_known for glyph in glyphs.glyphs):
            with suppress(*FAILURES):
                fill_unknown(glyphs, self._second.page(number))
            glyphs.glyphs = with_whole_syllables(glyphs.glyphs)
        return _judged(number, glyphs)

    def _by_second(self, number: int) -> Page | None:
        try:
            return _judged(number, self._second.page(number))
        except FAILURES:
            return None


def _unknown_in_words(glyphs: Sequence[Glyph]) -> int:
    """Return how many glyphs without a character are in words, or make up most of the page.

    The dots, boxes and arrows of a form may be in a font that does not name them, while its letters are known.
    """
    unknown = sum(not glyph.is_known for glyph in glyphs)
    if unknown * 2 > len(glyphs):
        return unknown
    beside_letters = 0
    for before, glyph, after in zip(glyphs, glyphs[1:], glyphs[2:], strict=False):
        if not glyph.is_known and (before.text.isalpha() or after.text.isalpha()):
            beside_letters += before.source == glyph.source or after.source == glyph.source
    return beside_letters


def _judged(number: int, glyphs: PageGlyphs) -> Page:
    lines = lines_of(glyphs.glyphs)
    text = "\n".join(line.text for line in lines)
    return Page(
        number=number + 1,
        width=glyphs.width,
        height=glyphs.height,
        lines=lines,
        hidden=" ".join("".join(glyphs.hidden).split())[:500],
        is_plausible=is_plausible(text, unknown=_unknown_in_words(glyphs.glyphs)),
        is_picture=glyphs.is_picture and sum(map(str.isalpha, text)) < _FEWEST_LETTERS,
    )
