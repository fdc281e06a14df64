"""Reads what people have filled into the form fields of a PDF, which is not part of the page itself."""

import ctypes
from collections.abc import Iterator, Sequence
from typing import Any, Final

import pypdfium2.raw as pdfium

from handlers.sources.documents.pdf.glyphs import Glyph

_MOST_FIELDS: Final = 500
_MOST_LABELS: Final = 20_000
"""Glyphs of a page among which the labels of fields are searched."""
_LONGEST: Final = 8_000
"""Bytes of the text in a field."""
_FIELD_TYPES: Final = (pdfium.FPDF_FORMFIELD_TEXTFIELD, pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX)
_UNSEEN: Final = 0x01 | 0x02 | 0x20
"""Flags of annotations: invisible, hidden, not shown."""
_PASSWORD: Final = 1 << 13
_PADDING: Final = 2.0
"""Points between the frame of a field and its text."""
_SIZES: Final = (6.0, 11.0)
"""Points: the text of a field is at least and at most as large as this."""
_WIDTH: Final = 0.5
"""Width of a letter by the size of its font."""


class FormFields:
    """The fields of a document."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._callbacks = pdfium.FPDF_FORMFILLINFO(version=2)  # pdfium uses it as long as the form is open
        self._form: Any = None

    def add_to(self, page: Any, glyphs: list[Glyph]) -> None:
        """Add the texts of the page's fields, and of the notes written onto it, to its glyphs.

        Each comes after the label to its left, so that a form is read by its rows.
        """
        count = min(pdfium.FPDFPage_GetAnnotCount(page), _MOST_FIELDS)
        if count <= 0:
            return
        if self._form is None:
            self._form = pdfium.FPDFDOC_InitFormFillEnvironment(self._document, self._callbacks)
        labels = list(glyphs) if len(glyphs) <= _MOST_LABELS else []
        for number in range(count):
            field = list(_glyphs(self._form, page, number))
            label = _label(labels, field[0]) if field else None
            position = glyphs.index(label) + 1 if label is not None else len(glyphs)
            glyphs[position:position] = field


def _label(glyphs: Sequence[Glyph], field: Glyph) -> Glyph | None:
    """Return the last glyph of the label to the left of a field; None if there is none on its line."""
    beside = (
        glyph
        for glyph in glyphs
        if glyph.turn == 0 and abs(glyph.y - field.y) < field.size and glyph.right <= field.left + _PADDING
    )
    return max(beside, key=lambda glyph: glyph.right, default=None)


def _glyphs(form: Any, page: Any, number: int) -> Iterator[Glyph]:
    annotation = pdfium.FPDFPage_GetAnnot(page, number)
    if not annotation:
        return
    try:
        text = _text(form, annotation)
        rectangle = pdfium.FS_RECTF()
        if text and pdfium.FPDFAnnot_GetRect(annotation, rectangle):
            yield from _lines(text, rectangle, source=-1 - number)
    finally:
        pdfium.FPDFPage_CloseAnnot(annotation)


def _text(form: Any, annotation: Any) -> str:
    kind = pdfium.FPDFAnnot_GetSubtype(annotation)
    if pdfium.FPDFAnnot_GetFlags(annotation) & _UNSEEN:
        return ""
    if kind == pdfium.FPDF_ANNOT_FREETEXT:
        return _string(lambda buffer, size: pdfium.FPDFAnnot_GetStringValue(annotation, b"Contents", buffer, size))
    if kind != pdfium.FPDF_ANNOT_WIDGET or pdfium.FPDFAnnot_GetFormFieldType(form, annotation) not in _FIELD_TYPES:
        return ""
    if pdfium.FPDFAnnot_GetFormFieldFlags(form, annotation) & _PASSWORD:
        return ""
    return _string(lambda buffer, size: pdfium.FPDFAnnot_GetFormFieldValue(form, annotation, buffer, size))


def _string(read: Any) -> str:
    size = read(None, 0)
    if not 2 < size <= _LONGEST:
        return ""
    buffer = ctypes.create_string_buffer(size)
    read(ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), size)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\0")


def _lines(text: str, rectangle: Any, *, source: int) -> Iterator[Glyph]:
    """Set the text into its field, a glyph a letter. The size of letters is a guess that suffices to order lines."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    height = rectangle.top - rectangle.bottom
    size = min(max(height / max(len(lines), 1) * 0.7, _SIZES[0]), _SIZES[1])
    y = rectangle.bottom + max(height - size * 1.2 * len(lines), 0) / 2 + size * 1.2 * (len(lines) - 1) + size * 0.2
    for line in lines:
        left = rectangle.left + _PADDING
        for letter in line:
            right = left + size * _WIDTH
            yield Glyph(
                text=letter, left=left, right=right, origin=left, y=y, size=size, is_bold=False, turn=0, source=source
            )
            left = right
        y -= size * 1.2
