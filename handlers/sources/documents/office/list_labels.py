"""Numbers the paragraphs of lists in a Word document as Word shows them."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from handlers.sources.documents.office.package import attribute, child, children

_ROMAN: Final = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x")),
    *((9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_KINDS: Final = frozenset("lowerRoman upperRoman lowerLetter upperLetter decimalZero".split())
"""Ways of writing numbers, beside that in digits."""
_LARGEST: Final = 10_000
"""The largest number that is written in letters."""


@dataclass(frozen=True, slots=True)
class _Level:
    kind: str
    """Such as "decimal" or "bullet"."""
    pattern: str
    """Such as "%1.%2.", where %1 is the number of the first level."""
    start: int


class ListLabels:
    """The lists of a document. Counts their items in the order in which they are asked for."""

    def __init__(self, numbering: Element | None) -> None:
        abstract = {attribute(element, "abstractNumId"): element for element in children(numbering, "abstractNum")}
        self._levels: dict[str, Mapping[int, _Level]] = {}
        self._counted_as: dict[str, str] = {}
        for number in children(numbering, "num"):
            reference = child(number, "abstractNumId")
            name = attribute(reference, "val") if reference is not None else ""
            id = attribute(number, "numId")
            self._levels[id] = _levels(abstract.get(name)) | _overrides(number)
            self._counted_as[id] = id if children(number, "lvlOverride") else f"abstract {name}"
        self._counts: defaultdict[str, dict[int, int]] = defaultdict(dict)

    def label(self, id: str, level: int) -> str | None:
        """Return the label of the next item of a list, such as "2."; empty for a bullet, None for no label."""
        levels = self._levels.get(id)
        own = levels.get(level) if levels else None
        if levels is None or own is None or own.kind == "none":
            return None
        if own.kind == "bullet":
            return ""
        counts = self._counts[self._counted_as[id]]
        counts[level] = counts.get(level, own.start - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]

        def number(match: re.Match[str]) -> str:
            other = int(match[1]) - 1
            shown = levels.get(other, own)
            return _written(counts.get(other, shown.start), shown.kind)

        return re.sub(r"%([1-9])", number, own.pattern).strip()


def _levels(element: Element | None) -> dict[int, _Level]:
    return {int(attribute(level, "ilvl") or 0): _level(level) for level in children(element, "lvl")}


def _overrides(number: Element) -> dict[int, _Level]:
    return {
        int(attribute(override, "ilvl") or 0): _level(level)
        for override in children(number, "lvlOverride")
        if (level := child(override, "lvl")) is not None
    }


def _level(element: Element) -> _Level:
    kind, pattern, start = (child(element, name) for name in ("numFmt", "lvlText", "start"))
    first = attribute(start, "val") if start is not None else "1"
    return _Level(
        kind=attribute(kind, "val") if kind is not None else "decimal",
        pattern=attribute(pattern, "val") if pattern is not None else "",
        start=int(first) if first.isdecimal() and len(first) < 8 else 1,
    )


def _written(number: int, kind: str) -> str:
    if not 0 < number < _LARGEST or kind not in (
        "lowerRoman",
        "upperRoman",
        "lowerLetter",
        "upperLetter",
        "decimalZero",
    ):
        return str(number)
    if kind == "decimalZero":
        return f"{number:02}"
    if kind.endswith("Letter"):
        text = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    else:
        text, left = "", number
        for value, letters in _ROMAN:
            text += letters * (left // value)
            left %= value
    return text.upper() if kind.startswith("upper") else text
