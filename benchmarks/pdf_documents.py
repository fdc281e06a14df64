"""The texts that the PDF benchmark prints, the words that each document has to give back, and how they are scored."""

import re
import tomllib
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import jinja2

SOURCES: Final = Path(__file__).resolve().parents[1] / "tests" / "pdf_makers"
FEATURES: Final = "features"
"""The document with notes, columns, a drop cap and lists, which is in English."""
_ONE: Final = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD: Final = re.compile(
    f"[{_ONE}]|[^\\W_{_ONE}](?:[^\\W_{_ONE}]|[\u0300-\u036f\u0900-\u0903\u093a-\u094f\u200c\u200d])*"
)


def texts() -> dict[str, dict[str, Any]]:
    """Return the texts that are printed, by language."""
    loaded = tomllib.loads((SOURCES / "texts.toml").read_text(encoding="utf-8"))
    return {name: {"direction": "ltr"} | text | {"language": name} for name, text in loaded.items()}


def expected(language: str) -> str:
    """Return what a document says, in the order in which a person reads it. Notes come last."""
    if language == FEATURES:
        return (SOURCES / "features.txt").read_text(encoding="utf-8")
    text = texts()[language]
    return "\n".join([text["title"], *text["paragraphs"], *text["names"], text["last"]])


def filled(template: str, text: dict[str, Any]) -> str:
    """Return a source of a maker with the text in it."""
    return str(jinja2.Template((SOURCES / template).read_text(encoding="utf-8")).render(text))


def words_of(text: str) -> list[str]:
    """Return the words of a text in small letters; each Chinese or Japanese character counts as a word."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def score(right: str, read: str) -> tuple[float, float]:
    """Return the share of the words that were read in their order, and that of words that are not in the document."""
    wanted, found = words_of(right), words_of(read)
    invented = sum((Counter(found) - Counter(wanted)).values())
    return _in_order(wanted, found) / len(wanted), invented / len(wanted)


def _in_order(wanted: Sequence[str], found: Sequence[str]) -> int:
    """Return the length of the longest common subsequence, after Hunt and Szymanski."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(found):
        places[word].append(place)
    ends: list[int] = []
    for word in wanted:
        for place in reversed(places[word]):
            position = bisect_left(ends, place)
            ends[position : position + 1] = [place]
    return len(ends)
