"""All topics by the leaves that they cannot do without: which of them an article satisfies.

A phrase waits under its rarest word, a topic under its rarest group of leaves. Nothing is ever rebuilt: a topic comes
and goes at the cost of its own words.
"""

from dataclasses import dataclass
from typing import Final, TypeVar

from handlers.topics.evaluate import finds, sum_up
from handlers.topics.forms import Forms
from handlers.topics.groups import Run, Term, groups_of, groups_of_phrase, rank, rank_of_word
from handlers.topics.letters import is_unspaced
from handlers.topics.lexicon import EXACT, PAIR, PATTERN, Lexicon, name_of
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
from handlers.topics.tables import Names
from handlers.topics.tree import Form, Phrase, Tree, Wildcard

RUN_RARER: Final = 0.1
"""How much rarer than its rarest word a phrase is taken to be."""

Candidate = tuple[int, str | None, str | None, Program | None]
"""A topic whose leaf is not enough: a leaf that must be there too, one that must not, and whatever else."""
Waiting = TypeVar("Waiting", int | Candidate, str)


@dataclass(frozen=True, slots=True)
class _Odd:
    """A phrase that wants more than its words in a row: capitals, signs, one field, characters without spaces."""

    phrase: Phrase
    groups: tuple[Names, ...]
    """Of each, one name at least must be there; the first is the rarest."""


class Index:
    def __init__(self) -> None:
        self._lexicon = Lexicon()
        self._programs: dict[int, Program] = {}
        self._postings: dict[str, int | Candidate | list[int | Candidate]] = {}
        """Leaf to the topics that wait under it: by their ids alone where it is enough."""
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
            _put(self._postings, leaf, waiting)
        if not anchors:
            self._always.add(topic_id)

    def discard(self, topic_id: int, tree: Tree) -> None:
        """Forget a topic; the tree is the one that was added."""
        program, anchors = self._understand(tree)
        del self._programs[topic_id]
        self._always.discard(topic_id)
        for group in (anchors, *groups_in(program)):
            waiting = _waiting(topic_id, program, group)
            if group and _is_at(self._postings, group[0], waiting):
                for leaf in group:
                    _take(self._postings, leaf, waiting)
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
            groups = tuple(tuple(dict.fromkeys(map(_name_of, group))) for group in groups_of_phrase(phrase))
            if not groups:
                return None
            self._odd_made += 1
            leaf = self._odd[key] = f"{ODD}{self._odd_made}"
            self._phrases[leaf] = _Odd(phrase, groups)
        return leaf

    def _rank_of(self, leaf: str) -> float:
        if leaf[0] == ODD:
            return sum(map(_rank_of_name, self._phrases[leaf].groups[0]))
        if leaf[0] == RUN:
            return RUN_RARER * min(map(_rank_of_name, leaf[1:].split(RUN)))
        return _rank_of_name(leaf)

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
                _put(self._waiting, name, leaf)

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
            _take(self._waiting, name, leaf)
        odd = self._phrases.pop(leaf, None)
        if odd is not None:
            del self._odd[odd.phrase.field, odd.phrase.forms]

    def _names_of(self, leaf: str) -> set[str]:
        if leaf[0] == RUN:
            return set(leaf[1:].split(RUN))
        return {name for group in self._phrases[leaf].groups for name in group}

    def _held_by(self, leaf: str) -> Names:
        """The names under which a leaf waits."""
        if leaf[0] == RUN:
            return (min(leaf[1:].split(RUN), key=_rank_of_name),)
        return self._phrases[leaf].groups[0]

    def find(self, scan: Scan) -> list[int]:
        """The topics that an article satisfies, in ascending order. What holds of their leaves is noted in the scan."""
        true = scan.true
        if self._lexicon.pairs and not scan.is_spaced and scan.reading().has_unspaced:
            true.update(PAIR + pair for pair in self._lexicon.pairs.keys() & scan.reading().pairs)
        waiting = self._waiting
        for name in waiting.keys() & true:
            leaves = waiting[name]
            for leaf in (leaves,) if isinstance(leaves, str) else leaves:
                if leaf not in true and self._holds(leaf, scan):
                    true.add(leaf)
        found: set[int] = set()
        for leaf in true:
            posted = self._postings.get(leaf)
            if posted is None:
                continue
            failed: list[Candidate] = []
            for one in posted if isinstance(posted, list) else (posted,):
                if isinstance(one, int):
                    found.add(one)
                    continue
                topic_id, wanted, unwanted, rest = one
                if wanted is not None and wanted not in true:
                    failed.append(one)
                elif unwanted is None or unwanted not in true:
                    if rest is None or satisfied(rest, true, scan.reading):
                        found.add(topic_id)
                    else:
                        failed.append(one)
            if failed:
                self._post_anew(leaf, failed, true)
        for topic_id in self._always:
            if satisfied(self._programs[topic_id], true, scan.reading):
                found.add(topic_id)
        return sorted(found)

    def _post_anew(self, leaf: str, failed: list[Candidate], true: set[str]) -> None:
        """Let topics that were looked at for nothing wait under leaves that this article lacks: rarer ones, it seems.

        As solvers watch literals: https://doi.org/10.1145/378239.379017 (Moskewicz and others 2001, Chaff).
        """
        gone: set[int] = set()
        for one in failed:
            topic_id = one[0]
            program = self._programs[topic_id]
            groups = groups_in(program)
            lacked = next((group for group in groups if true.isdisjoint(group)), ())
            held = next((group for group in groups if leaf in group and rest_of(program, group) == one[1:]), ())
            if lacked and held:
                for other in held:
                    if other != leaf:
                        _take(self._postings, other, one)
                gone.add(topic_id)
                waiting = _waiting(topic_id, program, lacked)
                for other in lacked:
                    _put(self._postings, other, waiting)
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

    def _holds(self, leaf: str, scan: Scan) -> bool:
        true = scan.true
        if leaf[0] == RUN:
            return true.issuperset(leaf[1:].split(RUN)) and bool(scan.spans(leaf))
        odd = self._phrases[leaf]
        if any(map(true.isdisjoint, odd.groups[1:])):
            return False
        spans = [span for _, spans in finds(odd.phrase, scan.reading()) for span in spans]
        scan.note(leaf, spans)
        return bool(spans)

    def tell(self, topic_id: int, scan: Scan) -> Told:
        """The evidence for a topic that was found, and its score; worked out once."""
        told = scan.told.get(topic_id)
        if told is None:
            told = scan.told[topic_id] = self._tell(self._programs[topic_id], scan)
        return told

    def _tell(self, program: Program, scan: Scan) -> Told:
        if isinstance(program, str):
            return scan.tell(program)
        parts = list(reasons(program, scan.true, scan.reading))
        if len(parts) == 1 and isinstance(parts[0], str):
            return scan.tell(parts[0])
        every: list[list[Span]] = []
        for part in parts:
            if isinstance(part, str):
                every.append(scan.spans(part))
            else:
                every.extend(spans for _, spans in finds(part, scan.reading()))
        return sum_up(every, scan.readable)


def _waiting(topic_id: int, program: Program, anchors: Names) -> int | Candidate:
    """What waits under each of the anchors, any of which holds when it is looked at."""
    return topic_id if enough(program) else (topic_id, *rest_of(program, anchors))


def _name_of(term: Term) -> str:
    match term:
        case Run():
            return (
                PAIR + _pair_of(term)
                if len(term.tokens) > 1 and is_unspaced(term.tokens[0])
                else EXACT + term.tokens[-1]
            )
        case _:
            return name_of(term)


def _pair_of(run: Run) -> str:
    """Two neighbours that stand for the whole run: those in the middle, which are the least alike among names."""
    middle = (len(run.tokens) - 1) // 2
    return run.tokens[middle] + run.tokens[middle + 1]


def _rank_of_name(name: str) -> float:
    return rank(Wildcard(name[1:])) if name[0] == PATTERN else rank_of_word(name.rpartition(EXACT)[2])


def _put(table: dict[str, Waiting | list[Waiting]], key: str, value: Waiting) -> None:
    """One waits by itself, several in a list: most wait alone, and a list costs more."""
    known = table.get(key)
    if known is None:
        table[key] = value
    elif isinstance(known, list):
        known.append(value)
    else:
        table[key] = [known, value]


def _is_at(table: dict[str, Waiting | list[Waiting]], key: str, value: Waiting) -> bool:
    known = table.get(key)
    return value in known if isinstance(known, list) else value == known


def _take(table: dict[str, Waiting | list[Waiting]], key: str, value: Waiting) -> None:
    known = table[key]
    if isinstance(known, list) and len(known) > 1:
        known.remove(value)
    else:
        del table[key]
