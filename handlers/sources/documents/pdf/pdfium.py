"""Opens a PDF with pdfium, and reads its pages and what it says of itself."""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import pypdfium2.raw as pdfium

from handlers.sources.documents.pdf.characters import read_characters
from handlers.sources.documents.pdf.fields import FormFields
from handlers.sources.documents.pdf.glyphs import PageGlyphs
from handlers.sources.documents.pdf.visibility import has_pictures

_LONGEST: Final = 2_000
"""Bytes of a title or author."""
_PASSWORD: Final = 4
_SECURITY: Final = 5
"""Results of FPDF_GetLastError: a password is needed; the encryption is unknown."""


class PdfError(Exception):
    """Pdfium cannot open the file. `reason`: "locked", "encrypted" or "damaged"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PdfiumDocument:
    """An open document. Use `open_pdfium`."""

    def __init__(self, handle: Any) -> None:
        self._handle = handle
        self._fields = FormFields(handle)
        self.page_count = int(pdfium.FPDF_GetPageCount(handle))

    def metadata(self, name: str) -> str:
        """Return an entry of the document's information, such as "Title"; empty if there is none."""
        return _utf16(lambda buffer, size: pdfium.FPDF_GetMetaText(self._handle, name.encode(), buffer, size))

    def page(self, number: int) -> PageGlyphs:
        """Return the characters of a page, counted from 0. Raises: PdfError, if the page cannot be read."""
        page = pdfium.FPDF_LoadPage(self._handle, number)
        if not page:
            raise PdfError("damaged")
        text_page = pdfium.FPDFText_LoadPage(page)
        try:
            result = read_characters(page, text_page)
            self._fields.add_to(page, result.glyphs)
            result.is_picture = has_pictures(page, result.width * result.height)
            return result
        finally:
            pdfium.FPDFText_ClosePage(text_page)
            pdfium.FPDF_ClosePage(page)


@contextmanager
def open_pdfium(body: bytes) -> Iterator[PdfiumDocument]:
    """Open the document in `body`. Raises: PdfError."""
    pdfium.FPDF_InitLibrary()
    handle = pdfium.FPDF_LoadMemDocument64(body, len(body), None)
    if not handle:
        error = pdfium.FPDF_GetLastError()
        raise PdfError({_PASSWORD: "locked", _SECURITY: "encrypted"}.get(error, "damaged"))
    yield PdfiumDocument(handle)  # the process ends with the document, so nothing is closed


def _utf16(read: Callable[[Any, int], int]) -> str:
    """Return the text that a function of pdfium writes into a buffer, given the buffer and its size in bytes."""
    size = min(read(None, 0), _LONGEST)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    read(buffer, size)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\0")
