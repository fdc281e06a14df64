"""What is new: facts that a further article adds to a story, and what a publisher changed in an article."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final, NamedTuple

from handlers.stories.number_words import NUMBER_VALUES, mask_numbers, numbers_of
from handlers.stories.quotable import (
    MAX_WIDTH,
    is_balanced,
    is_boilerplate,
    is_complete,
    is_question,
    refers_back,
    repeats,
    width,
    word_set,
)
from handlers.stories.same_headline import is_same_headline
from handlers.stories.sentences import Span, sentences
from handlers.stories.words import (
    normalize_letters,
    significant,
    significant_tokens,
    text_of,
    tokenize,
)

HEADLINE_CHANGED: Final = "Headline changed"
NUMBER_CHANGED: Final = "Number changed"

_MAX_SENTENCES: Final = 40
_LEAD: Final = 3
"""Sentences from the top that may repeat the headline."""
_REPEATS_HEADLINE: Final = 0.5
"""Share of the headline's words above which a leading sentence without a new number repeats the headline."""
_MAX_CHANGES: Final = 5
_CACHED_TEXTS: Final = 128
_CACHED_CHARS: Final = 20_000
"""The words of this many texts are cached; longer texts than this are not."""
_WORDS: Final = re.compile(r"[^\W\d_]+")
_NAME: Final = re.compile(r"(?<![.!?…\"“«(\[„:] )(?<!^)\b[^\W\d_a-z][^\W\d_]{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An edit by the publisher that readers should know about."""

    label: str
    """ "Headline changed" or "Number changed"."""
    before: str
    """The headline or sentence as it was, word for word."""
    after: str
    """The same as it is now, word for word."""
    removed: str
    """The words of `before` that were removed, in order; may be empty."""
    added: str
    """The words of `after` that were added, in order; may be empty."""


class _TextWords(NamedTuple):
    words: frozenset[str]
    """Stemmed and not; number words also as digits."""
    word_stems: frozenset[str]
    """The first letters of every word, to recognize names."""


def new_facts(
    earlier_texts: Sequence[str], *, title: str, text: str, language: str = "und", limit: int = 1
) -> tuple[Span, ...]:
    """Return up to `limit` sentences of an article with facts about the event that no earlier text has, best first.

    Each earlier text is an article's title and text. The result is empty for a near-duplicate, for a mere rewording and
    for background. A sentence that repeats its own headline is no new fact.
    """
    earlier = [(_words_of if len(other) <= _CACHED_CHARS else _words_of.__wrapped__)(other) for other in earlier_texts]
    heading = word_set(title)
    every = [(span, significant_tokens(span.text)) for span in sentences(text, language, limit=_MAX_SENTENCES)]
    new_words = {token.text for _, tokens in every for token in tokens}
    new_words |= {NUMBER_VALUES[word] for word in new_words & NUMBER_VALUES.keys()}
    for other in earlier:
        new_words = new_words - other.words
    found: list[tuple[float, int, Span]] = []
    for place, (span, tokens) in enumerate(every):
        words = set(map(text_of, tokens))
        fresh = {word for word in words if NUMBER_VALUES.get(word, word) in new_words}
        shared = len(words) - len(fresh)
        if len(words) < 4 or shared < 2 or (novelty := len(fresh) / len(words)) < 0.3:
            continue
        has_number = any(token.is_number and token.text in new_words for token in tokens)
        fact = 1.0 * has_number + 0.7 * _has_new_name(span.text, earlier)
        if fact == 0 and novelty < 0.5:
            continue
        in_heading = len(words & heading)
        if place < _LEAD and not has_number and in_heading >= _REPEATS_HEADLINE * max(len(heading), 6):
            continue
        on_topic = min(in_heading, 2) / 2
        score = fact + min(novelty, 0.6) + 0.9 * on_topic + 0.6 / (1 + 0.3 * place) + 0.05 * min(shared, 6)
        found.append((-score, place, span))
    found.sort(key=lambda entry: entry[:2])
    chosen: list[Span] = []
    for _, _, span in found:
        if len(chosen) == limit:
            break
        if _is_quotable(span, title) and not any(repeats(span.text, other.text) for other in chosen):
            chosen.append(span)
    return tuple(chosen)


@lru_cache(maxsize=_CACHED_TEXTS)
def _words_of(text: str) -> _TextWords:
    """Return the words of an earlier text. Cached: they are needed again for each further article of the story."""
    tokens = set(tokenize(text))
    words = {*map(text_of, tokens), *map(text_of, significant(tokens))}
    words |= {NUMBER_VALUES[word] for word in words & NUMBER_VALUES.keys()}
    return _TextWords(frozenset(words), _stems(_WORDS, text))


def _stems(words: re.Pattern[str], text: str) -> frozenset[str]:
    return frozenset(normalize_letters(word)[:6] for word in set(words.findall(text)))


def _has_new_name(text: str, earlier: Sequence[_TextWords]) -> bool:
    names = _stems(_NAME, text)
    for other in earlier:
        names = names - other.word_stems
    return bool(names)


def _is_quotable(span: Span, title: str) -> bool:
    return (
        width(span.text) <= MAX_WIDTH
        and not refers_back(span.text)
        and is_balanced(span.text)
        and is_complete(span.text)
        and not is_question(span.text)
        and not is_boilerplate(span.text)
        and not repeats(span.text, title)
    )


def changes(old_title: str, old_text: str, new_title: str, new_text: str) -> tuple[Change, ...]:
    """Return a changed headline, then the numbers that changed in otherwise equal sentences, in the text's order.

    Edits of punctuation, case and spaces do not count, and neither does "1,000" for "1000" or "five" for "5". At most
    five are returned.
    """
    found = []
    has_titles = bool(old_title.strip() and new_title.strip())
    if has_titles and _words(old_title) != _words(new_title) and not is_same_headline(old_title, new_title):
        found.append(_change(HEADLINE_CHANGED, old_title.strip(), new_title.strip()))
    before: dict[tuple[str, ...], list[Span]] = {}
    for span in sentences(old_text):
        before.setdefault(_masked(span.text), []).append(span)
    for span in sentences(new_text):
        same = before.get(_masked(span.text))
        if not same or not numbers_of(span.text):
            continue
        unchanged = next((other for other in same if numbers_of(other.text) == numbers_of(span.text)), None)
        if unchanged is not None:
            same.remove(unchanged)
            continue
        old = same.pop(0)
        found.append(_change(NUMBER_CHANGED, old.text, span.text))
    return tuple(found[:_MAX_CHANGES])


def _words(text: str) -> list[str]:
    return [token.text for token in tokenize(text)]


def _masked(text: str) -> tuple[str, ...]:
    """Return the words of a sentence with every number replaced by 0."""
    return tuple(token.text for token in tokenize(mask_numbers(text)))


def _change(label: str, before: str, after: str) -> Change:
    old, new = before.split(), after.split()
    removed, added = [], []
    for kind, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal" and _words(" ".join(old[first:last])) != _words(" ".join(new[start:end])):
            removed += old[first:last]
            added += new[start:end]
    return Change(label=label, before=before, after=after, removed=" ".join(removed), added=" ".join(added))
