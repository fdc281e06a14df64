"""A text as tokens: folded for matching, each with its exact position in the original text."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Final

from handlers.topics.text.hashtags import hashtag_parts
from handlers.topics.text.inflection import (
    ARABIC_LANGUAGES,
    KEY_SIGNS,
    TRANSCRIBED,
    arabic_keys,
    stem_keys,
    transcribed,
)
from handlers.topics.text.letters import ACRONYM_DOT, BREAK, MARK, UNSPACED, WORD, fold_word
from handlers.topics.text.words import prepare

_ASCII_FOLDING: Final = str.maketrans(
    {
        chr(code): chr(code).lower() if chr(code).isalnum() or chr(code) in ("_", ACRONYM_DOT, BREAK) else " "
        for code in range(128)
    }
)
"""Turns a prepared ASCII text into lower-case words between spaces, at the same length."""
_SPACED: Final = re.compile(r"\S+")
SYLLABLE: Final = "[\u1100-\u115f\ua960-\ua97c][\u1160-\u11ff\ud7b0-\ud7fb]+"
"""A regular expression for a syllable of decomposed Hangul."""
_TOKEN: Final = re.compile(rf"{SYLLABLE}|[{UNSPACED}][{MARK}]*|[{WORD}][{WORD}{MARK}_{ACRONYM_DOT}]*")
_MAX_SEARCHES: Final = 10
"""The number of tokens that are searched for one by one. After that, all tokens are indexed or located at once."""


class Tokens:
    """The tokens of one text, numbered from 0, with the parts of hashtags last. Most is computed on first use."""

    __slots__ = (
        "_folded_text",
        "_indexes",
        "_keys",
        "_raw",
        "_searches",
        "_spans",
        "_starts",
        "_stemmed",
        "folded",
        "hashtags",
        "language",
        "prepared",
        "text",
    )

    def __init__(self, text: str, language: str, prepared: str | None = None) -> None:
        """`language` is an ISO 639-1 code or "und". `prepared` is the result of `prepare` if the caller has it."""
        self.text = text
        self.language = language
        self.prepared = prepare(text) if prepared is None else prepared
        self._spans: list[tuple[int, int]] | None = None
        self._stemmed: list[str] | None = None
        self._indexes: dict[str, list[int]] = {}
        """By key: the tokens that have it."""
        self._starts: dict[str, list[int]] = {}
        """By token: where its occurrences start."""
        self._searches = 0
        self._keys: set[str] | None = None
        self._raw: list[str] | None = None
        self._folded_text: str | None = None
        """The tokens of an ASCII text between spaces, at the length of the text; None for other texts."""
        if self.prepared.isascii():
            self._folded_text = self.prepared.translate(_ASCII_FOLDING)
            if BREAK in self._folded_text:
                self._folded_text = self._folded_text.replace(BREAK, " ")
            self.folded = self._folded_text.split()
            if ACRONYM_DOT in self.prepared:
                self.folded = [token.replace(ACRONYM_DOT, "") for token in self.folded]
        else:
            self._raw = _TOKEN.findall(self.prepared)
            self.folded = list(map(fold_word, self._raw))
        self.hashtags = hashtag_parts(self.prepared, text) if "#" in self.prepared else ()
        parts = [self.prepared[start:end] for start, end in chain(*self.hashtags)]
        self.folded += map(fold_word, parts)
        if self._raw is not None:
            self._raw += parts

    @property
    def stemmable(self) -> Sequence[str]:
        """The tokens as stemmers need them: as written or, if the whole text is ASCII, in lower case."""
        return self.folded if self._folded_text is not None else self.raw

    @property
    def keys(self) -> set[str]:
        """What a query word can be looked up by: the folded tokens, and the inflection keys of all tokens."""
        if self._keys is None:
            self._keys = set(self.folded)
            stems = stem_keys(self.language)
            if stems is not None:
                self._keys.update(map(stems.__getitem__, set(self.stemmable)))
            elif self._folded_text is None and self.language in ARABIC_LANGUAGES:
                for word in set(self.stemmable):
                    self._keys.update(arabic_keys(word, self.language))
            if self._folded_text is None:
                self._keys.update(TRANSCRIBED + spelled for spelled in map(transcribed, set(self.raw)) if spelled)
        return self._keys

    @property
    def raw(self) -> Sequence[str]:
        """The tokens as written in the prepared text, parallel to `folded`."""
        if self._raw is None:
            self._raw = [self.prepared[start:end] for start, end in self.spans]
        return self._raw

    @property
    def spans(self) -> list[tuple[int, int]]:
        """The start and end (exclusive) of each token in the original text."""
        self.locate_all()
        return self._spans or []

    def locate_all(self) -> None:
        """Find the spans of all tokens at once. Call it before asking for many of them."""
        if self._spans is None:
            is_ascii = self._folded_text is not None
            found = _SPACED.finditer(self._folded_text or "") if is_ascii else _TOKEN.finditer(self.prepared)
            self._spans = [*(match.span() for match in found), *chain(*self.hashtags)]

    def indexes(self, key: str) -> Sequence[int]:
        """Return the numbers of the tokens that have the key, ascending."""
        indexes = self._indexes.get(key)
        if indexes is None:
            indexes = self._indexes[key] = self._find(key) if key in self.keys else []
        return indexes

    def _find(self, key: str) -> list[int]:
        if key[:1] not in KEY_SIGNS:
            return self._occurrences(self.folded, key)
        if key[0] == TRANSCRIBED:
            return [index for index, word in enumerate(self.raw) if transcribed(word) == key[1:]]
        stems = stem_keys(self.language)
        if stems is None:
            return [index for index, word in enumerate(self.raw) if key in arabic_keys(word, self.language)]
        if self._stemmed is None:
            self._stemmed = list(map(stems.__getitem__, self.stemmable))
        return self._occurrences(self._stemmed, key)

    def _occurrences(self, tokens: list[str], wanted: str) -> list[int]:
        """Return the indexes of a token. The first few calls search for it; a later one indexes all tokens."""
        self._searches += 1
        if self._searches > _MAX_SEARCHES:
            indexes: dict[str, list[int]] = {}
            for index, token in enumerate(tokens):
                indexes.setdefault(token, []).append(index)
            self._indexes.update(indexes)
            self._searches = 0
            return indexes[wanted]
        found: list[int] = []
        index = -1
        for _ in range(tokens.count(wanted)):
            index = tokens.index(wanted, index + 1)
            found.append(index)
        return found

    def span(self, index: int) -> tuple[int, int]:
        """Return the start and end (exclusive) of a token in the original text. Locates only this token if it can."""
        if self._spans is not None or self._folded_text is None or self.hashtags or ACRONYM_DOT in self.prepared:
            return self.spans[index]
        token = self.folded[index]
        starts = self._starts.get(token)
        if starts is None:
            if len(self._starts) >= _MAX_SEARCHES:
                return self.spans[index]
            starts = self._starts[token] = _starts_of(token, f" {self._folded_text} ")
        start = starts[bisect_left(self.indexes(token), index)]
        return start, start + len(token)

    def char_span(self, first: int, end: int) -> tuple[int, int]:
        """Return the start and end (exclusive), in the original text, of the tokens `first` to `end` (exclusive)."""
        last_start, last_end = self.span(end - 1)
        start = last_start if end - first == 1 else self.span(first)[0]
        if self.prepared[last_end : last_end + 1] == "." and ACRONYM_DOT in self.prepared[last_start:last_end]:
            last_end += 1  # the last dot of U.S.
        return start, last_end


def _starts_of(token: str, padded: str) -> list[int]:
    """Return where the token starts in a text, given as tokens and spaces with one more space at each end."""
    padded_token = f" {token} "
    found: list[int] = []
    at = padded.find(padded_token)
    while at >= 0:
        found.append(at)
        at = padded.find(padded_token, at + len(token) + 1)
    return found


@lru_cache(maxsize=1 << 13)
def searchable(token: str) -> str:
    """Return a token or key as one word of letters and digits, for a full-text index that knows nothing else."""
    if token.isascii() and token.isalnum():
        return token
    token = token.replace("~", "0").replace("^", "0").replace(TRANSCRIBED, "0")
    return "".join(char if char.isalnum() else f"x{ord(char):x}" for char in token)


def index_words(title: str, text: str, language: str) -> str:
    """Return the words of an article for full-text search: its tokens in order, then their inflection keys."""
    parts = [Tokens(title, language), Tokens(text, language)]
    words = [searchable(token) for part in parts for token in part.folded if token]
    keys = {searchable(key) for part in parts for key in part.keys.difference(part.folded) if key} - set(words)
    return " ".join([*words, *sorted(keys)])
