"""Builds office documents for tests from the XML of their text."""

import zipfile
from io import BytesIO
from typing import Final

_WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT: Final = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_KINDS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPACES: Final = (
    f'xmlns:r="{_KINDS}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
_OPEN: Final = "urn:oasis:names:tc:opendocument:xmlns"


def word_of(body: str, *, is_strict: bool = False, **parts: str) -> bytes:
    """Return a Word document. `parts`: the content of word/footnotes.xml, styles.xml and so on, without their root."""
    roots = {"altchunk": ("page.html", "aFChunk")}
    space = _STRICT if is_strict else _WORD
    files = {
        "_rels/.rels": _relations([("word/document.xml", "officeDocument")]),
        "word/document.xml": _root("document", f"<w:body>{body}</w:body>", space),
        "word/_rels/document.xml.rels": _relations(
            [roots.get(name, (f"{name}.xml", name)) for name in parts] or [("none.xml", "none")]
        ),
    }
    for name, content in parts.items():
        path = f"word/{roots.get(name, (f'{name}.xml', name))[0]}"
        files[path] = content if name in roots else _root(name, content, space)
    return archive_of(files)


def opendocument_of(body: str, *, styles: str = "") -> bytes:
    """Return an OpenDocument text."""
    spaces = " ".join(f'xmlns:{name}="{_OPEN}:{name}:1.0"' for name in ("office", "text", "table", "style", "drawing"))
    content = (
        f'<office:document-content {spaces} xmlns:draw="{_OPEN}:drawing:1.0"><office:automatic-styles>{styles}'
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return archive_of({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def _root(name: str, content: str, space: str) -> str:
    return f'<w:{name} xmlns:w="{space}" {_SPACES}>{content}</w:{name}>'


def _relations(targets: list[tuple[str, str]]) -> str:
    entries = "".join(
        f'<Relationship Id="rId{number}" Type="{_KINDS}/{kind}" Target="{target}"/>'
        for number, (target, kind) in enumerate(targets, 1)
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{entries}</Relationships>'
    )


def archive_of(files: dict[str, str]) -> bytes:
    """Return a ZIP archive with these files."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()
