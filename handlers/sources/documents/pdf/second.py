"""Reads the characters of a PDF with pdfminer.six, for pages and characters that pdfium does not read."""

import io
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar, LTContainer, LTPage
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.psexceptions import PSException

from handlers.sources.documents.pdf.glyphs import Glyph, PageGlyphs
from handlers.sources.documents.pdf.scripts import standard_form

FAILURES: Final = (
    *(PDFException, PSException, ValueError, KeyError, TypeError, IndexError, AttributeError),
    *(RecursionError, OSError, AssertionError, ZeroDivisionError, OverflowError),
)
"""What pdfminer raises for a damaged file."""
_UNKNOWN: Final = "(cid:"
_NEAR: Final = 0.75
"""Points between the places that the two libraries give for the same glyph."""


class SecondReader:
    """Reads single pages of a document. Opens it when the first page is asked for."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._pages: list[PDFPage] | None = None
        self._resources = PDFResourceManager()

    def page_count(self) -> int:
        """Return how many pages the document has. Raises: FAILURES."""
        return len(self._opened())

    def page(self, number: int) -> PageGlyphs:
        """Return the characters of a page, counted from 0. Raises: FAILURES."""
        device = PDFPageAggregator(self._resources, laparams=None)
        PDFPageInterpreter(self._resources, device).process_page(self._opened()[number])
        layout: LTPage = device.get_result()
        result = PageGlyphs(width=layout.width, height=layout.height)
        for source, character in enumerate(_characters(layout)):
            glyph = _glyph(character, source)
            middle = (glyph.left + glyph.right) / 2
            if glyph.turn == 0 and not (0 <= middle <= layout.width and 0 <= glyph.y <= layout.height):
                result.hidden.append(glyph.text)
            else:
                result.glyphs.append(glyph)
        return result

    def _opened(self) -> list[PDFPage]:
        if self._pages is None:
            document = PDFDocument(PDFParser(io.BytesIO(self._body)))
            self._pages = list(PDFPage.create_pages(document))
        return self._pages


def fill_unknown(page: PageGlyphs, second: PageGlyphs) -> None:
    """Give glyphs whose character pdfium does not know the text that the second reader has in the same place.

    A text that a known glyph has there belongs to that glyph: signs over letters begin where the next letter begins.
    """
    texts: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    for glyph in second.glyphs:
        if glyph.is_known and glyph.text.strip():
            texts[_place(glyph)].append(glyph.text)
    for glyph in page.glyphs:
        found = next((near for place in _around(glyph) if glyph.text in (near := texts.get(place, []))), None)
        if glyph.is_known and found:
            found.remove(glyph.text)
    for glyph in page.glyphs:
        if not glyph.is_known:
            free = next((near for place in _around(glyph) if (near := texts.get(place, []))), None)
            glyph.is_known = free is not None
            glyph.text = free.pop(0) if free else "\ufffd"


def _place(glyph: Glyph) -> tuple[int, int]:
    return round(glyph.origin / _NEAR), round(glyph.y / _NEAR)


def _around(glyph: Glyph) -> Iterator[tuple[int, int]]:
    column, row = _place(glyph)
    yield column, row
    for x in (-1, 0, 1):
        for y in (-1, 0, 1):
            yield column + x, row + y


def _characters(container: LTContainer[Any]) -> Iterator[LTChar]:
    for item in container:
        if isinstance(item, LTChar):
            yield item
        elif isinstance(item, LTContainer):
            yield from _characters(item)


def _glyph(character: LTChar, source: int) -> Glyph:
    text = character.get_text()
    is_known = not text.startswith(_UNKNOWN) and "\ufffd" not in text
    a, b, _, _, x, y = character.matrix
    turn = 0 if abs(b) <= abs(a) and a >= 0 else 90 if b > 0 and abs(b) > abs(a) else 270 if abs(b) > abs(a) else 180
    left, right, base = character.x0, character.x1, y
    if turn == 90:
        left, right, base = character.y0, character.y1, -x
    elif turn == 180:
        left, right, base = -character.x1, -character.x0, -y
    elif turn == 270:
        left, right, base = -character.y1, -character.y0, x
    return Glyph(
        text=" " if text.isspace() else standard_form(text) if is_known else "\ufffd",
        left=left,
        right=right,
        origin=left,
        y=base,
        size=character.size,
        is_bold="bold" in character.fontname.lower(),
        turn=turn,
        source=source,
        is_known=is_known,
    )
