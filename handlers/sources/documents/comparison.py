"""Compares lines by their letters and digits only, ignoring case, punctuation and spaces."""

import re
from typing import Final

_NOT_LETTERS: Final = re.compile(r"\W+")
_LETTER: Final = re.compile(r"\w")


def letters_of(text: str) -> str:
    """Return the letters and digits of the text, casefolded."""
    return _NOT_LETTERS.sub("", text).casefold()


def is_same_line(text: str, other: str) -> bool:
    """Whether two lines have the same letters and digits."""
    return _first_letter(text) == _first_letter(other) and letters_of(text) == letters_of(other)


def _first_letter(text: str) -> str:
    letter = _LETTER.search(text)
    return letter[0].casefold() if letter else ""
