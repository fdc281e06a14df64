"""What the worker tells the bot about a PDF: its pages, with lines in the order of reading."""

from dataclasses import dataclass, field
from typing import Final

MARK_START: Final = "\ue000"
MARK_END: Final = "\ue001"
"""Characters around a raised mark inside a line. No font prints them."""


UNREADABLE: Final = "\ufffd"
"""A letter inside a word for which the file names no character."""


@dataclass(slots=True, kw_only=True)
class PageLine:
    """A line of one column, a cell or a row of a table. Places are in points from the lower left corner."""

    text: str
    """Raised marks inside it are between MARK_START and MARK_END."""
    left: float
    right: float
    y: float
    """Of the baseline."""
    size: float
    """Of the font of most letters."""
    is_bold: bool = False
    turn: int = 0
    """Degrees by which it is turned on the page. Its places are those after turning the page back."""
    column: int = 0
    """Equal for lines of the same column of a page."""
    is_row: bool = False
    """Whether it is part of a table, so that it is a paragraph of its own."""
    is_rtl: bool = False
    mark: str = ""
    """The raised mark at its beginning, as notes have it."""
    initial: str = ""
    """The drop cap with which its first word begins. Not in `text`."""
    has_space: bool = False
    """Whether the file has a space at its end."""


@dataclass(slots=True, kw_only=True)
class Page:
    """A page in the order of reading."""

    number: int
    """From 1."""
    width: float
    height: float
    """Points."""
    lines: list[PageLine] = field(default_factory=list)
    hidden: str = ""
    """Text that nobody sees."""
    is_plausible: bool = True
    """False if the file does not say which characters its shapes are, so that the lines are left out."""
    is_picture: bool = False
    """Whether it is a picture or drawing with hardly any text."""


@dataclass(slots=True, kw_only=True)
class About:
    """What the file says of itself."""

    page_count: int
    title: str = ""
    author: str = ""
