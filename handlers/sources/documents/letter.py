"""Reads a letter: what its sender wrote or passes on, who wrote it and when, and what is kept apart from its text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from handlers.drafts import SetAside
from handlers.sources.documents.letter_footer import split_notices, split_signature, without_armor
from handlers.sources.documents.letter_links import with_references
from handlers.sources.documents.mail_headers import (
    Sender,
    Subject,
    SubjectKind,
    date_in_zone,
    read_sender,
    read_subject,
)
from handlers.sources.documents.mail_lines import MailLine, count_words, paragraphs, text_of_lines
from handlers.sources.documents.quoted_reply import NOTE_WORDS, QuotedLetter, first_quoted, is_forwarded

_MOST_LETTERS: Final = 12
"""Letters in a letter that are taken apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter. A forwarded letter is described by its own header, not by that of the e-mail that contains it."""

    lines: tuple[MailLine, ...]
    """Its paragraphs, with notices and footer."""
    subject: Subject
    sender: Sender
    published_at: datetime | None
    """UTC."""
    set_aside: tuple[SetAside, ...] = ()
    is_forwarded: bool = False
    note: tuple[MailLine, ...] = ()
    """What the sender of the e-mail wrote about the letter that it forwards, if it is more than a short note."""


def read_letter(
    lines: Sequence[MailLine], *, subject: Subject, sender: Sender, published_at: datetime | None, zone: str
) -> Letter:
    """Return the letter in these lines.

    `subject`, `sender` and `published_at` are those of the e-mail; a forwarded letter has its own. `zone`: the offset
    from UTC of times that name no zone, such as "+0100".
    """
    rest = with_references(without_armor(lines))
    set_aside: list[SetAside] = []
    note: list[MailLine] = []
    was_forwarded = False
    for _ in range(_MOST_LETTERS):
        quoted = first_quoted(rest, is_reply=subject.kind is SubjectKind.REPLY)
        if quoted is None:
            break
        own, signature = _own_words(quoted)
        size = _count_words(split_notices(paragraphs(own))[0])  # without warnings and disclaimers
        is_passed_on = is_forwarded(quoted, subject, own_words=size) and not (size and not _has_words(quoted.body))
        if not is_passed_on or (was_forwarded and size > NOTE_WORDS):
            rest = own
            set_aside += [*signature, *_part("quoted letter", quoted.header, text_of_lines(quoted.body))]
            continue
        if size > NOTE_WORDS:
            note = own
        else:
            set_aside += _part("words of the person who forwarded the letter", text_of_lines(own))
        set_aside += [*signature, *_part("header of the forwarded letter", quoted.header)]
        was_forwarded = True
        rest = list(quoted.body)
        stated = read_subject(quoted.fields.subject)
        subject = stated if stated.text else Subject(text=subject.text, list_name=subject.list_name)
        sender = read_sender(quoted.fields.sender) if quoted.fields.sender else sender
        published_at = date_in_zone(quoted.fields.date, zone) or published_at
    rest, signature = split_signature(rest)
    return Letter(
        lines=tuple(paragraphs(rest)),
        subject=subject,
        sender=sender,
        published_at=published_at,
        set_aside=(*set_aside, *signature),
        is_forwarded=was_forwarded,
        note=tuple(paragraphs(note)),
    )


def _own_words(quoted: QuotedLetter) -> tuple[list[MailLine], list[SetAside]]:
    above, signature = split_signature(quoted.above)
    below, signature_below = split_signature(quoted.below)
    own = [*above, MailLine(), *below] if _has_words(below) else above
    return own, [*signature, *signature_below]


def _has_words(lines: Sequence[MailLine]) -> bool:
    return any(any(map(str.isalnum, line.text)) for line in lines)


def _count_words(lines: Sequence[MailLine]) -> int:
    return sum(count_words(line.text) for line in lines)


def _part(rule: str, *texts: str) -> list[SetAside]:
    text = "\n\n".join(filter(None, texts))
    return [SetAside(rule, text)] if text else []
