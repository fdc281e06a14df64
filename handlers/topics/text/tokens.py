"""A text as tokens: folded for matching, and each with its exact place in the original."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from handlers.topics.text.inflection import ARABIC_LANGUAGES, KEY_SIGNS, arabic_keys, stem_keys
from handlers.topics.text.letters import BREAK, JOINED, MARK, UNSPACED, WORD, fold_word
from handlers.topics.text.words import prepare

PLAIN: Final = str.maketrans(
    {
        chr(code): chr(code).lower() if chr(code).isalnum() or chr(code) in ("_", JOINED, BREAK) else " "
        for code in range(128)
    }
)
"""A prepared text in ASCII as its words in lower case between spaces, at its own length."""
_SPACED: Final = re.compile(r"\S+")
_HAS_UNSPACED: Final = re.compile(f"[{UNSPACED}]")
SYLLABLE: Final = "[\u1100-\u115f\ua960-\ua97c][\u1160-\u11ff\ud7b0-\ud7fb]+"  # Hangul taken apart
_TOKEN: Final = re.compile(rf"{SYLLABLE}|[{UNSPACED}][{MARK}]*|[{WORD}][{WORD}{MARK}_{JOINED}]*")


_SEARCHES_MOST: Final = 10


class Tokens:
    """The tokens of one text. Everything past `folded` is computed when first asked for."""

    __slots__ = (
        "_betweens",
        "_keys",
        "_lines",
        "_plain",
        "_raw",
        "_searches",
        "_spans",
        "_starts",
        "_stemmed",
        "_where",
        "folded",
        "language",
        "prepared",
        "text",
    )

    def __init__(self, text: str, language: str, prepared: str | None = None) -> None:
        """`prepared`: what `prepare` makes of the text, where that is known."""
        self.text = text
        self.language = language
        self.prepared = prepare(text) if prepared is None else prepared
        self._spans: list[tuple[int, int]] | None = None
        self._stemmed: list[str] | None = None
        self._where: dict[str, list[int]] = {}
        self._starts: dict[str, list[int]] = {}
        self._searches = 0
        self._keys: set[str] | None = None
        self._raw: list[str] | None = None
        self._plain: str | None = None
        self._betweens: dict[int, str] = {}
        self._lines: str | None = None
        if self.prepared.isascii():
            self._plain = self.prepared.translate(PLAIN)
            if BREAK in self._plain:
                self._plain = self._plain.replace(BREAK, " ")
            self.folded = self._plain.split()
            if JOINED in self.prepared:
                self.folded = [token.replace(JOINED, "") for token in self.folded]
        else:
            self._raw = _TOKEN.findall(self.prepared)
            self.folded = list(map(fold_word, self._raw))

    @property
    def forms(self) -> Sequence[str]:
        """The words as inflection sees them: as written, or in lower case where all of the text is ASCII."""
        return self.folded if self._plain is not None else self.raw

    @property
    def keys(self) -> set[str]:
        """What words of a query may look for: folded tokens, and the keys of inflection."""
        if self._keys is None:
            self._keys = set(self.folded)
            stems = stem_keys(self.language)
            if stems is not None:
                self._keys.update(map(stems.__getitem__, set(self.forms)))
            elif self._plain is None and self.language in ARABIC_LANGUAGES:
                for word in set(self.forms):
                    self._keys.update(arabic_keys(word, self.language))
        return self._keys

    def words_with(self, letters: str) -> list[str]:
        """The folded tokens that hold some letters, each token once. A line break stands for either end of a token."""
        if self._lines is None:
            self._lines = "\n".join(("", *dict.fromkeys(self.folded), ""))
        found = []
        at = self._lines.find(letters)
        while at >= 0:
            inside = at + letters.startswith("\n")
            end = self._lines.index("\n", inside)
            found.append(self._lines[self._lines.rindex("\n", 0, inside) + 1 : end])
            at = self._lines.find(letters, end)
        return found

    @property
    def has_unspaced(self) -> bool:
        """Whether any of it is in a script without spaces."""
        return self._plain is None and _HAS_UNSPACED.search(self.prepared) is not None

    @property
    def raw(self) -> Sequence[str]:
        """The words as written, beside `folded`."""
        if self._raw is None:
            self._raw = [self.prepared[start:end] for start, end in self.spans]
        return self._raw

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Where each token stands in the original text."""
        self.place_all()
        return self._spans or []

    def place_all(self) -> None:
        """Find where all tokens stand, as many are going to be asked for."""
        if self._spans is None:
            found = _SPACED.finditer(self._plain) if self._plain is not None else _TOKEN.finditer(self.prepared)
            self._spans = [match.span() for match in found]

    def indexes(self, key: str) -> Sequence[int]:
        """The indexes of the tokens that have a key, ascending."""
        known = self._where.get(key)
        if known is None:
            known = self._where[key] = self._look_for(key) if key in self.keys else []
        return known

    def _look_for(self, key: str) -> list[int]:
        if key[:1] not in KEY_SIGNS:
            return self._all_of(self.folded, key)
        stems = stem_keys(self.language)
        if stems is None:
            words = enumerate(self.raw)
            return [index for index, word in words if key in arabic_keys(word, self.language)]
        if self._stemmed is None:
            self._stemmed = list(map(stems.__getitem__, self.forms))
        return self._all_of(self._stemmed, key)

    def _all_of(self, line: list[str], wanted: str) -> list[int]:
        """The indexes at which a token stands: a few are searched for, from then on all are noted."""
        self._searches += 1
        if self._searches > _SEARCHES_MOST:
            noted: dict[str, list[int]] = {}
            for index, token in enumerate(line):
                noted.setdefault(token, []).append(index)
            self._where.update(noted)
            self._searches = 0
            return noted[wanted]
        found: list[int] = []
        index = -1
        for _ in range(line.count(wanted)):
            index = line.index(wanted, index + 1)
            found.append(index)
        return found

    def span(self, index: int) -> tuple[int, int]:
        """Where a token stands in the original text; without placing all the others, where few are asked for."""
        if self._spans is not None or self._plain is None or JOINED in self.prepared:
            return self.spans[index]
        token = self.folded[index]
        starts = self._starts.get(token)
        if starts is None:
            if len(self._starts) >= _SEARCHES_MOST:
                return self.spans[index]
            starts = self._starts[token] = _starts_of(token, f" {self._plain} ")
        start = starts[bisect_left(self.indexes(token), index)]
        return start, start + len(token)

    def between(self, index: int) -> str:
        """What stands between a token and the next, without the spaces around it."""
        known = self._betweens.get(index)
        if known is None:
            known = self.prepared[self.span(index)[1] : self.span(index + 1)[0]].strip()
            self._betweens[index] = known
        return known

    def place(self, first: int, past: int) -> tuple[int, int]:
        """Where the tokens from `first` to before `past` stand in the original text."""
        last, end = self.span(past - 1)
        start = last if past - first == 1 else self.span(first)[0]
        if self.prepared[end : end + 1] == "." and JOINED in self.prepared[last:end]:
            end += 1  # the last dot of U.S.
        return start, end


def _starts_of(token: str, padded: str) -> list[int]:
    """Where a token starts in a text of tokens and spaces that was padded with one space at each end."""
    wanted = f" {token} "
    found: list[int] = []
    at = padded.find(wanted)
    while at >= 0:
        found.append(at)
        at = padded.find(wanted, at + len(token) + 1)
    return found


BEGINNING: Final = "…"
"""Behind what is searched for: a word may go on. No word for the index holds it."""


def searchable(token: str) -> str:
    """A token or key as one word for a full-text index that knows nothing but letters and digits."""
    token = token.replace("~", "0").replace("^", "0")
    if token.isascii() and token.isalnum():
        return token
    return "".join(char if char.isalnum() else f"x{ord(char):x}" for char in token)


def index_words(title: str, text: str, language: str) -> str:
    """The words of an article for full-text search: its tokens in order, then the keys of their inflections."""
    parts = [Tokens(title, language), Tokens(text, language)]
    words = [searchable(token) for part in parts for token in part.folded if token]
    extra = {searchable(key) for part in parts for key in part.keys.difference(part.folded) if key} - set(words)
    return " ".join([*words, *sorted(extra)])
