"""Takes the digests of mailing lists apart: plain digests (RFC 1153), and the text around multipart/digest."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from typing import Final

from handlers.sources.documents.letter_phrases import pattern
from handlers.sources.documents.mail_headers import decode_header, header
from handlers.sources.documents.mail_lines import MailLine

_FIRST_RULE: Final = re.compile(r"-{60,80}")
_RULE: Final = re.compile(r"-{28,32}")
_HEADER: Final = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9-]{0,40}):\s?(?P<value>.*)")
_MOST_HEADERS: Final = 40
_MOST_MESSAGES: Final = 500
_END: Final = re.compile(
    r"(?:subject: digest footer|end of .{1,120}(?:digest|issue|vol).{0,80}|\*{5,})\s*", re.IGNORECASE
)
_FOOTER_RULE: Final = re.compile(r"_{20,}")
_MASTHEAD: Final = pattern("%s", "digest masthead")
_SCRUBBED: Final = pattern("%s", "scrubbed part")


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestMessage:
    """A message of a plain digest."""

    headers: Mapping[str, str]
    """Decoded values by name in lower case."""
    lines: tuple[MailLine, ...]


def plain_digest(lines: Sequence[MailLine]) -> list[DigestMessage]:
    """Return the messages of a plain digest (RFC 1153). Empty for any other text.

    Such a digest has a masthead above a line of 70 hyphens, and lines of 30 hyphens between its messages.
    """
    first = next((number for number, line in enumerate(lines) if _FIRST_RULE.fullmatch(line.text)), None)
    if first is None:
        return []
    rules = [
        number
        for number in range(first, len(lines))
        if (number == first or _RULE.fullmatch(lines[number].text)) and _headers_at(lines, number + 1)
    ]
    if len(rules) < 2 and not any(_END.fullmatch(line.text) for line in lines[first:]):
        return []
    messages: list[DigestMessage] = []
    for start, stop in zip(rules[:_MOST_MESSAGES], [*rules[1:], len(lines)], strict=False):
        headers, body = _headers_at(lines, start + 1) or ({}, start)
        if headers.get("subject", "").lower() != "digest footer":
            messages.append(DigestMessage(headers=headers, lines=_without_end(lines[body:stop])))
    return messages


def is_masthead(message: Message, lines: Sequence[MailLine]) -> bool:
    """Whether the text beside the messages of a digest was written by the list's program."""
    text = "\n".join(line.text for line in lines)[:20_000]
    if _MASTHEAD.search(text):
        return True
    return "digest" in header(message, "subject").lower() and bool(header(message, "list-id"))


def is_scrubbed(lines: Sequence[MailLine]) -> bool:
    """Whether the list removed all text of a message, and left only the notes about it."""
    full = [line.text for line in lines if line.text]
    return bool(full) and all(_SCRUBBED.fullmatch(text) for text in full)


def _headers_at(lines: Sequence[MailLine], start: int) -> tuple[dict[str, str], int] | None:
    """Return the headers of the message that begins here, and where its text begins; None if none begins here."""
    while start < len(lines) and lines[start].is_empty:
        start += 1
    headers: dict[str, str] = {}
    last = ""
    for position in range(start, min(start + _MOST_HEADERS, len(lines))):
        text = lines[position].text
        if not text:
            break
        found = _HEADER.fullmatch(text)
        if found:
            last = found["name"].lower()
            headers.setdefault(last, decode_header(found["value"]))
        elif last:
            headers[last] = decode_header(f"{headers[last]} {text}"[:2_000])
        else:
            return None
    else:
        return None
    return (headers, position) if len(headers.keys() & {"from", "subject", "date"}) >= 2 else None


def _without_end(lines: Sequence[MailLine]) -> tuple[MailLine, ...]:
    """Return the lines of a message without the rule below it, and the list's footer below the last one."""
    end = len(lines)
    for position, line in enumerate(lines):
        following = "\n".join(line.text for line in lines[position : position + 6])
        if _RULE.fullmatch(line.text) or (_FOOTER_RULE.fullmatch(line.text) and _MASTHEAD.search(following)):
            rest = [line.text for line in lines[position + 1 :] if line.text]
            if all(len(text) < 200 for text in rest[:12]) and len(rest) <= 12:
                end = position
                break
        elif _END.fullmatch(line.text) and len(lines) - position <= 6:
            end = position
            break
    return tuple(lines[:end])
