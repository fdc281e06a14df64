"""All topics by the leaves that they cannot do without: which of them an article satisfies.

A phrase waits under its rarest word, a topic under its rarest group of leaves. Nothing is ever rebuilt: a topic comes
and goes at the cost of its own words.
"""

import sys
from dataclasses import dataclass
from typing import Final

from handlers.topics.evaluate import finds, sum_up
from handlers.topics.forms import Forms
from handlers.topics.groups import groups_of, groups_of_phrase
from handlers.topics.lexicon import PAIR, Lexicon, name_of_term, rank_of_name
from handlers.topics.program import (
    ODD,
    RUN,
    Program,
    enough,
    groups_in,
    leaves_of,
    plain_leaf,
    program_of,
    reasons,
    rest_of,
    satisfied,
)
from handlers.topics.reading import Span
from handlers.topics.scan import Scan, Told
from handlers.topics.tables import Names, is_at, pull, put
from handlers.topics.tree import Form, Phrase, Tree

RUN_RARER: Final = 0.1
"""How much rarer than its rarest word a phrase is taken to be."""

VAIN_MOST: Final = 8
"""Topics that are looked at for nothing under one leaf before they are moved, which costs about as much."""

Candidate = tuple[int, Names, str | None, Program | None]
"""A topic whose leaf is not enough: leaves of which one must be there too, one that must not, and whatever else."""


@dataclass(frozen=True, slots=True)
class _Odd:
    """A phrase that wants more than its words in a row: capitals, signs, one field, characters without spaces."""

    phrase: Phrase
    groups: tuple[Names, ...]
    """Of each, one name at least must be there; the first is the rarest."""


class Index:
    def __init__(self) -> None:
        self._lexicon = Lexicon(self._is_awake)
        self._programs: dict[int, Program] = {}
        self._postings: dict[str, int | Candidate | list[int | Candidate]] = {}
        """Leaf to the topics that wait under it: by their ids alone where it is enough."""
        self._vain: dict[str, int] = {}
        """Leaf to how many of its topics were looked at for nothing."""
        self._always: set[int] = set()
        """Topics of which nothing is required, such as `lang:en`."""
        self._uses: dict[str, int] = {}
        """Leaf of more than a word to the number of topics that have it."""
        self._waiting: dict[str, str | list[str]] = {}
        """Name of a word to the leaves that wait under it."""
        self._odd: dict[tuple[str, tuple[Form, ...]], str] = {}
        self._phrases: dict[str, _Odd] = {}
        self._odd_made = 0

    def forms(self, language: str) -> Forms:
        """What the words of texts of a language stand for."""
        return self._lexicon.forms(language)

    def add(self, topic_id: int, tree: Tree) -> None:
        program, anchors = self._understand(tree)
        self._programs[topic_id] = program
        for leaf in {*leaves_of(program), *anchors}:
            self._use(leaf)
        waiting = _waiting(topic_id, program, anchors)
        for leaf in anchors:
            self._post(leaf, waiting)
        if not anchors:
            self._always.add(topic_id)

    def discard(self, topic_id: int, tree: Tree) -> None:
        """Forget a topic; the tree is the one that was added."""
        program, anchors = self._understand(tree)
        del self._programs[topic_id]
        self._always.discard(topic_id)
        for group in (anchors, *groups_in(program)):
            waiting = _waiting(topic_id, program, group)
            if group and is_at(self._postings, group[0], waiting):
                for leaf in group:
                    self._withdraw(leaf, waiting)
                break
        for leaf in {*leaves_of(program), *anchors}:
            self._release(leaf)

    def _understand(self, tree: Tree) -> tuple[Program, Names]:
        """The program of a tree, and the leaves under which it waits. The same each time, while it is there."""
        known: dict[int, str | None] = {}

        def leaf_of(phrase: Phrase) -> str | None:
            if id(phrase) not in known:
                known[id(phrase)] = self._leaf_of(phrase)
            return known[id(phrase)]

        program = program_of(tree, leaf_of)
        if leaves := enough(program):
            return program, leaves
        required = groups_of(tree, self._rank_of, lambda phrase: ((leaf,),) if (leaf := leaf_of(phrase)) else ())
        return program, required[0] if required else ()

    def _leaf_of(self, phrase: Phrase) -> str | None:
        leaf = plain_leaf(phrase)
        if leaf is not None:
            return leaf
        key = (phrase.field, phrase.forms)
        leaf = self._odd.get(key)
        if leaf is None:
            groups = tuple(tuple(dict.fromkeys(map(name_of_term, group))) for group in groups_of_phrase(phrase))
            if not groups:
                return None
            self._odd_made += 1
            leaf = self._odd[key] = f"{ODD}{self._odd_made}"
            self._phrases[leaf] = _Odd(phrase, groups)
        return leaf

    def _rank_of(self, leaf: str) -> float:
        if leaf[0] == ODD:
            return sum(map(rank_of_name, self._phrases[leaf].groups[0]))
        if leaf[0] == RUN:
            return RUN_RARER * min(map(rank_of_name, leaf[1:].split(RUN)))
        return rank_of_name(leaf)

    def _use(self, leaf: str) -> None:
        if leaf[0] not in (RUN, ODD):
            self._lexicon.use(leaf)
            return
        uses = self._uses.get(leaf, 0)
        self._uses[leaf] = uses + 1
        if not uses:
            for name in self._names_of(leaf):
                self._lexicon.use(name)
            for name in self._held_by(leaf):
                if put(self._waiting, name, leaf):
                    self._lexicon.wake_or_rest(name)

    def _release(self, leaf: str) -> None:
        if leaf[0] not in (RUN, ODD):
            self._lexicon.release(leaf)
            return
        self._uses[leaf] -= 1
        if self._uses[leaf]:
            return
        del self._uses[leaf]
        for name in self._names_of(leaf):
            self._lexicon.release(name)
        for name in self._held_by(leaf):
            if pull(self._waiting, name, leaf):
                self._lexicon.wake_or_rest(name)
        odd = self._phrases.pop(leaf, None)
        if odd is not None:
            del self._odd[odd.phrase.field, odd.phrase.forms]

    def _names_of(self, leaf: str) -> set[str]:
        if leaf[0] == RUN:
            return set(map(sys.intern, leaf[1:].split(RUN)))
        return {name for group in self._phrases[leaf].groups for name in group}

    def _held_by(self, leaf: str) -> Names:
        """The names under which a leaf waits."""
        if leaf[0] == RUN:
            return (sys.intern(min(leaf[1:].split(RUN), key=rank_of_name)),)
        return self._phrases[leaf].groups[0]

    def _is_awake(self, name: str) -> bool:
        return name in self._postings or name in self._waiting

    def _post(self, leaf: str, waiting: int | Candidate) -> None:
        if put(self._postings, leaf, waiting):
            self._lexicon.wake_or_rest(leaf)

    def _withdraw(self, leaf: str, waiting: int | Candidate) -> None:
        if pull(self._postings, leaf, waiting):
            self._vain.pop(leaf, None)
            self._lexicon.wake_or_rest(leaf)

    def find(self, scan: Scan) -> list[int]:
        """The topics that an article satisfies, in ascending order. What holds of their leaves is noted in the scan."""
        true = scan.awake()
        if self._lexicon.pairs and not scan.is_spaced and scan.reading().has_unspaced:
            for pair in self._lexicon.pairs.keys() & scan.reading().pairs:
                scan.hold(PAIR + pair)
                true.add(PAIR + pair)
        for name in tuple(true):
            leaves = self._waiting.get(name, ())
            for leaf in (leaves,) if isinstance(leaves, str) else leaves:
                if leaf not in true and self._holds(leaf, scan):
                    scan.hold(leaf)
                    true.add(leaf)
        found: dict[int, list[str]] = {}
        for leaf in true:
            posted = self._postings.get(leaf)
            if posted is None:
                continue
            failed: list[Candidate] = []
            for one in posted if isinstance(posted, list) else (posted,):
                if isinstance(one, int):
                    found.setdefault(one, []).append(leaf)
                    continue
                topic_id, wanted, unwanted, rest = one
                if wanted and not any(map(scan.holds, wanted)):
                    failed.append(one)
                elif unwanted is not None and scan.holds(unwanted):
                    continue
                elif rest is None:
                    found.setdefault(topic_id, list(filter(scan.holds, wanted))).append(leaf)
                elif satisfied(rest, scan.holds, scan.reading):
                    found[topic_id] = []
                else:
                    failed.append(one)
            if failed:
                vain = self._vain[leaf] = self._vain.get(leaf, 0) + len(failed)
                if vain >= VAIN_MOST:
                    del self._vain[leaf]
                    self._post_anew(leaf, failed, scan)
        for topic_id in self._always:
            if satisfied(self._programs[topic_id], scan.holds, scan.reading):
                found[topic_id] = []
        scan.found = found
        return sorted(found)

    def _post_anew(self, leaf: str, failed: list[Candidate], scan: Scan) -> None:
        """Let topics that were looked at for nothing wait under leaves that this article lacks: rarer ones, it seems.

        As solvers watch literals: https://doi.org/10.1145/378239.379017 (Moskewicz and others 2001, Chaff).
        """
        gone: set[int] = set()
        for one in failed:
            topic_id = one[0]
            program = self._programs[topic_id]
            groups = groups_in(program)
            lacked = next((group for group in groups if not any(map(scan.holds, group))), ())
            held = next((group for group in groups if leaf in group and rest_of(program, group) == one[1:]), ())
            if lacked and held:
                for other in held:
                    if other != leaf:
                        self._withdraw(other, one)
                gone.add(topic_id)
                waiting = _waiting(topic_id, program, lacked)
                for other in lacked:
                    self._post(other, waiting)
        if gone:
            posted = self._postings[leaf]
            left = [
                one
                for one in (posted if isinstance(posted, list) else (posted,))
                if isinstance(one, int) or one[0] not in gone
            ]
            if left:
                self._postings[leaf] = left
            else:
                del self._postings[leaf]
                self._lexicon.wake_or_rest(leaf)

    def _holds(self, leaf: str, scan: Scan) -> bool:
        if leaf[0] == RUN:
            return all(map(scan.holds, leaf[1:].split(RUN))) and bool(scan.spans(leaf))
        odd = self._phrases[leaf]
        if not all(any(map(scan.holds, group)) for group in odd.groups[1:]):
            return False
        spans = [span for _, spans in finds(odd.phrase, scan.reading()) for span in spans]
        scan.note(leaf, spans)
        return bool(spans)

    def tell(self, topic_id: int, scan: Scan) -> Told:
        """The evidence for a topic that was found, and its score; worked out once."""
        told = scan.told.get(topic_id)
        if told is None:
            told = scan.told[topic_id] = self._tell(topic_id, scan)
        return told

    def _tell(self, topic_id: int, scan: Scan) -> Told:
        leaves = scan.found.get(topic_id)
        if leaves:
            return scan.tell(leaves[0]) if len(leaves) == 1 else sum_up(map(scan.spans, leaves), scan.readable)
        every: list[list[Span]] = []
        for part in reasons(self._programs[topic_id], scan.holds, scan.reading):
            if isinstance(part, str):
                every.append(scan.spans(part))
            else:
                every.extend(spans for _, spans in finds(part, scan.reading()))
        return sum_up(every, scan.readable)


def _waiting(topic_id: int, program: Program, anchors: Names) -> int | Candidate:
    """What waits under each of the anchors, any of which holds when it is looked at."""
    return topic_id if enough(program) else (topic_id, *rest_of(program, anchors))
