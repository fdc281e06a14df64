"""Reads the characters of a PDF with pdfium, which knows their places, sizes and colours and what ActualText says."""

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians, sin
from typing import Any, Final

import pypdfium2.raw as pdfium

from handlers.sources.documents.pdf.glyphs import Glyph, PageGlyphs
from handlers.sources.documents.pdf.scripts import (
    TATWEEL,
    combined,
    has_rtl,
    is_arabic,
    ordered_ligature,
    standard_form,
)
from handlers.sources.documents.pdf.visibility import PrintedObject, drawn_through, hidden_objects

_BOLD: Final = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)
_SMALLEST: Final = 1.0
"""Points. Nobody can read smaller letters."""
_CAPITAL: Final = 0.7
"""Height of a capital letter by the size of the font."""
_SLANT: Final = 3
"""Degrees by which scanned or italic lines may deviate from the horizontal or vertical."""
_RAISED: Final = 0.2
_SMALL: Final = 0.6
"""By the size of the font: how high above the line and how tall a digit is that its font draws as a mark of a note."""
_UNDRAWN: Final = (3, 7)
"""Render modes of text that is not drawn. ISO 32000-1, section 9.3.6."""
_MOST_MARKS: Final = 8
_MOST_OBJECTS: Final = 20_000
_HYPHEN: Final = 2
"""Pdfium's sign for a hyphen at the end of a line, whether the file has U+002D or U+00AD there."""


@dataclass(slots=True)
class _Style:
    """What the characters printed by one instruction of the file have in common."""

    number: int
    size: float
    is_bold: bool
    angle: float
    """Degrees against the clock."""
    replacement: int = 0
    """The span of the file whose ActualText pdfium gives as the text of each of its objects; 0 outside such a span."""


def read_characters(page: Any, text_page: Any) -> PageGlyphs:
    """Return the characters of a page. `page`, `text_page`: pdfium's handles."""
    return _PageReader(page, text_page).read()


class _PageReader:
    def __init__(self, page: Any, text_page: Any) -> None:
        self._page = page
        self._text_page = text_page
        self._box = pdfium.FS_RECTF()
        pdfium.FPDF_GetPageBoundingBox(page, self._box)
        self._styles: dict[int, _Style] = {}
        self._printed: dict[int, PrintedObject] = {}
        self._replaced: dict[int, Glyph] = {}

    def read(self) -> PageGlyphs:
        box = self._box
        result = PageGlyphs(width=box.right - box.left, height=box.top - box.bottom)
        placed = list(self._characters())
        if self._replaced:
            self._widen_replaced()
        hidden = hidden_objects(self._page, self._printed)
        shown: list[Glyph] = []
        for glyph, address, is_inside in placed:
            if address in hidden or not is_inside or glyph.size < _SMALLEST:
                result.hidden.append(glyph.text)
            else:
                shown.append(glyph)
        _order_ligatures(shown)
        self._find_strokes(shown)
        result.glyphs = shown
        return result

    def _characters(self) -> Iterator[tuple[Glyph, int, bool]]:
        """Yield each glyph, the address of the object that prints it, and whether it is inside the page."""
        text_page, page_box = self._text_page, self._box
        rectangle = pdfium.FS_RECTF()
        x, y = ctypes.c_double(), ctypes.c_double()
        by_rectangle, by_x, by_y = ctypes.byref(rectangle), ctypes.byref(x), ctypes.byref(y)
        unicode_of, object_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetTextObject
        box_of, origin_of = pdfium.FPDFText_GetLooseCharBox, pdfium.FPDFText_GetCharOrigin
        has_error, address_of = pdfium.FPDFText_HasUnicodeMapError, ctypes.addressof
        last: Glyph | None = None
        last_place = (0.0, 0.0, 0)
        for index in range(pdfium.FPDFText_CountChars(text_page)):
            printed = object_of(text_page, index)
            if not printed:
                continue  # a space or line break that pdfium has added
            address = address_of(printed.contents)
            code = unicode_of(text_page, index)
            origin_of(text_page, index, by_x, by_y)
            box_of(text_page, index, by_rectangle)
            place = (x.value, y.value, address)
            if last is not None and place == last_place and last.text != " ":
                if not last.is_known and has_error(text_page, index) == 0:
                    last.text, last.is_known = "", True
                _extend(last, code, rectangle)
                continue
            style = self._styles.get(address) or self._style(index, address, printed)
            if style.replacement and self._is_said(style):
                continue
            is_known = has_error(text_page, index) == 0
            last = _placed(style, place, rectangle, _text(code, is_known=is_known), is_known=is_known)
            if style.replacement:
                self._replaced.setdefault(style.replacement, last)
            if is_known and 48 <= code <= 57:
                self._find_raised_shape(index, last)
            last_place = place
            middle = (rectangle.left + rectangle.right) / 2
            is_inside = page_box.left <= middle <= page_box.right and page_box.bottom <= place[1] <= page_box.top
            yield last, address, is_inside

    def _is_said(self, style: _Style) -> bool:
        """Whether another object has said the ActualText of this one's span."""
        first = self._replaced.get(style.replacement)
        return first is not None and first.source != style.number

    def _widen_replaced(self) -> None:
        """Give the glyphs of spans with ActualText the extent of all objects of the span. Pdfium has some of them."""
        bounds = [ctypes.c_float() for _ in range(4)]
        for number in range(min(pdfium.FPDFPage_CountObjects(self._page), _MOST_OBJECTS)):
            printed = pdfium.FPDFPage_GetObject(self._page, number)
            if pdfium.FPDFPageObj_GetType(printed) != pdfium.FPDF_PAGEOBJ_TEXT:
                continue
            glyph = self._replaced.get(_replacement(printed))
            if glyph is not None and not glyph.turn and pdfium.FPDFPageObj_GetBounds(printed, *bounds):
                glyph.left, glyph.right = min(glyph.left, bounds[0].value), max(glyph.right, bounds[2].value)

    def _find_strokes(self, glyphs: list[Glyph]) -> None:
        """Turn the spaces of Arabic words that are drawn as a stroke to stretch the word into the sign for that."""
        spaces = [
            space
            for before, space, after in zip(glyphs, glyphs[1:], glyphs[2:], strict=False)
            if space.text == " " and not space.turn and is_arabic(before.text) and is_arabic(after.text)
        ]
        if spaces:
            places = [(space.left, space.right, space.y, space.size) for space in spaces]
            for number in drawn_through(self._page, places):
                spaces[number].text = TATWEEL

    def _find_raised_shape(self, index: int, digit: Glyph) -> None:
        """Give a digit that its font draws small and raised the size and line of what is seen."""
        if digit.turn:
            return
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        pdfium.FPDFText_GetCharBox(self._text_page, index, left, right, bottom, top)
        if bottom.value - digit.y > _RAISED * digit.size and top.value - bottom.value < _SMALL * digit.size:
            digit.size *= _SMALL
            digit.y = bottom.value

    def _style(self, index: int, address: int, printed: Any) -> _Style:
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(self._text_page, index, matrix)
        size = pdfium.FPDFText_GetFontSize(self._text_page, index) * hypot(matrix.c, matrix.d)
        if size < _SMALLEST:
            size = max(size, self._drawn_height(index) / _CAPITAL)
        style = self._styles[address] = _Style(
            number=len(self._styles),
            size=size,
            is_bold=bool(_BOLD.search(self._font_name(index))),
            angle=degrees(atan2(matrix.b, matrix.a)) % 360,
            replacement=_replacement(printed),
        )
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        pdfium.FPDFText_GetFillColor(self._text_page, index, red, green, blue, alpha)
        self._printed[address] = PrintedObject(
            handle=printed,
            lightness=(0.3 * red.value + 0.59 * green.value + 0.11 * blue.value) / 255,
            opacity=alpha.value / 255,
            is_drawn=pdfium.FPDFTextObj_GetTextRenderMode(printed) not in _UNDRAWN,
        )
        return style

    def _drawn_height(self, index: int) -> float:
        """Return the height of what is drawn. Fonts of drawn letters may have any size."""
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        pdfium.FPDFText_GetCharBox(self._text_page, index, left, right, bottom, top)
        return float(top.value - bottom.value)

    def _font_name(self, index: int) -> str:
        buffer = ctypes.create_string_buffer(128)
        length = pdfium.FPDFText_GetFontInfo(self._text_page, index, buffer, 128, None)
        return buffer.value.decode("latin-1") if 0 < length <= 128 else ""


def _replacement(printed: Any) -> int:
    """Return the address of the span with ActualText in which the object is; 0 if it is in none."""
    length = ctypes.c_ulong()
    for number in range(min(pdfium.FPDFPageObj_CountMarks(printed), _MOST_MARKS)):
        mark = pdfium.FPDFPageObj_GetMark(printed, number)
        if mark and pdfium.FPDFPageObjMark_GetParamStringValue(mark, b"ActualText", None, 0, length):
            return ctypes.addressof(mark.contents)
    return 0


def _text(code: int, *, is_known: bool) -> str:
    if code == _HYPHEN and is_known:
        return "-"
    if 0xD800 <= code < 0xE000 or (code < 32 and not is_known):
        return "\ufffd"
    text = chr(code)
    return " " if text.isspace() else text


def _extend(glyph: Glyph, code: int, rectangle: Any) -> None:
    """Add another letter of a ligature, or an accent that is printed over the letter."""
    text = _text(code, is_known=True)
    if text == " " and glyph.text.endswith(" "):
        return
    glyph.text = combined(glyph.text, text) or combined(text, glyph.text) or glyph.text + text
    if glyph.turn == 0:
        glyph.right = max(glyph.right, rectangle.right)


def _placed(style: _Style, place: tuple[float, float, int], rectangle: Any, text: str, *, is_known: bool) -> Glyph:
    """Return the glyph in the frame in which its line is level."""
    x, y, _ = place
    turn = round(style.angle / 90) * 90 % 360
    if abs((style.angle - turn + 180) % 360 - 180) > _SLANT:
        turn = round(style.angle) or 1
    left, right, bottom, top = rectangle.left, rectangle.right, rectangle.bottom, rectangle.top
    if turn == 0:
        left, origin, base = min(left, x), x, y
    elif turn == 90:
        left, right, origin, base = bottom, top, y, -x
    elif turn == 180:
        left, right, origin, base = -right, -left, -x, -y
    elif turn == 270:
        left, right, origin, base = -top, -bottom, -y, x
    else:
        angle = radians(turn)
        origin, base = x * cos(angle) + y * sin(angle), y * cos(angle) - x * sin(angle)
        left, right = origin, origin + style.size / 2
    return Glyph(
        text=standard_form(text),
        left=left,
        right=right,
        origin=origin,
        y=base,
        size=style.size,
        is_bold=style.is_bold,
        turn=turn,
        source=style.number,
        is_known=is_known,
    )


def _order_ligatures(glyphs: list[Glyph]) -> None:
    """Put the letters of right-to-left ligatures in the order of writing: pdfium turns some of them round."""
    for position, glyph in enumerate(glyphs):
        if len(glyph.text) > 1 and has_rtl(glyph.text):
            near = [
                (other.origin - glyph.origin) * step
                for step, other in ((-1, glyphs[position - 1]), (1, glyphs[(position + 1) % len(glyphs)]))
                if other.source == glyph.source and other is not glyph
            ]
            letters = glyph.text.strip()
            space = " " if len(letters) < len(glyph.text) else ""
            glyph.text = ordered_ligature(letters, is_reversed=bool(near) and sum(near) < 0) + space
        elif len(glyph.text) > 1:
            glyph.text = standard_form(glyph.text)
