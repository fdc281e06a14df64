"""The words of an article with hashtags in camel case, and their spans by position.

The parts of hashtags are the last words of the article. They share their positions with the hashtag.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from handlers.topics.index.word_spans import NO_SPANS, WordSpans, spans_of_length, union
from handlers.topics.query.lexer import MAX_NEAR
from handlers.topics.text.hashtags import Parts, Positions, positions_of
from handlers.topics.text.letters import BREAK
from handlers.topics.text.tokens import Tokens
from handlers.topics.text.words import Words

LocatedWord = tuple[str, int, int]
"""A word, and its start and end (exclusive) in the prepared article."""


def listed(prepared: str, hashtags: Sequence[Parts]) -> str:
    """Return the parts as words to split, with a break between two hashtags, which no phrase extends across."""
    return f" {BREAK} ".join(" ".join(prepared[start:end] for start, end in parts) for parts in hashtags)


def words_of_fields(title: Tokens, body: Tokens, body_at: int) -> list[LocatedWord]:
    """Return the words that splitting the whole article gives, including those of `listed`, from those of its fields.

    `body_at` is where the body starts in the prepared article.
    """
    words: list[LocatedWord] = []
    hashtags: list[list[LocatedWord]] = []
    for text, by in ((title, 1), (body, body_at)):
        located = [(word, start + by, end + by) for word, (start, end) in zip(text.stemmable, text.spans, strict=True)]
        own = len(located) - sum(map(len, text.hashtags))
        end = by + len(text.text) + 1
        words += [*located[:own], (BREAK, end, end + 1)]
        for parts in text.hashtags:
            hashtags.append(located[own : own + len(parts)])
            own += len(parts)
    for number, parts_of_one in enumerate(hashtags):
        words += [*([_break_before(body_at)] if number else []), *parts_of_one]
    return words


def place_parts(words: Words, hashtags: Sequence[Parts], body_at: int) -> Positions:
    """Set where the parts, which are the last words, are in the article. Returns the positions of all words."""
    word = words.count - sum(map(len, hashtags)) - len(hashtags) + 1
    starts = words.starts[:word]
    for parts in hashtags:
        for start, end in parts:
            words.starts[word], words.ends[word] = start, end
            word += 1
        if word < words.count:
            _, words.starts[word], words.ends[word] = _break_before(body_at)
            word += 1
    return positions_of(starts, hashtags, break_word=bisect_left(starts, body_at - 2), gap=MAX_NEAR)


def _break_before(body_at: int) -> LocatedWord:
    """Return the break between title and body, which also serves between the parts of two hashtags."""
    return BREAK, body_at - 2, body_at - 1


def located(spans: Iterable[tuple[int, int]], positions: Positions) -> WordSpans:
    """Return spans by position, from spans by word: the first word, and the word after the last."""
    return _of_any_length((positions.firsts[first], positions.ends[end - 1]) for first, end in spans)


def without_nested(spans: WordSpans, hashtags: Sequence[tuple[int, int]]) -> WordSpans:
    """Return the spans of a query word or phrase without those of parts where it also occurs as more of the hashtag.

    So `huawei*` occurs once in #HuaweiBan.
    """
    firsts = [first for first, _ in hashtags]
    kept: list[tuple[int, int]] = []
    longest_end = 0
    listed = sorted(spans.listed(), key=lambda span: (span[0], -span[1]))
    for start, end in listed:
        before = bisect_right(firsts, start) - 1
        if end > longest_end or before < 0 or end > hashtags[before][1]:
            kept.append((start, end))
        longest_end = max(longest_end, end)
    return _of_any_length(kept) if len(kept) < len(listed) else spans


def _of_any_length(spans: Iterable[tuple[int, int]]) -> WordSpans:
    starts: dict[int, set[int]] = {}
    for start, end in spans:
        starts.setdefault(end - start, set()).add(start)
    found = NO_SPANS
    for length, of_length in starts.items():
        found = union(found, spans_of_length(sorted(of_length), length))
    return found
