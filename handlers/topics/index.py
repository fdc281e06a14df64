"""All topics by their rarest required term: which of them an article could match at all.

Words are looked up by hash, among the distinct tokens and inflection keys of an article; only wildcards need a scan, by
an Aho-Corasick automaton. So a topic is added or removed without rebuilding anything but, at times, that automaton.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import ahocorasick_rs

from handlers.topics.groups import Group, Run, Term, groups_of
from handlers.topics.inflection import wanted_keys
from handlers.topics.letters import is_unspaced
from handlers.topics.reading import Reading
from handlers.topics.tree import Tree, Wildcard, Word

SIDE_MOST: Final = 500
"""Wildcards that may wait in the small automaton before the two are made one."""
NEEDS_MOST: Final = 2
"""Further groups that are looked at before the tree is evaluated."""


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    topic_id: int
    tree: Tree
    anchors: tuple[str, ...]
    """Names of the terms it is found by; empty: it is always looked at."""
    needs: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a term's name stands for."""

    folded: str
    lower: str
    inflects: bool


def _name(term: Term) -> str:
    match term:
        case Word():
            return f"{term.lower}\0{term.folded}" if term.inflects else term.folded
        case Run():
            return f"\1{_pair_of(term)}" if len(term.tokens) > 1 and is_unspaced(term.tokens[0]) else term.tokens[-1]
        case Wildcard():
            return f"\2{_literal(term.folded)}"


def _pair_of(run: Run) -> str:
    """Two neighbours that stand for the whole run: those in the middle, which are the least alike among names."""
    middle = (len(run.tokens) - 1) // 2
    return run.tokens[middle] + run.tokens[middle + 1]


def _literal(folded: str) -> str:
    """The longest part of a wildcard that is letters, with a space where the word's edge must be."""
    edged = (" " if folded[0] not in "*?" else "") + folded + (" " if folded[-1] not in "*?" else "")
    return max(edged.replace("?", "*").split("*"), key=len)


class _Automaton:
    """Literals found inside one string. Adding is cheap: the new wait in a small automaton of their own."""

    def __init__(self) -> None:
        self.main: tuple[str, ...] = ()
        self.side: dict[str, None] = {}
        self._main: ahocorasick_rs.AhoCorasick | None = None
        self._side: ahocorasick_rs.AhoCorasick | None = None
        self._known: set[str] = set()

    def add(self, literal: str) -> None:
        if literal not in self._known:
            self._known.add(literal)
            self.side[literal] = None
            self._side = None

    def __getstate__(self) -> tuple[str, ...]:
        return (*self.main, *self.side)

    def __setstate__(self, literals: tuple[str, ...]) -> None:
        self.__init__()  # type: ignore[misc]
        for literal in literals:
            self.add(literal)
        self.merge()

    def merge(self) -> None:
        self.main = (*self.main, *self.side)
        self.side = {}
        self._main = ahocorasick_rs.AhoCorasick(self.main) if self.main else None
        self._side = None

    def find(self, text: str) -> set[str]:
        found: set[str] = set()
        if self._main is not None:
            found.update(self.main[at] for at, _, _ in self._main.find_matches_as_indexes(text, overlapping=True))
        if self.side:
            side = tuple(self.side)
            if self._side is None:
                self._side = ahocorasick_rs.AhoCorasick(side)
            found.update(side[at] for at, _, _ in self._side.find_matches_as_indexes(text, overlapping=True))
        return found


class Index:
    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._postings: dict[str, dict[int, Entry]] = {}
        self._always: dict[int, Entry] = {}
        self._uses: dict[str, int] = {}
        self._wanted: dict[str, _Wanted] = {}
        self._lexicons: dict[str, dict[str, tuple[str, ...]]] = {}
        self._pairs: dict[str, None] = {}
        self._automaton = _Automaton()
        for entry in entries:
            self.add(entry)
        self._automaton.merge()

    @property
    def stale(self) -> bool:
        """Whether the waiting wildcards have grown enough to be merged."""
        return len(self._automaton.side) > SIDE_MOST

    def merge(self) -> None:
        self._automaton.merge()

    def add(self, entry: Entry) -> None:
        for name in entry.anchors:
            self._postings.setdefault(name, {})[entry.topic_id] = entry
        if not entry.anchors:
            self._always[entry.topic_id] = entry
        for name in _names_of(entry):
            self._uses[name] = self._uses.get(name, 0) + 1
            if self._uses[name] == 1:
                self._learn(name)

    def discard(self, entry: Entry) -> None:
        self._always.pop(entry.topic_id, None)
        for name in entry.anchors:
            posting = self._postings[name]
            del posting[entry.topic_id]
            if not posting:
                del self._postings[name]
        for name in _names_of(entry):
            self._uses[name] -= 1
            if not self._uses[name]:
                del self._uses[name]
                self._forget(name)

    def _learn(self, name: str) -> None:
        if name[0] == "\1":
            self._pairs[name[1:]] = None
        elif name[0] == "\2":
            self._automaton.add(name[1:])
        else:
            lower, _, folded = name.rpartition("\0")
            self._wanted[name] = wanted = _Wanted(folded, lower, bool(lower))
            for language, lexicon in self._lexicons.items():
                _enter(lexicon, name, wanted, language)

    def _forget(self, name: str) -> None:
        if name[0] == "\1":
            self._pairs.pop(name[1:], None)
        elif name[0] != "\2":  # the automaton forgets when it is made anew; until then it finds what nothing asks for
            wanted = self._wanted.pop(name)
            for language, lexicon in self._lexicons.items():
                for key in wanted_keys(wanted.folded, wanted.lower, wanted.inflects, language):
                    left = tuple(other for other in lexicon[key] if other != name)
                    if left:
                        lexicon[key] = left
                    else:
                        del lexicon[key]

    def _lexicon(self, language: str) -> dict[str, tuple[str, ...]]:
        """Key to the terms that it stands for, in texts of a language; made when the language is first met."""
        lexicon = self._lexicons.get(language)
        if lexicon is None:
            lexicon = {}
            for name, wanted in self._wanted.items():
                _enter(lexicon, name, wanted, language)
            self._lexicons[language] = lexicon
        return lexicon

    def candidates(self, reading: Reading) -> list[Entry]:
        """The entries whose anchor and needs are in the article; each at most once."""
        lexicon = self._lexicon(reading.language)
        present: set[str] = set()
        for keys in (reading.title.keys, reading.body.keys):
            for key in lexicon.keys() & keys:
                present.update(lexicon[key])
        if self._pairs and reading.has_unspaced:
            present.update(f"\1{pair}" for pair in self._pairs.keys() & reading.pairs)
        if self._automaton.main or self._automaton.side:
            words = " ".join(reading.keys)
            present.update(f"\2{literal}" for literal in self._automaton.find(f" {words} "))
        found = dict(self._always)
        postings = self._postings
        for name in postings.keys() & present:
            for topic_id, entry in postings[name].items():
                if topic_id not in found and not any(map(present.isdisjoint, entry.needs)):
                    found[topic_id] = entry
        return list(found.values())


def _enter(lexicon: dict[str, tuple[str, ...]], name: str, wanted: _Wanted, language: str) -> None:
    for key in wanted_keys(wanted.folded, wanted.lower, wanted.inflects, language):
        known = lexicon.get(key)
        lexicon[key] = (name,) if known is None else (*known, name)


def _names_of(entry: Entry) -> set[str]:
    return {*entry.anchors, *(name for need in entry.needs for name in need)}


def make_entry(topic_id: int, tree: Tree) -> Entry:
    """A topic ready to be indexed: by its rarest group, with the next rarest to be checked first."""
    groups: tuple[Group, ...] = groups_of(tree)
    if not groups:
        return Entry(topic_id, tree, (), ())
    named = [tuple(dict.fromkeys(map(_name, group))) for group in groups[: 1 + NEEDS_MOST]]
    return Entry(topic_id, tree, named[0], tuple(map(frozenset, named[1:])))
