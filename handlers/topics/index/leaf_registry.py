"""The leaves of all topics: query words and phrases, each with a name that says what it is, and a number.

A leaf exists as long as a topic or phrase uses it. Equal words and phrases of different topics share a leaf.
"""

import sys
from collections import Counter
from dataclasses import dataclass, field

from handlers.topics.index.layout import encode
from handlers.topics.index.lexicon import Lexicon, name_of_term, rank_of_name
from handlers.topics.index.postings import Postings
from handlers.topics.index.program import CONDITIONAL_PHRASE, PLAIN_PHRASE, Program, leaves_of, plain_name
from handlers.topics.index.tables import Names
from handlers.topics.query.groups import groups_of_phrase
from handlers.topics.query.tree import Phrase, Tree, Variant

_PHRASE_RANK = 0.1
"""The estimated frequency of a plain phrase, relative to that of its rarest word."""


@dataclass(frozen=True, slots=True)
class ConditionalPhrase:
    """A phrase that requires more than adjacent words: capitals, signs, a field, or characters without spaces."""

    phrase: Phrase
    groups: tuple[Names, ...]
    """Leaf names. A text must contain at least one of each group; the first group is the rarest."""
    owners: Counter[int] = field(default_factory=Counter)
    """By workspace: how many of its topics use the phrase."""


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
        self._conditional: dict[str, ConditionalPhrase] = {}
        """By name."""
        self._conditional_count = 0

    def name_of(self, phrase: Phrase) -> str | None:
        """Return the leaf name of a phrase in title or body, or None if the phrase requires no word."""
        name = plain_name(phrase)
        if name is not None:
            return name
        key = (phrase.field, phrase.variants)
        name = self._conditional_names.get(key)
        if name is None:
            groups = tuple(tuple(dict.fromkeys(map(name_of_term, group))) for group in groups_of_phrase(phrase))
            if not groups:
                return None
            self._conditional_count += 1
            name = self._conditional_names[key] = f"{CONDITIONAL_PHRASE}{self._conditional_count}"
            self._conditional[name] = ConditionalPhrase(phrase, groups)
        return name

    def rank_of(self, name: str) -> float:
        """Return a rough estimate of how frequent a leaf is. A smaller number means rarer."""
        if name[0] == CONDITIONAL_PHRASE:
            return sum(map(rank_of_name, self._conditional[name].groups[0]))
        if name[0] == PLAIN_PHRASE:
            return _PHRASE_RANK * min(map(rank_of_name, name[1:].split(PLAIN_PHRASE)))
        return rank_of_name(name)

    def conditional_phrase(self, number: int) -> ConditionalPhrase:
        return self._conditional[self._names[number]]

    def use(self, name: str) -> int:
        """Count one more use of a leaf, and return its number. Creates the leaf if it does not exist."""
        is_word = name[0] not in (PLAIN_PHRASE, CONDITIONAL_PHRASE)
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
                self._add_phrase(name, number)
        self._postings.use_leaf(number)
        return number

    def _add_phrase(self, name: str, number: int) -> None:
        """Let a new phrase wait for its rarest word, or for a group of words of which it requires one."""
        self._phrases[name] = number
        if name[0] == PLAIN_PHRASE:
            words = tuple(map(sys.intern, name[1:].split(PLAIN_PHRASE)))
            program: Program = (len(words), words)
            anchors: Names = (min(words, key=rank_of_name),)
        else:
            groups = self._conditional[name].groups
            program = (len(groups), tuple((1, group) for group in groups))
            anchors = groups[0]
        numbers = {word: self.use(word) for word in {*leaves_of(program)}}
        self._postings.add_phrase(
            number,
            encode(program, numbers.__getitem__, _no_tree),
            [numbers[word] for word in anchors],
            is_plain=name[0] == PLAIN_PHRASE,
        )

    def release(self, number: int) -> None:
        """Count one use of a leaf less. Removes the leaf if that was the last one."""
        name = self._names[number]
        if not self._postings.release_leaf(number):
            return
        if name[0] not in (PLAIN_PHRASE, CONDITIONAL_PHRASE):
            self.lexicon.remove(name)
            return
        words = self._postings.words_in(number)
        self._postings.remove_phrase(number)
        for word in words:
            self.release(word)
        del self._phrases[name]
        conditional = self._conditional.pop(name, None)
        if conditional is not None:
            del self._conditional_names[conditional.phrase.field, conditional.phrase.variants]

    def add_owner(self, name: str, owner: int) -> None:
        """Record that a topic of the workspace uses a leaf, if the leaf is a conditional phrase."""
        if name[0] == CONDITIONAL_PHRASE:
            self._conditional[name].owners[owner] += 1

    def remove_owner(self, number: int, owner: int) -> None:
        """Undo `add_owner`."""
        if self._names[number][0] == CONDITIONAL_PHRASE:
            owners = self._conditional[self._names[number]].owners
            owners[owner] -= 1
            if not owners[owner]:
                del owners[owner]


def _no_tree(tree: Tree) -> int:
    raise ValueError(f"the program of a phrase contains a tree: {tree}")
