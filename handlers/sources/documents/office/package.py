"""Reads the parts of a ZIP archive that is an office document, within limits of size."""

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Final
from xml.etree.ElementTree import Element

from handlers.answers.errors import UnreadableDocument
from handlers.sources.text.xml_tree import xml_root

_LARGEST_PART: Final = 16_000_000
_MOST_BYTES: Final = 40_000_000
"""Bytes of one part, and of all parts that are read, after unpacking."""
_FAILURES: Final = (
    *(zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, OSError, EOFError, zlib.error),
)
_TOO_LARGE: Final = "The document is too large when unpacked."


class OfficePackage:
    """An open archive."""

    def __init__(self, body: bytes, *, kind: str) -> None:
        """`kind`: what the document is, for people. Raises: UnreadableDocument, if the archive cannot be opened."""
        self._kind = kind
        try:
            self._archive = zipfile.ZipFile(BytesIO(body))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise self.damaged() from error
        self._left = _MOST_BYTES

    def damaged(self) -> UnreadableDocument:
        """Return the error for a document that is not complete."""
        return UnreadableDocument(f"The {self._kind} is damaged and cannot be read.")

    def part(self, name: str) -> bytes | None:
        """Return the content of a part; None if there is no such part. Raises: UnreadableDocument."""
        try:
            with self._archive.open(name.lstrip("/")) as file:
                content = file.read(min(_LARGEST_PART, self._left) + 1)
        except KeyError:
            return None
        except (
            zipfile.BadZipFile,
            ValueError,
            NotImplementedError,
            RuntimeError,
            OSError,
            EOFError,
            zlib.error,
        ) as error:
            raise self.damaged() from error
        self._left -= len(content)
        if len(content) > _LARGEST_PART or self._left < 0:
            raise UnreadableDocument(_TOO_LARGE)
        return content

    def tree(self, name: str) -> Element | None:
        """Return the root element of a part; None if there is no such part. Raises: UnreadableDocument."""
        content = self.part(name)
        return None if content is None else xml_root(content, kind=self._kind)

    def relations(self, name: str) -> Iterator[tuple[str, str, str]]:
        """Yield id, kind and target of the parts that a part names; those of the archive itself for an empty name."""
        folder, file = posixpath.split(name)
        root = self.tree(posixpath.join(folder, "_rels", f"{file}.rels"))
        for element in root if root is not None else ():
            if element.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, element.get("Target", "")))
                yield element.get("Id", ""), element.get("Type", "").rpartition("/")[2], target.lstrip("/")


def local(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: Element, name: str) -> str:
    """Return an attribute whatever its namespace is; empty if there is none."""
    for key, value in element.items():
        if key.rpartition("}")[2] == name:
            return value
    return ""


def child(element: Element, *names: str) -> Element | None:
    """Return the element to which the names lead, each a child of the one before; None if one is missing."""
    found: Element | None = element
    for name in names:
        found = next((other for other in found if local(other) == name), None) if found is not None else None
    return found


def children(element: Element | None, name: str) -> list[Element]:
    return [other for other in element if local(other) == name] if element is not None else []
