"""Reads the header lines with which mail programs introduce a quoted or forwarded letter, in many languages."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from handlers.sources.documents.letter_phrases import lines_of
from handlers.sources.documents.mail_lines import MailLine

_KINDS: Final = ("from", "date", "subject", "to", "cc", "other")
_NAMES: Final[Mapping[str, str]] = {name: kind for kind in _KINDS for name in lines_of(f"header {kind}")}
"""Labels of header lines in lower case, and the field that each states."""
_LINE: Final = re.compile(
    r"[*_|\s]*+(?P<name>[^\W\d_][^:：*_<>@|\n]{0,24}?)\s?[*_]*+\s?[:：][*_|\s]*+(?P<value>.*)", re.DOTALL
)
_GLUED: Final = re.compile(
    r"(?P<name>{})\s?[:：]".format(
        "|".join(
            sorted((re.escape(name[0].upper() + name[1:]) for name in _NAMES if len(name) > 1), key=len, reverse=True)
        )
    )
)
_GLUED_SUBJECT: Final = re.compile(r"(?:Assunto|Subject|Asunto|Objet|Betreff|Oggetto|Temat)\s(?P<value>.*)")
_RECEIVER: Final = re.compile(r"[^<>@]{0,100}<[^<>@\s]{1,100}@[^<>@\s]{1,200}>|[^\s<>@]{1,100}@[^\s<>@]{1,200}")
_NAME_WORDS: Final = 2
"""Words of a surname in front of a comma."""
_LONGEST_GLUED: Final = 2_000
_MOST_LINES: Final = 40
"""Lines of a header, counting those between its fields."""
_LONGEST_VALUE: Final = 2_000
_FULL_LINE: Final = 55
"""Characters from which on a subject may go on in the next line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFields:
    """The header lines above a quoted or forwarded letter, as the letter has them."""

    values: Mapping[str, str] = field(default_factory=dict)
    """The values of "from", "date", "subject", "to" and "cc"."""

    @property
    def sender(self) -> str:
        return self.values.get("from", "")

    @property
    def date(self) -> str:
        return self.values.get("date", "")

    @property
    def subject(self) -> str:
        return self.values.get("subject", "")

    @property
    def is_clear(self) -> bool:
        """Whether these lines are the header of a letter even if no mark is above them."""
        fields = self.values.keys()
        return "from" in fields and len(fields & {"from", "date", "subject", "to", "cc"}) >= 3

    @property
    def is_plausible(self) -> bool:
        """Whether these lines are the header of a letter if a mark is above them."""
        fields = self.values.keys() & {"from", "date", "subject", "to"}
        return len(fields) >= 2 or "subject" in fields or "from" in fields


def field_of(text: str) -> tuple[str, str] | None:
    """Return the field that a header line states, such as "from", and its value; None for any other line."""
    line = _LINE.match(text[:_LONGEST_VALUE])
    kind = _NAMES.get(line["name"].strip().casefold()) if line else None
    return (kind, line["value"].strip(" *_|\t")) if line and kind else None


def read_fields(lines: Sequence[MailLine], start: int) -> tuple[LetterFields, int]:
    """Return the header lines from `start` on, and the position behind them.

    Empty lines between the fields are skipped. A value may go on in the next line.
    """
    values: dict[str, str] = {}
    position = start
    last = ""
    for position, text in _texts(lines, start):
        stated = field_of(text)
        if stated is not None and (stated[0] not in values or stated[0] in ("cc", "other")):
            last = stated[0]
            values.setdefault(last, stated[1])
        elif stated is None and last and _continues(lines, position, last, values[last]):
            values[last] = f"{values[last]} {text.strip(' *_|')}".strip()[:_LONGEST_VALUE]
        else:
            return LetterFields(values=values), _behind(lines, start, position)
    return LetterFields(values=values), min(position + 1, len(lines)) if values else start


def read_glued_fields(text: str) -> LetterFields:
    """Return the fields of a header whose line breaks are lost, as in plain text by Yahoo Mail."""
    text = text[:_LONGEST_GLUED]
    values: dict[str, str] = {}
    found = list(_GLUED.finditer(text))
    for position, match in enumerate(found):
        kind = _NAMES[match["name"].casefold()]
        end = len(text) if kind == "subject" or position + 1 == len(found) else found[position + 1].start()
        values.setdefault(kind, text[match.end() : end].strip())
        if kind == "subject":
            break
    if "subject" not in values and (subject := _GLUED_SUBJECT.search(text)):
        values = {kind: value.partition(subject[0])[0].strip() for kind, value in values.items()}
        values["subject"] = subject["value"].strip()
    return LetterFields(values=values)


def _texts(lines: Sequence[MailLine], start: int) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not empty, at the first line's level of quotation."""
    depth = lines[start].depth if start < len(lines) else 0
    for position in range(start, min(start + _MOST_LINES, len(lines))):
        line = lines[position]
        if line.text and line.depth != depth:
            yield position, ""
            return
        if line.text:
            yield position, line.text


def _continues(lines: Sequence[MailLine], position: int, kind: str, value: str) -> bool:
    """Whether a line that is no header line belongs to the value of the field above it."""
    if not value:
        return True
    text = lines[position].text
    if kind in ("to", "cc") and _has_only_receivers(text):
        return True
    if position and lines[position - 1].is_empty:
        return False
    if kind in ("to", "cc"):
        return value.endswith((",", ";")) or ("@" in text and len(text) < 200 and not text.endswith("."))
    if kind != "subject" or len(value) < _FULL_LINE or not lines[position].is_wrapped:
        return False
    following = lines[position + 1].text if position + 1 < len(lines) else ""
    return not following or field_of(following) is not None


def _has_only_receivers(text: str) -> bool:
    """Whether a line has names and addresses, and nothing else. A name may contain a comma."""
    pieces = [piece.strip() for piece in re.split(r"[,;]", text[:_LONGEST_VALUE]) if piece.strip()]
    addresses = [piece for piece in pieces if "@" in piece]
    others = (len(piece.split()) for piece in pieces if "@" not in piece)
    return bool(addresses) and all(map(_RECEIVER.fullmatch, addresses)) and max(others, default=0) <= _NAME_WORDS


def _behind(lines: Sequence[MailLine], start: int, position: int) -> int:
    """Return the position behind the last header line, in front of empty lines."""
    while position > start and lines[position - 1].is_empty:
        position -= 1
    return position
