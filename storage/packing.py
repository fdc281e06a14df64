"""Packed texts: SQLite stores long texts compressed. Texts of earlier versions, which are not, are read as they are.

PostgreSQL compresses long values by itself.
"""

import zlib
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Dialect, Text, case, func, literal, type_coerce
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy.sql.type_api import _BindProcessorType, _ResultProcessorType

_SHORTEST: Final = 160
"""Bytes of a text below which compressing it gains nothing."""
_SHORT: Final = 1_000
"""Characters of an article up to which it is stored as it is, so that other programs can read it in the database."""
_LEVEL: Final = 6
_DICTIONARY: Final = 32_768
"""Bytes of a dictionary that zlib uses, the last ones."""
_IN_JSON: Final = "\x01"
"""Begins a packed text in JSON, in hexadecimal digits. No text contains this character."""


def pack(text: str, *, like: str = "") -> bytes | str:
    """Return the text compressed, or as it is if that is not longer. `like` is a text with the same words."""
    data = text.encode("utf-8", "surrogatepass")
    if len(data) < _SHORTEST:
        return text
    dictionary = like.encode("utf-8", "surrogatepass")[-_DICTIONARY:]
    options = (_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, zlib.Z_DEFAULT_STRATEGY)
    packing = zlib.compressobj(*options, dictionary) if dictionary else zlib.compressobj(*options)
    packed = packing.compress(data) + packing.flush()
    return packed if len(packed) < len(data) else text


def unpack(value: bytes | str, *, like: str = "") -> str:
    """Return the text. Raises: zlib.error if `like` is not the text with which it was packed."""
    if isinstance(value, str):
        return value
    dictionary = like.encode("utf-8", "surrogatepass")[-_DICTIONARY:]
    unpacking = zlib.decompressobj(zdict=dictionary) if dictionary else zlib.decompressobj()
    return (unpacking.decompress(value) + unpacking.flush()).decode("utf-8", "surrogatepass")


class PackedText(TypeDecorator[str]):
    """A text that SQLite stores compressed. It cannot be compared or searched in SQL."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> "_BindProcessorType[str] | None":
        return _pack if dialect.name == "sqlite" else None

    def result_processor(self, dialect: Dialect, coltype: object) -> "_ResultProcessorType[str] | None":
        return _unpack if dialect.name == "sqlite" else None


def in_json(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the column as a value that SQLite can write as JSON, and that the column's type can read."""
    if not isinstance(column.type, PackedText):
        return column
    packed = literal(_IN_JSON).op("||")(func.hex(column))
    return case((func.typeof(column) == "blob", packed), else_=type_coerce(column, Text()))


def _pack(value: str | None) -> bytes | str | None:
    return value if value is None or len(value) < _SHORT else pack(value)


def _unpack(value: Any) -> str | None:
    if isinstance(value, str) and value.startswith(_IN_JSON):
        value = bytes.fromhex(value[1:])
    return None if value is None else unpack(value)
