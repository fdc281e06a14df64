"""Sentences as exact spans of a text, in every script: what is quoted later is a slice, never a rewrite."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from handlers.stories.stop_words import ABBREVIATIONS, MONTH_OPENINGS, OPENERS

MAX_CHARS: Final = 100_000
"""Text beyond this is not split: no one quotes the end of a book."""
_MAX_BRACKET: Final = 300

_PARAGRAPH: Final = re.compile(r"[^\n\r\u2028\u2029\x0b\x0c\x85]+")
_STOPS = ".!?…。！？｡؟۔।॥։።。๚។៕"
_FULL = "。！？｡"
_CLOSERS = "\"'”’»›)]}）」』】》〉＂"
_TERMINATOR: Final = re.compile(rf"[{re.escape(_STOPS)}]+[{re.escape(_CLOSERS)}]*")
# French sets its quotation marks apart.
_SPACED_CLOSER: Final = re.compile(r"\s?»[,;]?")
_SPACE: Final = re.compile(r"\s+")
_THAI: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_THAI_LEAST: Final = 60
_WORD_BEFORE: Final = re.compile(r"(?:[^\W\d_]\.)*[^\W_]+[’'\-]?[^\W_]*$")
_ACRONYM: Final = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]$")
_STAMP: Final = re.compile(
    r"(?:[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4},?|\d{1,2} [A-Z][a-z]{2,8}\.? \d{4},?|\d{4}-\d\d-\d\d) "
    r"\d{1,2}[:.]\d\d(?: ?[AaPp]\.?[Mm]\.?)?\s*(?=[A-Z“\"‘])"
)
_ORDINAL_DOT: Final = frozenset(
    {"de", "da", "no", "nb", "nn", "fi", "cs", "sk", "hu", "hr", "sl", "sr", "et", "lv", "is", "tr"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A piece of a text: `text == whole[start:end]`."""

    start: int
    end: int
    text: str


def sentences(text: str, language: str = "und", *, most: int | None = None) -> tuple[Span, ...]:
    """The sentences of the text in order, none empty, none across two paragraphs. Joins of spans skip only spaces.

    A bullet's mark is left out of its span. `most`: no more than so many, from the top.
    """
    return tuple(islice(_sentences(text, language), most))


def _sentences(text: str, language: str) -> Iterator[Span]:
    for start, end in _paragraphs(text[:MAX_CHARS]):
        for first, last in _split(text, start, end, language):
            span = _trim(text, first, last)
            if span is not None:
                yield span


def _trim(text: str, start: int, end: int) -> Span | None:
    start = _stamped(text, start, end)
    while end > start and (text[end - 1].isspace() or text[end - 1] == "\ufeff"):
        end -= 1
    while start < end and (text[start].isspace() or text[start] in "•·▪▸►‣◦●■\ufeff"):
        start += 1
    if start >= end or not any(letter.isalnum() for letter in text[start:end]):
        return None
    return Span(start=start, end=end, text=text[start:end])


def _stamped(text: str, start: int, end: int) -> int:
    """Where the sentence begins that a page's time of publication is glued to, else `start`."""
    found = _STAMP.match(text, start, end)
    return found.end() if found else start


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Lines, but one that was only wrapped (it ends in mid-sentence, the next goes on in lower case) is not an end."""
    held: tuple[int, int] | None = None
    for found in _PARAGRAPH.finditer(text):
        start, end = found.span()
        if not found.group().strip():
            continue
        if held is not None:
            gap = text[held[1] : start]
            if _wrapped(text[held[0] : held[1]], gap, found.group()):
                held = (held[0], end)
                continue
            yield held
        held = (start, end)
    if held is not None:
        yield held


def _wrapped(before: str, gap: str, after: str) -> bool:
    last_line = before.rsplit("\n", 1)[-1].rstrip()
    return (
        gap.strip(" \t\r") == "\n"
        and 50 <= len(last_line) <= 100
        and last_line[-1] not in _STOPS + _CLOSERS + ":;"
        and after.lstrip()[:1].islower()
    )


def _split(text: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    first = start
    for found in _TERMINATOR.finditer(text, start, end):
        if found.start() < first:
            continue
        stop = found.end()
        closing = _SPACED_CLOSER.match(text, stop, end)
        if closing and text.count("«", first, stop) > text.count("»", first, stop):
            stop = closing.end()
        cut = _cut(text, first, found.start(), stop, start, end, language)
        if cut is not None:
            yield from _thai(text, first, cut)
            first = cut
    yield from _thai(text, first, end)


def _cut(text: str, first: int, mark: int, stop: int, start: int, end: int, language: str) -> int | None:
    """Where the sentence ends whose stop stands at `mark` (its closing quotes end at `stop`); None: not an end."""
    if stop >= end:
        return end
    run = text[mark:stop].rstrip(_CLOSERS)
    dot = run == "."
    glued = not text[stop].isspace()
    if not set(run) & set(_FULL):
        if glued:
            cut = _glued(text, mark, stop, start, end)
            if cut is None:
                return None
            stop = cut
        if dot and _abbreviated(text, first, mark, stop, end, language):
            return None
        following = text[stop:end].lstrip()
        opening = following.lstrip("\"'“‘«‹([{„‚「『（–—- ")[:1]
        if opening.islower():
            return None
        if run[0] in ".…" and len(run) > 1 and opening.isdigit():
            return None
    if _bracket_open(text, first, stop, end):
        return None
    return stop


def _glued(text: str, mark: int, stop: int, start: int, end: int) -> int | None:
    """A missing space ("loi.Cela dit"), told by lower case, stop, capital, lower case; the cut, or None."""
    run = text[mark:stop]
    quotes = len(run) - len(run.rstrip("\"'"))
    cut = stop
    if quotes and text.count(run[-1], start, stop - quotes) % 2 == 0:
        cut = stop - quotes
    before = text[mark - 1 : mark]
    after = text[cut:end].lstrip("\"'“‘«‹([ ")[:2]
    if text[mark] == "." and not (before.islower() or before in _CLOSERS or before == "%" or before.isdigit()):
        return None
    if before.isdigit() and after[:1].isdigit():
        return None
    if text[mark] in ".…!?" and len(after) == 2 and after[0].isupper() and (after[1].islower() or after[1] in "'’ "):
        word = _WORD_BEFORE.search(text, max(start, mark - 40), mark)
        return cut if word is None or "." not in word.group() else None
    if text[mark] not in ".…!?":
        return cut
    return None


def _abbreviated(text: str, first: int, mark: int, stop: int, end: int, language: str) -> bool:
    found = _WORD_BEFORE.search(text, max(first, mark - 40), mark)
    if found is None:
        return False
    word = found.group()
    following = text[stop : stop + 40].split(maxsplit=1)
    next_word = following[0].strip("\"'“‘«([").rstrip(".,;:!?\"'”’»)") if following else ""
    if stop > mark + 1:
        return False
    if _ACRONYM.search(word) or word.casefold() in {"u.s", "u.k"}:
        return next_word.casefold() not in OPENERS
    if len(word) == 1 and word.isupper() and word.isalpha():
        return not (word == "I" and next_word.casefold() in OPENERS)
    if word.casefold() in ABBREVIATIONS:
        if word.casefold() in {
            "no",
            "co",
            "inc",
            "ltd",
            "corp",
            "plc",
            "mar",
            "sat",
            "sun",
            "fig",
            "art",
            "on",
            "ing",
            "est",
            "ca",
            "me",
            "s",
        }:
            if word.casefold() in {"no", "fig", "art", "ca", "s"}:
                return next_word[:1].isdigit()
            if word.casefold() in {"on", "ing", "me", "est"} or not word[:1].isupper():
                return False
            return next_word.casefold() not in OPENERS
        return True
    if word.isdigit() and len(word) <= 2:
        if found.start() <= first + 1:
            return True
        return language in _ORDINAL_DOT or next_word.casefold()[:3] in MONTH_OPENINGS
    return False


def _bracket_open(text: str, first: int, stop: int, end: int) -> bool:
    """Whether the stop stands inside brackets that close soon after it."""
    inside = text[first:stop]
    if inside.count("(") <= inside.count(")"):
        return False
    ahead = text[stop : min(end, stop + _MAX_BRACKET)]
    return ")" in ahead and "(" not in ahead.split(")", 1)[0]


def _thai(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Thai and its neighbours write no stops: a space ends a clause; clauses are gathered to a readable length."""
    piece = text[start:end]
    if len(_THAI.findall(piece)) * 2 < len(piece.strip()) or not piece.strip():
        yield start, end
        return
    first = start
    for space in _SPACE.finditer(text, start, end):
        if space.start() - first >= _THAI_LEAST and end - space.end() >= _THAI_LEAST // 3:
            yield first, space.start()
            first = space.end()
    yield first, end
