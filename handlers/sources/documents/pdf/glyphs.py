"""The printed characters of a PDF's page and where they are, whichever library has read them."""

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Glyph:
    """One printed shape: mostly a letter, or the several letters of a ligature. A space is a glyph of blanks.

    Places are in points in a frame that is turned so that the text runs from left to right and `y` grows upwards.
    """

    text: str
    left: float
    right: float
    origin: float
    """Where its drawing began on the line: `left`, except for marks that are drawn over a letter."""
    y: float
    """Of the baseline."""
    size: float
    """Of the font as printed."""
    is_bold: bool
    turn: int
    """Degrees by which the text is turned on the page, against the clock. Glyphs of one line have the same turn."""
    source: int
    """Equal for glyphs that the file prints by one instruction."""
    is_known: bool = True
    """Whether the file says which character the shape is."""


@dataclass(slots=True)
class PageGlyphs:
    """A page as a reader gives it."""

    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    """In the order of the file."""
    hidden: list[str] = field(default_factory=list)
    """Texts that nobody sees: white on white, transparent, outside the page, or too small."""
    is_picture: bool = False
    """Whether pictures cover much of the page, or it has many drawn shapes."""
