"""Recognizes the lines above a quoted or forwarded letter: "Original Message", "On ... wrote:" and their like."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from handlers.sources.documents.letter_phrases import pattern
from handlers.sources.documents.mail_lines import MailLine


class Mark(StrEnum):
    """What a line above another letter says."""

    FORWARD = "forward"
    ORIGINAL = "original"
    """The letter below is the one that was answered, or one that was forwarded."""


_MARK: Final = pattern(
    r"[\s*>|]*+(?P<dashes>[-=–—_]{2,}+)?[\s*]*+(?:(?P<forward>%s)|(?P<original>%s))"
    r"(?:\s?[/(][^-\n]{1,30})?[\s*]*+[:：]?[\s*]*+(?:(?P<closing>[-=–—_]{2,}+)(?P<rest>[^\n]*))?",
    "forward mark",
    "original mark",
)
_UNKNOWN_MARK: Final = re.compile(r"[\s*>]*+-{3,20}\s*[^\W\d_][^\n:-]{2,40}?\s*-{3,20}\s*")
_END_MARK: Final = pattern(r"[\s*>]*+-{2,}\s*%s[^\n]{0,40}-{2,}\s*", "end of forwarded")
_WROTE: Final = pattern(r"\b%s(?!\w)|%s", "wrote", "wrote unspaced")
_ATTRIBUTION_START: Final = pattern("%s", "attribution start")
_ADDRESS_LAST: Final = re.compile(r"[\w-]\s?[>)]\s?[:：]$")
"""Gmail's line in Russian ends with the sender's address, without a verb."""
_GROUPWISE: Final = ">>>"
_ENDS: Final = (":", "：", _GROUPWISE)
_LONGEST_ATTRIBUTION: Final = 400
_SHORT_ATTRIBUTION: Final = 80
"""Characters of a line such as "Bob Marsh wrote:" above quoted lines."""
_DAY: Final = re.compile(r"(?<!\d)[12]\d{3}(?!\d)|[٠-٩]{4}|\d{1,2}[./]\d{1,2}[./]\d{2}(?!\d)")
"""A date has a year."""
_TIME: Final = re.compile(r"\d{1,2}\s?[:.h]\s?\d{2}(?!\d)|[٠-٩]{1,2}[:.][٠-٩]{2}")
_ATTRIBUTION_LINES: Final = 3
"""Lines over which a mail program may wrap the line above a quoted letter."""
_ADDRESS: Final = re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,63}\.[\w.-]{1,100}")


def mark_of(text: str) -> tuple[Mark, str] | None:
    """Return what a mark says, and the text that follows it on the same line; None if the line is no mark."""
    mark = _MARK.match(text[:2_000])
    if mark is None:
        return None
    rest = text[mark.end() :] if mark["closing"] is None else mark["rest"]
    rest = rest.strip()
    if mark["closing"] is None and rest:
        return None
    if rest and (mark["dashes"] is None or ":" not in rest.replace("：", ":")) and not rest.endswith("-"):
        return None
    return Mark.FORWARD if mark["forward"] else Mark.ORIGINAL, rest.strip("- ") if ":" in rest else ""


def is_unknown_mark(text: str) -> bool:
    """Whether the line is a few words between dashes, as marks in other languages are."""
    return _UNKNOWN_MARK.fullmatch(text[:200]) is not None


def is_end_mark(text: str) -> bool:
    """Whether the line says that a forwarded letter ends here."""
    return _END_MARK.fullmatch(text[:200]) is not None


def attribution_at(lines: Sequence[MailLine], start: int, *, is_reply: bool) -> tuple[str, int] | None:
    """Return the line "On ... wrote:" that begins here, and the position behind it; None if there is none.

    Such a line has a date or an address, and a quoted letter follows it. It may be wrapped. `is_reply`: the subject
    says that the letter answers another.
    """
    pieces: list[str] = []
    depth = lines[start].depth
    for position in range(start, min(start + _ATTRIBUTION_LINES, len(lines))):
        line = lines[position]
        if line.is_empty or line.depth != depth:
            return None
        pieces.append(line.text)
        text = " ".join(pieces).strip("* _")
        if len(text) > _LONGEST_ATTRIBUTION:
            return None
        if text.endswith(_ENDS):
            following = next((line for line in lines[position + 1 : position + 4] if line.text), None)
            if following is None:
                return None
            is_quote = following.depth > depth
            is_mark = _introduces_quotation(text) if is_quote else _introduces_letter(text, is_reply=is_reply)
            return (text, position + 1) if is_mark else None
        if not _may_go_on(pieces[0]):
            return None
    return None


def _may_go_on(first: str) -> bool:
    """Whether an attribution that begins with this line may be wrapped."""
    return bool(_ATTRIBUTION_START.match(first) or _ADDRESS.search(first) or _DAY.search(first))


def _introduces_quotation(text: str) -> bool:
    """Whether a line above quoted lines says who wrote them."""
    is_short = len(text) < _SHORT_ATTRIBUTION or re.search(r"\d", text) is not None
    return (_has_verb(text) and is_short) or states_sender_or_time(text)


def _introduces_letter(text: str, *, is_reply: bool) -> bool:
    """Whether a line above lines that are not marked as quoted says whose letter they are.

    Articles say "On 3 May 2026 at 17:44 the minister wrote:" too, but without an address.
    """
    if _ADDRESS.search(text) is None:
        return is_reply and _has_verb(text) and _has_time(text)
    return (_has_verb(text) and re.search(r"\d", text) is not None) or (
        _ADDRESS_LAST.search(text) is not None and _has_time(text)
    )


def _has_verb(text: str) -> bool:
    return text.endswith(_GROUPWISE) or _WROTE.search(text) is not None


def states_sender_or_time(text: str) -> bool:
    """Whether a line that ends at a colon has the address or the date and time of a letter."""
    return text.endswith(_ENDS) and (_ADDRESS.search(text) is not None or _has_time(text))


def _has_time(text: str) -> bool:
    return _DAY.search(text) is not None and _TIME.search(text) is not None


def attributed_sender(text: str) -> str:
    """Return the name and address in a line such as 'On Monday, "Jane Doe" <jane@example.com> wrote:'."""
    address = _ADDRESS.search(text)
    if address is None:
        return ""
    before = re.sub(r"<?mailto:$", "", text[: address.start()]).rstrip(" <([")
    words = (
        re.split(r"[\d,;:<>()\[\]]", before.rstrip("\"”“»›'’ "))[-1]
        .replace("«", '"')
        .replace("„", '"')
        .replace("“", '"')
    )
    name = words.rpartition('"')[2].strip().split(" ")
    while name and not name[0][:1].isupper() and name[0].isalpha() and name[0].lower() != name[0].upper():
        name = name[1:]
    return f"{' '.join(name).strip()} <{address[0]}>"


def attributed_date(text: str) -> str:
    """Return the date in such a line, as the letter has it."""
    date = re.search(
        r"(?:[^\W\d_]{2,12}\.?,?\s){0,4}\d[^<>@\"“„«]{3,60}?(?<![\d.])\d{1,2}[:.]\d{2}(?![\d]|\.\d)(?:[:.]\d{2})?(?:\s?[AaPp]\.?[Mm]\.?)?",
        text,
    )
    return re.sub(r"^(?:On|Am|Le|El|Il giorno|Op|Dnia|Em|Den|Dne|Den)\s", "", date[0]) if date else ""
