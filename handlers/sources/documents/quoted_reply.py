"""Separates what the sender of a letter wrote from the letters that it quotes or forwards."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from handlers.sources.documents.letter_fields import LetterFields, field_of, read_fields, read_glued_fields
from handlers.sources.documents.letter_marks import (
    Mark,
    attributed_date,
    attributed_sender,
    attribution_at,
    is_end_mark,
    is_unknown_mark,
    mark_of,
)
from handlers.sources.documents.mail_headers import Subject, SubjectKind, read_subject
from handlers.sources.documents.mail_lines import MailLine, is_rule, shift

_LINES_BELOW_MARK: Final = 4
"""Empty lines that may be between a mark and the header lines below it."""
NOTE_WORDS: Final = 20
"""Words of a note such as "Please have a look at this" above a forwarded letter. More are a letter of their own."""
_HEADER_STARTS: Final = frozenset({"from", "subject", "date", "to"})


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedLetter:
    """A letter inside another."""

    above: Sequence[MailLine]
    """The lines above it."""
    body: Sequence[MailLine]
    """Its text, without its header, at the level of quotation 0."""
    below: Sequence[MailLine] = ()
    """What the sender wrote below it."""
    fields: LetterFields = field(default_factory=LetterFields)
    mark: Mark | None = None
    is_attributed: bool = False
    """A line such as "On ... wrote:" introduces it."""
    header: str = ""
    """The lines that introduce it."""


def first_quoted(lines: Sequence[MailLine], *, is_reply: bool = False) -> QuotedLetter | None:
    """Return the first letter that these lines quote or forward, else None.

    `is_reply`: the subject says that they answer a letter.
    """
    for position, line in enumerate(lines):
        if line.is_empty:
            continue
        found = (
            _below_mark(lines, position)
            or _below_fields(lines, position)
            or _below_attribution(lines, position, is_reply=is_reply)
        )
        if found is not None:
            return found
    return _without_introduction(lines)


def is_forwarded(quoted: QuotedLetter, subject: Subject, *, own_words: int) -> bool:
    """Whether the sender passes this letter on, rather than answers it.

    `subject`: that of the sender's letter. `own_words`: how many words the sender wrote.
    """
    if quoted.mark is Mark.FORWARD or not own_words:
        return True
    if subject.kind is not SubjectKind.NONE or quoted.is_attributed:
        return subject.kind is SubjectKind.FORWARD
    if own_words <= NOTE_WORDS:
        return True  # answers have a subject that says so
    if quoted.mark is Mark.ORIGINAL:
        return False
    stated = read_subject(quoted.fields.subject).text
    return bool(stated) and stated.casefold() != subject.text.casefold()


def _below_mark(lines: Sequence[MailLine], position: int) -> QuotedLetter | None:
    text = lines[position].text
    mark = mark_of(text)
    if mark is None and not is_unknown_mark(text):
        return None
    start = position + 1
    if mark is not None and mark[1]:
        fields, end = read_glued_fields(mark[1]), start
    else:
        while start < min(position + 1 + _LINES_BELOW_MARK, len(lines)) and lines[start].is_empty:
            start += 1
        fields, end = read_fields(lines, start)
    if (
        not fields.values
        and mark
        and start < len(lines)
        and (attribution := attribution_at(lines, start, is_reply=True))
    ):
        fields, end = _attributed(attribution[0]), attribution[1]  # as Yandex Mail introduces a forwarded letter
    is_dashed = text.startswith(("-", "=", "_", "*", "–"))
    if not (fields.is_plausible if mark else fields.is_clear) and not (mark and mark[0] is Mark.FORWARD and is_dashed):
        return None
    return _quoted(lines, position, start if not fields.values else end, fields, mark=mark[0] if mark else None)


def _below_fields(lines: Sequence[MailLine], position: int) -> QuotedLetter | None:
    stated = field_of(lines[position].text)
    if stated is None or stated[0] not in _HEADER_STARTS:
        return None
    fields, end = read_fields(lines, position)
    return _quoted(lines, position, end, fields) if fields.is_clear else None


def _below_attribution(lines: Sequence[MailLine], position: int, *, is_reply: bool) -> QuotedLetter | None:
    attribution = attribution_at(lines, position, is_reply=is_reply)
    if attribution is None:
        return None
    text, end = attribution
    fields = _attributed(text)
    depth = lines[position].depth
    behind = end
    while behind < len(lines) and (lines[behind].is_empty or lines[behind].depth > depth):
        behind += 1
    quoted = QuotedLetter(
        above=_above(lines, position),
        body=_body(lines[end:behind]),
        below=shift(lines[behind:], depth),
        fields=fields,
        is_attributed=True,
        header=text,
    )
    # Without quotation marks the letter reaches to the end.
    return quoted if any(line.text for line in quoted.body) else replace(quoted, body=_body(lines[end:]), below=())


def _attributed(text: str) -> LetterFields:
    values = {"from": attributed_sender(text), "date": attributed_date(text)}
    return LetterFields(values={name: value for name, value in values.items() if value})


def _without_introduction(lines: Sequence[MailLine]) -> QuotedLetter | None:
    """Return the quoted lines of a letter in which nothing introduces them, or None if none is quoted."""
    if not any(line.depth for line in lines if line.text):
        return None
    return QuotedLetter(
        above=[line for line in lines if not line.depth],
        body=_body([line for line in lines if line.depth]),
        is_attributed=True,
    )


def _quoted(
    lines: Sequence[MailLine], position: int, end: int, fields: LetterFields, *, mark: Mark | None = None
) -> QuotedLetter:
    """Return the letter whose mark or header begins at `position` and whose text begins at `end`."""
    depth = max((line.depth for line in lines[position:end] if line.text), default=0)
    last = len(lines)
    if depth:
        last = 1 + max((number for number, line in enumerate(lines) if line.text and line.depth >= depth), default=end)
    return QuotedLetter(
        above=_above(lines, position),
        body=_body(lines[end:last], depth),
        below=lines[last:],
        fields=fields,
        mark=mark,
        header="\n".join(line.text for line in lines[position:end] if line.text),
    )


def _above(lines: Sequence[MailLine], position: int) -> list[MailLine]:
    """Return the lines above a quoted letter, without the rule between them and the letter."""
    above = list(lines[:position])
    while above and (above[-1].is_empty or is_rule(above[-1].text)):
        above.pop()
    return above


def _body(lines: Sequence[MailLine], depth: int = 0) -> list[MailLine]:
    """Return the lines of a letter at the level of quotation 0. `depth`: that of its header."""
    lines = [line for line in lines if not is_end_mark(line.text)]
    return shift(lines, max(depth, min((line.depth for line in lines if line.text), default=0)))
