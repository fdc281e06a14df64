"""The lists that can be read, and which of them a file is."""

from typing import Final

from handlers.sources.lists import (
    canada,
    european_union,
    ofac,
    screening,
    switzerland,
    united_kingdom,
    united_nations,
)
from handlers.sources.lists.edition import ListFormat

MAX_LIST_BYTES: Final = 200_000_000
HEAD: Final = 64 * 1024
"""Bytes at the beginning of a file by which it is recognized."""
FORMATS: Final[tuple[ListFormat, ...]] = (
    *ofac.FORMATS,
    *european_union.FORMATS,
    *united_nations.FORMATS,
    *united_kingdom.FORMATS,
    *switzerland.FORMATS,
    *canada.FORMATS,
    *screening.FORMATS,
)
_BY_ID: Final = {format.id: format for format in FORMATS}


def format_of(head: bytes) -> ListFormat | None:
    """Return the format of a file by its first bytes; None if it is none of the lists."""
    return next((format for format in FORMATS if format.recognizes(head[:HEAD])), None)


def format_by_id(id: str) -> ListFormat | None:
    return _BY_ID.get(id)
