"""Finds the text of a PDF's page that nobody sees: in the colour of its background, transparent, covered or cut off."""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pypdfium2.raw as pdfium

_LIGHT: Final = 0.9
"""Lightness from which a colour may be lost on white paper."""
_TRANSPARENT: Final = 0.15
_SAME: Final = 0.12
"""Difference of lightness between text and background below which the text may be lost."""
_VISIBLE: Final = 24
"""Difference between the lightest and the darkest pixel, of 255, from which text is seen."""
_DARK: Final = 160
"""A pixel of a stroke is darker than this."""
_PIXELS: Final = 1400
"""Height of the picture of a page that is searched for the text. A letter of ten points has about ten pixels."""
_MOST_OBJECTS: Final = 3_000
"""Objects of a page that are compared with its text. Maps and charts have more, and no text hidden on purpose."""
_MOST_BOXES: Final = 200
_PICTURE: Final = 0.4
"""Share of a page that pictures cover if it may be a scan."""
_MANY_SHAPES: Final = 500
_SMALLEST_BOX: Final = 6.0
"""Points: narrower objects are rules and cover no text."""


@dataclass(slots=True)
class PrintedObject:
    """Text that one instruction of the file prints."""

    handle: Any
    lightness: float
    """From 0, black, to 1, white."""
    opacity: float
    """From 0, transparent, to 1."""
    is_drawn: bool
    """False for text that lies invisibly over a scanned page or is used as a mask."""


@dataclass(slots=True)
class _Box:
    """A filled area or a picture."""

    number: int
    left: float
    bottom: float
    right: float
    top: float
    lightness: float | None
    """None for a picture."""

    def contains(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.bottom <= y <= self.top


def hidden_objects(page: Any, printed: dict[int, PrintedObject]) -> set[int]:
    """Return the keys of the printed objects that cannot be seen on the page.

    Only objects for which there is a reason are compared with a picture of the page.
    """
    doubtful = {
        address: bounds
        for address, item in printed.items()
        if _is_doubtful(item) and (bounds := _bounds(item.handle)) is not None
    }
    doubtful |= _covered(page, printed)
    return _unseen(page, doubtful) if doubtful else set()


def _is_doubtful(item: PrintedObject) -> bool:
    return not item.is_drawn or item.opacity < _TRANSPARENT or item.lightness > _LIGHT or _is_cut_off(item.handle)


def _bounds(handle: Any) -> tuple[float, float, float, float] | None:
    """Return left, bottom, right and top of an object in points of the page."""
    values = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(handle, *values):
        return None
    left, bottom, right, top = (value.value for value in values)
    return left, bottom, right, top


def _is_cut_off(handle: Any) -> bool:
    """Whether the area to which drawing is limited does not contain the middle of the object."""
    clip = pdfium.FPDFPageObj_GetClipPath(handle)
    count = pdfium.FPDFClipPath_CountPaths(clip) if clip else 0
    if count <= 0:
        return False
    bounds = _bounds(handle)
    if bounds is None:
        return False
    x, y = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    for path in range(min(count, 4)):
        points = list(_clip_points(clip, path))
        if points and not (
            min(point[0] for point in points) <= x <= max(point[0] for point in points)
            and min(point[1] for point in points) <= y <= max(point[1] for point in points)
        ):
            return True
    return False


def _clip_points(clip: Any, path: int) -> Iterator[tuple[float, float]]:
    x, y = ctypes.c_float(), ctypes.c_float()
    for number in range(min(pdfium.FPDFClipPath_CountPathSegments(clip, path), 12)):
        segment = pdfium.FPDFClipPath_GetPathSegment(clip, path, number)
        if segment and pdfium.FPDFPathSegment_GetPoint(segment, x, y):
            yield x.value, y.value


def _covered(page: Any, printed: dict[int, PrintedObject]) -> dict[int, tuple[float, float, float, float]]:
    """Return the objects, with their bounds, that are printed on a box of the same colour or under a later box."""
    count = pdfium.FPDFPage_CountObjects(page)
    if not 0 < count <= _MOST_OBJECTS:
        return {}
    boxes: list[_Box] = []
    numbers: dict[int, int] = {}
    for number in range(count):
        handle = pdfium.FPDFPage_GetObject(page, number)
        kind = pdfium.FPDFPageObj_GetType(handle)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            numbers[ctypes.addressof(handle.contents)] = number
        elif len(boxes) < _MOST_BOXES and (box := _box(handle, kind, number)) is not None:
            boxes.append(box)
    if not boxes:
        return {}
    found: dict[int, tuple[float, float, float, float]] = {}
    for address, item in printed.items():
        bounds = _bounds(item.handle)
        if bounds is None:
            continue
        x, y = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
        own = numbers.get(address)
        for box in boxes:
            is_above = own is not None and box.number > own
            is_lost = box.lightness is not None and abs(box.lightness - item.lightness) < _SAME
            if box.contains(x, y) and (is_above or is_lost):
                found[address] = bounds
                break
    return found


def _box(handle: Any, kind: int, number: int) -> _Box | None:
    """Return the area that an object fills; None for lines, for text, and for what is too narrow or transparent."""
    lightness: float | None = None
    if kind == pdfium.FPDF_PAGEOBJ_PATH:
        mode, stroke = ctypes.c_int(), ctypes.c_int()
        if not pdfium.FPDFPath_GetDrawMode(handle, mode, stroke) or mode.value == pdfium.FPDF_FILLMODE_NONE:
            return None
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        if pdfium.FPDFPageObj_GetFillColor(handle, red, green, blue, alpha):
            if alpha.value < 255 * _TRANSPARENT:
                return None
            lightness = (0.3 * red.value + 0.59 * green.value + 0.11 * blue.value) / 255
    elif kind != pdfium.FPDF_PAGEOBJ_IMAGE:
        return None
    bounds = _bounds(handle)
    if bounds is None or bounds[2] - bounds[0] < _SMALLEST_BOX or bounds[3] - bounds[1] < _SMALLEST_BOX:
        return None
    return _Box(number=number, left=bounds[0], bottom=bounds[1], right=bounds[2], top=bounds[3], lightness=lightness)


def drawn_through(page: Any, places: Sequence[tuple[float, float, float, float]]) -> list[int]:
    """Return the positions of those places, given by left, right, base and size, through which a stroke is drawn."""
    picture = _Picture(page)
    found = []
    for position, (left, right, base, size) in enumerate(places):
        margin = (right - left) * 0.2
        columns, rows = picture.pixels(left + margin, base - 0.1 * size, right - margin, base + 0.3 * size)
        lines = [picture.row(row, columns) for row in rows]
        if lines and lines[0] and all(min(pixels) < _DARK for pixels in zip(*lines, strict=True)):
            found.append(position)
    return found


def has_pictures(page: Any, area: float) -> bool:
    """Whether pictures cover much of a page of this area, or it has many shapes, such as drawn letters."""
    covered = 0.0
    shapes = 0
    for number in range(min(pdfium.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        handle = pdfium.FPDFPage_GetObject(page, number)
        kind = pdfium.FPDFPageObj_GetType(handle)
        shapes += kind == pdfium.FPDF_PAGEOBJ_PATH
        is_picture = kind == pdfium.FPDF_PAGEOBJ_IMAGE or (kind == pdfium.FPDF_PAGEOBJ_FORM and _has_image(handle))
        if is_picture and (bounds := _bounds(handle)) is not None:
            covered += max(bounds[2] - bounds[0], 0.0) * max(bounds[3] - bounds[1], 0.0)
    return covered >= _PICTURE * area or shapes >= _MANY_SHAPES


def _has_image(form: Any) -> bool:
    count = min(pdfium.FPDFFormObj_CountObjects(form), _MOST_BOXES)
    kinds = (pdfium.FPDFPageObj_GetType(pdfium.FPDFFormObj_GetObject(form, number)) for number in range(count))
    return any(kind == pdfium.FPDF_PAGEOBJ_IMAGE for kind in kinds)


def _unseen(page: Any, doubtful: dict[int, tuple[float, float, float, float]]) -> set[int]:
    """Return the objects in whose place a picture of the page is of one colour."""
    picture = _Picture(page)
    unseen = set()
    for address, bounds in doubtful.items():
        columns, rows = picture.pixels(*bounds)
        lowest, highest = 255, 0
        for row in rows:
            line = picture.row(row, columns)
            if line:
                lowest, highest = min(lowest, *line), max(highest, *line)
        if highest - lowest < _VISIBLE:
            unseen.add(address)
    return unseen


class _Picture:
    """A page drawn in shades of grey."""

    def __init__(self, page: Any) -> None:
        self._page = page
        page_width, page_height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        scale = _PIXELS / max(page_width, page_height, 1.0)
        self._width, self._height = max(int(page_width * scale), 1), max(int(page_height * scale), 1)
        self._stride = (self._width + 3) // 4 * 4
        size = self._stride * self._height
        pixels = ctypes.create_string_buffer(b"\xff" * size, size)
        bitmap = pdfium.FPDFBitmap_CreateEx(self._width, self._height, pdfium.FPDFBitmap_Gray, pixels, self._stride)
        pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, self._width, self._height, 0, 0)
        pdfium.FPDFBitmap_Destroy(bitmap)
        self._pixels = memoryview(pixels.raw)

    def pixels(self, left: float, bottom: float, right: float, top: float) -> tuple[range, range]:
        """Return the columns and rows of pixels of an area of the page."""
        columns, rows = zip(*(self._pixel(x, y) for x, y in ((left, bottom), (right, top))), strict=True)
        return (
            range(max(min(columns), 0), min(max(columns) + 1, self._width)),
            range(max(min(rows), 0), min(max(rows) + 1, self._height)),
        )

    def row(self, row: int, columns: range) -> memoryview:
        """Return the pixels of a row in these columns, from 0, black, to 255, white."""
        start = row * self._stride
        return self._pixels[start + columns.start : start + columns.stop]

    def _pixel(self, x: float, y: float) -> tuple[int, int]:
        column, row = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(self._page, 0, 0, self._width, self._height, 0, x, y, column, row)
        return column.value, row.value
