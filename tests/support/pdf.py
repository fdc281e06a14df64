"""Builds PDFs for tests: pages of lines in Helvetica."""

from collections.abc import Sequence

_TOP = 760
_LEFT = 60
"""Points from the lower left corner of the page."""
_PICTURE = b" q 595 0 0 842 0 0 cm BI /W 1 /H 2 /BPC 8 /CS /G ID \x20\xd0 EI Q"


def pdf_of(
    *pages: Sequence[tuple[float, str]],
    title: str = "",
    author: str = "",
    picture_on: int | None = None,
    fields: Sequence[tuple[str, float]] = (),
) -> bytes:
    """Return a PDF with these pages. A page is a list of (font size in points, line); an empty line is a gap.

    `picture_on`: the page, from 0, that a picture covers. `fields`: value and height of form fields on the first page.
    """
    references = [b"%d 0 R" % number for number in range(4, 4 + len(fields))]
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [%s] >> >>" % b" ".join(references),
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *(_field(*field) for field in fields),
    ]
    kids = []
    for number, lines in enumerate(pages):
        content = _content(lines) + (_PICTURE if number == picture_on else b"")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> /Annots [%s] >>"
            % (len(objects), b"" if number else b" ".join(references))
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    objects.append(b"<< /Title (%s) /Author (%s) >>" % (_escaped(title), _escaped(author)))
    body = b"%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    trailer = b"trailer << /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        len(objects),
        len(body),
    )
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer


def _content(lines: Sequence[tuple[float, str]]) -> bytes:
    operators = []
    height = float(_TOP)
    for size, line in lines:
        if line:
            operators.append(b"BT /F1 %.1f Tf %d %.1f Td (%s) Tj ET" % (size, _LEFT, height, _escaped(line)))
        height -= size * 1.3
    return b"\n".join(operators)


def _field(value: str, y: float) -> bytes:
    return b"<< /Type /Annot /Subtype /Widget /F 4 /FT /Tx /T (f%d) /V (%s) /Rect [200 %.1f 500 %.1f] >>" % (
        y,
        _escaped(value),
        y - 3,
        y + 12,
    )


def _escaped(text: str) -> bytes:
    return text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
