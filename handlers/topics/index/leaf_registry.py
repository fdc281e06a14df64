"""The leaves of all topics: query words, pairs of words and phrases, each with a name and a number.

A leaf exists as long as a topic or phrase uses it. Equal words and phrases of different topics share a leaf.
"""

import sys
from typing import Final

from handlers.topics.index.layout import BODY, TITLE
from handlers.topics.index.lexicon import Lexicon, name_of, rank_of_name
from handlers.topics.index.postings import Postings
from handlers.topics.index.program import CONDITIONAL_PHRASE, PLAIN_PHRASE, TIGHT_PAIR, is_pair, plain_name
from handlers.topics.index.signs import Signs, needs_signs
from handlers.topics.index.waiting import PhraseWords
from handlers.topics.query.tree import ANY_SEPARATOR, NO_SEPARATOR, Atom, Phrase, Variant, Wildcard, Word

_PHRASE_RANK = 0.1
"""The estimated frequency of a phrase, relative to that of its rarest word."""
_FIELDS: Final = {"": 0, "title": TITLE, "body": BODY}
_PHRASES: Final = (PLAIN_PHRASE, TIGHT_PAIR, CONDITIONAL_PHRASE)
"""The first characters of the names of phrases."""
_ANY_WORD: Final = ""


class LeafRegistry:
    """Creates and removes leaves, and counts their uses."""

    def __init__(self, postings: Postings) -> None:
        self.lexicon = Lexicon()
        self._postings = postings
        self._names = [""]
        """By number. The first is `layout.ALWAYS`."""
        self._phrases: dict[str, int] = {}
        """By name of a phrase: its number."""
        self._conditional_names: dict[tuple[str, tuple[Variant, ...]], str] = {}
        """By field and variants."""
        self._conditional: dict[str, Phrase] = {}
        """By name, for phrases that require more than adjacent words."""
        self._conditional_count = 0

    def name_of(self, phrase: Phrase) -> str:
        """Return the leaf name of a phrase in title or body."""
        name = plain_name(phrase)
        if name is not None:
            return name
        key = (phrase.field, phrase.variants)
        name = self._conditional_names.get(key)
        if name is None:
            self._conditional_count += 1
            name = self._conditional_names[key] = f"{CONDITIONAL_PHRASE}{self._conditional_count}"
            self._conditional[name] = phrase
        return name

    def rank_of(self, name: str) -> float:
        """Return a rough estimate of how frequent a leaf is. A smaller number means rarer."""
        if name[0] == CONDITIONAL_PHRASE:
            variants = self._conditional[name].variants
            return sum(self.rank_of(_anchor_of(_names_in(variant), variant.separators)[1]) for variant in variants)
        if name[0] in _PHRASES:
            return _PHRASE_RANK * min(map(rank_of_name, name[1:].split(PLAIN_PHRASE)))
        return rank_of_name(name)

    def phrase(self, number: int) -> Phrase:
        """Return a phrase that requires more than adjacent words, by the number of its leaf."""
        return self._conditional[self._names[number]]

    def use(self, name: str) -> int:
        """Count one more use of a leaf, and return its number. Creates the leaf if it does not exist."""
        is_word = name[0] not in _PHRASES
        number = (self.lexicon.numbers if is_word else self._phrases).get(name)
        if number is None:
            number = self._postings.new_leaf()
            if number == len(self._names):
                self._names.append(name)
            else:
                self._names[number] = name
            if is_word:
                self.lexicon.add(name, number)
            else:
                self._phrases[name] = number
                self._add_phrase(name, number)
        self._postings.use_leaf(number)
        return number

    def _add_phrase(self, name: str, number: int) -> None:
        if is_pair(name):
            first, second = map(self.use, _words_in(name))
            self._postings.add_pair(number, first, second, tight=name[0] == TIGHT_PAIR)
        elif name[0] == PLAIN_PHRASE:
            words = _words_in(name)
            self._add_variant(number, words, (ANY_SEPARATOR,) * (len(words) - 1), 0)
        else:
            phrase = self._conditional[name]
            for variant in phrase.variants:
                signs = self._postings.add_signs(Signs(variant)) if needs_signs(variant) else 0
                last = variant.atoms[-1]
                signs_after = len(last.signs_after) if isinstance(last, Word) else 0
                words = _names_in(variant)
                self._add_variant(number, words, variant.separators, _FIELDS[phrase.field], signs, signs_after)

    def _add_variant(
        self,
        number: int,
        words: tuple[str, ...],
        separators: tuple[str, ...],
        field: int,
        signs: int = 0,
        signs_after: int = 0,
    ) -> None:
        """Add one way to write a phrase, and use its words and its anchor."""
        anchor_at, anchor = _anchor_of(words, separators)
        leaves = {word: self.use(word) for word in {*words, anchor} if word != _ANY_WORD}
        self._postings.add_phrase(
            PhraseWords(
                leaf=number,
                words=[leaves.get(word, 0) for word in words],
                anchor=leaves[anchor],
                anchor_at=anchor_at,
                field=field,
                signs=signs,
                signs_after=signs_after,
            )
        )

    def release(self, number: int) -> None:
        """Count one use of a leaf less. Removes the leaf if that was the last one."""
        name = self._names[number]
        if not self._postings.release_leaf(number):
            return
        if name[0] not in _PHRASES:
            self.lexicon.remove(name)
            return
        del self._phrases[name]
        if is_pair(name):
            first, second = map(self.lexicon.numbers.__getitem__, _words_in(name))
            self._postings.remove_pair(first, second, tight=name[0] == TIGHT_PAIR)
            self.release(first)
            self.release(second)
            return
        for leaves, signs in self._postings.remove_phrase(number):
            if signs:
                self._postings.remove_signs(signs)
            for leaf in leaves:
                self.release(leaf)
        conditional = self._conditional.pop(name, None)
        if conditional is not None:
            del self._conditional_names[conditional.field, conditional.variants]


def _words_in(name: str) -> tuple[str, ...]:
    """Return the names of the words of a plain phrase or a pair."""
    return tuple(map(sys.intern, name[1:].split(PLAIN_PHRASE)))


def _names_in(variant: Variant) -> tuple[str, ...]:
    """Return the names of the words of a variant, _ANY_WORD for a lone *."""
    return tuple(map(_name_in_phrase, variant.atoms))


def _name_in_phrase(atom: Atom) -> str:
    return _ANY_WORD if isinstance(atom, Wildcard) and atom.is_any_word else name_of(atom)


def _anchor_of(words: tuple[str, ...], separators: tuple[str, ...]) -> tuple[int, str]:
    """Return what a phrase waits for, and the word at which that starts: its rarest pair, else its rarest word.

    Of equally rare ones it is the one in the middle, where names differ most.
    """
    middle = (len(words) - 2) / 2
    pairs = [at for at in range(len(words) - 1) if words[at] and words[at + 1]]
    if pairs:
        ranks = [rank_of_name(word) if word else 0 for word in words]
        at = min(pairs, key=lambda at: (ranks[at] * ranks[at + 1], abs(at - middle)))
        sign = TIGHT_PAIR if separators[at] == NO_SEPARATOR else PLAIN_PHRASE
        return at, sign + words[at] + PLAIN_PHRASE + words[at + 1]
    at = min((at for at, word in enumerate(words) if word), key=lambda at: rank_of_name(words[at]))
    return at, words[at]
