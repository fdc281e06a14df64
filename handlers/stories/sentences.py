"""Splits a text into sentences, in every script. Each is an exact slice of the text, so quotations are verbatim."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple

from handlers.stories.stop_words import ABBREVIATIONS, MONTH_PREFIXES, SENTENCE_OPENERS

MAX_CHARS: Final = 100_000
"""Text beyond this is not split: nobody quotes the end of a book."""
_MAX_BRACKET: Final = 300

_PARAGRAPH: Final = re.compile(r"[^\n\r\u2028\u2029\x0b\x0c\x85]+")
_STOPS = ".!?…。！？｡؟۔।॥։።。๚។៕"
_FULL = "。！？｡"
_CLOSERS = "\"'”’»›)]}）」』】》〉＂"
_TERMINATOR: Final = re.compile(rf"[{re.escape(_STOPS)}]+[{re.escape(_CLOSERS)}]*")
# French puts a space before a closing quotation mark.
_SPACED_CLOSER: Final = re.compile(r"\s?»[,;]?")
_SPACE: Final = re.compile(r"\s+")
_UNPUNCTUATED: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_MIN_CLAUSE: Final = 60
_WORD_BEFORE: Final = re.compile(r"(?:[^\W\d_]\.)*[^\W_]+[’'\-]?[^\W_]*$")
_ACRONYM: Final = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]$")
_TIMESTAMP: Final = re.compile(
    r"(?:[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4},?|\d{1,2} [A-Z][a-z]{2,8}\.? \d{4},?|\d{4}-\d\d-\d\d) "
    r"\d{1,2}[:.]\d\d(?: ?[AaPp]\.?[Mm]\.?)?\s*(?=[A-Z“\"‘])"
)
_ORDINAL_PERIOD: Final = frozenset(
    {"de", "da", "no", "nb", "nn", "fi", "cs", "sk", "hu", "hr", "sl", "sr", "et", "lv", "is", "tr"}
)
"""Languages that write ordinal numbers with a period."""
# Abbreviations that are also words, or often end a sentence.
_BEFORE_NUMBERS: Final = frozenset({"no", "fig", "art", "ca", "s"})
"""Abbreviations only before a number."""
_CAPITALIZED: Final = frozenset({"co", "inc", "ltd", "corp", "plc", "mar", "sat", "sun"})
"""Abbreviations only when capitalized, and not before a word that often begins a sentence."""
_ORDINARY_WORDS: Final = frozenset({"on", "ing", "est", "me"})
"""Usually words at the end of a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A slice of a text: `span.text == text[span.start : span.end]`."""

    start: int
    end: int
    text: str


def sentences(text: str, language: str = "und", *, limit: int | None = None) -> tuple[Span, ...]:
    """Return the sentences of the text in order. None is empty, and none crosses the border of a paragraph.

    Spans leave out only white space, bullets, times of publication and pieces without a letter or digit. `language` is
    an ISO 639-1 code or "und". At most `limit` sentences are returned.
    """
    return tuple(islice(_sentences(text, language), limit))


def _sentences(text: str, language: str) -> Iterator[Span]:
    for start, end in _paragraphs(text[:MAX_CHARS]):
        for first, last in _split(text, start, end, language):
            span = _trim(text, first, last)
            if span is not None:
                yield span


def _trim(text: str, start: int, end: int) -> Span | None:
    start = _after_timestamp(text, start, end)
    while end > start and (text[end - 1].isspace() or text[end - 1] == "\ufeff"):
        end -= 1
    while start < end and (text[start].isspace() or text[start] in "•·▪▸►‣◦●■\ufeff"):
        start += 1
    if start >= end or not any(letter.isalnum() for letter in text[start:end]):
        return None
    return Span(start=start, end=end, text=text[start:end])


def _after_timestamp(text: str, start: int, end: int) -> int:
    """Return the offset after a time of publication at the beginning of the sentence; `start` if there is none."""
    found = _TIMESTAMP.match(text, start, end)
    return found.end() if found else start


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield the paragraphs: lines, but a line that was only wrapped and its continuation count as one."""
    previous: tuple[int, int] | None = None
    for found in _PARAGRAPH.finditer(text):
        start, end = found.span()
        if not found.group().strip():
            continue
        if previous is not None:
            gap = text[previous[1] : start]
            if _is_wrapped(text[previous[0] : previous[1]], gap, found.group()):
                previous = (previous[0], end)
                continue
            yield previous
        previous = (start, end)
    if previous is not None:
        yield previous


def _is_wrapped(before: str, gap: str, after: str) -> bool:
    """Return whether `before` ends in the middle of a sentence that `after` continues in lower case."""
    last_line = before.rsplit("\n", 1)[-1].rstrip()
    return (
        gap.strip(" \t\r") == "\n"
        and 50 <= len(last_line) <= 100
        and last_line[-1] not in _STOPS + _CLOSERS + ":;"
        and after.lstrip()[:1].islower()
    )


class _Stop(NamedTuple):
    """A possible end of a sentence, as offsets into the text."""

    sentence: int
    """Where the sentence begins."""
    mark: int
    """Where the run of periods or other terminators begins."""
    end: int
    """After the terminators and the closing quotation marks and brackets that follow them."""


def _split(text: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    """Yield the sentences of the paragraph `text[start:end]`."""
    first = start
    for found in _TERMINATOR.finditer(text, start, end):
        if found.start() < first:
            continue
        stop = found.end()
        closing = _SPACED_CLOSER.match(text, stop, end)
        if closing and text.count("«", first, stop) > text.count("»", first, stop):
            stop = closing.end()
        cut = _sentence_end(text, _Stop(first, found.start(), stop), (start, end), language)
        if cut is not None:
            yield from _split_unpunctuated(text, first, cut)
            first = cut
    yield from _split_unpunctuated(text, first, end)


def _sentence_end(text: str, stop: _Stop, paragraph: tuple[int, int], language: str) -> int | None:
    """Return where the sentence with this stop ends; None if the stop is not an end."""
    end = paragraph[1]
    if stop.end >= end:
        return end
    cut = stop.end
    run = text[stop.mark : cut].rstrip(_CLOSERS)
    if not set(run) & set(_FULL):
        if not text[cut].isspace():
            unspaced = _unspaced_end(text, stop, paragraph)
            if unspaced is None:
                return None
            cut = unspaced
        if run == "." and _is_abbreviated(text, stop._replace(end=cut), language):
            return None
        following = text[cut:end].lstrip()
        opening = following.lstrip("\"'“‘«‹([{„‚「『（–—- ")[:1]
        if opening.islower():
            return None
        if run[0] in ".…" and len(run) > 1 and opening.isdigit():
            return None
    if _is_in_brackets(text, stop.sentence, cut, end):
        return None
    return cut


def _unspaced_end(text: str, stop: _Stop, paragraph: tuple[int, int]) -> int | None:
    """Return where a sentence ends that lacks a space after its stop ("loi.Cela dit"); None if it is not an end.

    It is an end where the stop follows lower case and precedes a capitalized word.
    """
    start, end = paragraph
    mark = stop.mark
    run = text[mark : stop.end]
    quotes = len(run) - len(run.rstrip("\"'"))
    cut = stop.end
    if quotes and text.count(run[-1], start, stop.end - quotes) % 2 == 0:
        cut = stop.end - quotes
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


def _is_abbreviated(text: str, stop: _Stop, language: str) -> bool:
    """Return whether the period at this stop belongs to an abbreviation or an ordinal number and ends no sentence."""
    found = _WORD_BEFORE.search(text, max(stop.sentence, stop.mark - 40), stop.mark)
    if found is None or stop.end > stop.mark + 1:
        return False
    word = found.group()
    following = text[stop.end : stop.end + 40].split(maxsplit=1)
    next_word = following[0].strip("\"'“‘«([").rstrip(".,;:!?\"'”’»)") if following else ""
    begins_sentence = next_word.casefold() in SENTENCE_OPENERS
    if _ACRONYM.search(word) or word.casefold() in {"u.s", "u.k"}:
        return not begins_sentence
    if len(word) == 1 and word.isupper() and word.isalpha():
        return not (word == "I" and begins_sentence)
    if word.casefold() in _BEFORE_NUMBERS:
        return next_word[:1].isdigit()
    if word.casefold() in _ORDINARY_WORDS:
        return False
    if word.casefold() in _CAPITALIZED:
        return word[:1].isupper() and not begins_sentence
    if word.casefold() in ABBREVIATIONS:
        return True
    if word.isdigit() and len(word) <= 2:
        if found.start() <= stop.sentence + 1:
            return True
        return language in _ORDINAL_PERIOD or next_word.casefold()[:3] in MONTH_PREFIXES
    return False


def _is_in_brackets(text: str, first: int, stop: int, end: int) -> bool:
    """Return whether the stop is inside brackets that close soon after it."""
    inside = text[first:stop]
    if inside.count("(") <= inside.count(")"):
        return False
    ahead = text[stop : min(end, stop + _MAX_BRACKET)]
    return ")" in ahead and "(" not in ahead.split(")", 1)[0]


def _split_unpunctuated(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Split text in Thai, Lao, Burmese or Khmer, which have no full stop: a space ends a clause.

    Clauses are combined to a readable length. Other text is yielded unchanged.
    """
    piece = text[start:end]
    if len(_UNPUNCTUATED.findall(piece)) * 2 < len(piece.strip()) or not piece.strip():
        yield start, end
        return
    first = start
    for space in _SPACE.finditer(text, start, end):
        if space.start() - first >= _MIN_CLAUSE and end - space.end() >= _MIN_CLAUSE // 3:
            yield first, space.start()
            first = space.end()
    yield first, end
