"""Stemmers for languages that Snowball lacks. They strip the endings of nouns and adjectives, and nothing else.

Each ending is listed with those that it contains; the longest that leaves a stem of `_MIN_STEM` letters is stripped.
"""

from typing import Final

_MIN_STEM: Final = 3
"""Letters that a stem keeps."""

_UKRAINIAN: Final = """
    ій ія ії ію ією іє іям іями іях їв ї є єю єві ями ям ях ами ам ах ові еві ою ею ів ей
    ом ем єм а я у ю о е и і ь й
    ий ого ого ому им ім их ими ої ій ую юю ого єму єї яя ює"""
_BULGARIAN: Final = """
    ия ии ията иите ият а ата я ята о ото е ето и ите та то те ът ят
    ове овете еве евете"""


def _by_length(endings: str) -> tuple[str, ...]:
    return tuple(sorted(set(endings.split()), key=lambda ending: (-len(ending), ending)))


_UKRAINIAN_ENDINGS: Final = _by_length(_UKRAINIAN)
_BULGARIAN_ENDINGS: Final = _by_length(_BULGARIAN)


def ukrainian(word: str) -> str:
    """Return the stem of a Ukrainian word in lower case."""
    stem = _without_ending(word, _UKRAINIAN_ENDINGS)
    return f"{stem[:-1]}к" if stem != word and stem.endswith("ц") and word.endswith("ці") else stem


def bulgarian(word: str) -> str:
    """Return the stem of a Bulgarian word in lower case, without its article."""
    return _without_ending(word, _BULGARIAN_ENDINGS)


def _without_ending(word: str, endings: tuple[str, ...]) -> str:
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= _MIN_STEM:
            return word[: -len(ending)]
    return word
