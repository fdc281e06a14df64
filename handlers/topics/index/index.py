"""All topics by the leaves that they cannot do without: which of them an article satisfies.

Leaves have names, which say what they are, and numbers, by which postings.py knows them.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from handlers.topics.index.budget import OverBudget
from handlers.topics.index.fields import Readable
from handlers.topics.index.findings import Findings, holds, reasons
from handlers.topics.index.layout import encoded
from handlers.topics.index.lexicon import Lexicon, name_of_term, rank_of_name
from handlers.topics.index.postings import Found, Postings
from handlers.topics.index.program import ODD, RUN, Program, enough, leaves_of, patterns_in, plain_leaf, program_of
from handlers.topics.index.scan import Scan
from handlers.topics.index.tables import Names
from handlers.topics.query.groups import groups_of, groups_of_phrase
from handlers.topics.query.tree import Form, Phrase, Tree
from storage.records import SHARED

RUN_RARER = 0.1
"""How much rarer than its rarest word a phrase is taken to be."""
PATTERNS_MOST = 40
"""Wildcards of one workspace, other than word*, that every new word of any text is compared with free of charge.
Further ones are looked for in each article and paid for. The catalogue has no limit."""


PHRASES = -2
"""Stands for a topic in a budget: what the phrases cost that several topics may share."""


@dataclass(frozen=True, slots=True)
class _Odd:
    """A phrase that wants more than its words in a row: capitals, signs, one field, characters without spaces."""

    phrase: Phrase
    groups: tuple[Names, ...]
    """Of each, one name at least must be there; the first is the rarest."""
    owners: Counter[int] = field(default_factory=Counter)
    """The workspaces whose topics want it, and how many of their topics do."""


class Index:
    def __init__(self) -> None:
        self._postings = Postings(self._holds_phrase, self._holds_tree, self._tell_of)
        self._lexicon = Lexicon()
        self._records: dict[int, int] = {}
        """Topic to its record."""
        self._patterns: dict[int, int] = {}
        """Topic to its wildcards, if it has any that new words are compared with."""
        self._owned_patterns: Counter[int] = Counter()
        """The same by workspace."""
        self._leaf_names = [""]
        """By number; the first is the leaf that always holds."""
        self._phrases: dict[str, int] = {}
        """Leaf of more than a word to its number."""
        self._odd_names: dict[tuple[str, tuple[Form, ...]], str] = {}
        self._odd: dict[str, _Odd] = {}
        self._odd_made = 0
        self._trees: dict[int, Tree] = {}
        """What is evaluated as it is, by the numbers that the programs have for it."""
        self._trees_made = 0

    def add(self, topic_id: int, tree: Tree, owner: int) -> None:
        """`owner`: the workspace that pays for the work that the topic is."""
        program, anchors, patterns = self._understand(tree, owner)
        if patterns:
            self._patterns[topic_id] = patterns
            self._owned_patterns[owner] += patterns
        numbers = {leaf: self._use(leaf) for leaf in {*leaves_of(program), *anchors}}
        for leaf in numbers:
            if leaf[0] == ODD:
                self._odd[leaf].owners[owner] += 1
        self._records[topic_id] = self._postings.add_topic(
            topic_id,
            encoded(program, numbers.__getitem__, self._keep),
            [numbers[leaf] for leaf in anchors],
            owner,
        )

    def discard(self, topic_id: int) -> None:
        """Forget a topic. Raises: KeyError where it is unknown."""
        record = self._records.pop(topic_id)
        leaves, trees = self._postings.parts_of(record)
        owner = self._postings.owner_of(record)
        self._owned_patterns[owner] -= self._patterns.pop(topic_id, 0)
        for tree in trees:
            del self._trees[tree]
        self._postings.remove_topic(record)
        for leaf in leaves:
            if self._leaf_names[leaf][0] == ODD:
                owners = self._odd[self._leaf_names[leaf]].owners
                owners[owner] -= 1
                if not owners[owner]:
                    del owners[owner]
            self._release(leaf)

    def _understand(self, tree: Tree, owner: int) -> tuple[Program, Names, int]:
        """The program of a tree, the leaves under which it waits, and how many wildcards there are among its leaves."""
        known: dict[int, str | None] = {}
        room = PATTERNS_MOST - self._owned_patterns[owner]
        patterns = 0

        def leaf_of(phrase: Phrase) -> str | None:
            nonlocal patterns
            if id(phrase) not in known:
                more = patterns_in(phrase)
                has_room = not more or owner == SHARED or patterns + more <= room
                known[id(phrase)] = self._leaf_of(phrase) if has_room else None
                patterns += more if has_room else 0
            return known[id(phrase)]

        program = program_of(tree, leaf_of)
        leaves = enough(program)
        if not leaves:
            required = groups_of(tree, self._rank_of, lambda phrase: ((leaf,),) if (leaf := leaf_of(phrase)) else ())
            leaves = required[0] if required else ()
        return program, leaves, patterns

    def _leaf_of(self, phrase: Phrase) -> str | None:
        leaf = plain_leaf(phrase)
        if leaf is not None:
            return leaf
        key = (phrase.field, phrase.forms)
        leaf = self._odd_names.get(key)
        if leaf is None:
            groups = tuple(tuple(dict.fromkeys(map(name_of_term, group))) for group in groups_of_phrase(phrase))
            if not groups:
                return None
            self._odd_made += 1
            leaf = self._odd_names[key] = f"{ODD}{self._odd_made}"
            self._odd[leaf] = _Odd(phrase, groups)
        return leaf

    def _rank_of(self, leaf: str) -> float:
        if leaf[0] == ODD:
            return sum(map(rank_of_name, self._odd[leaf].groups[0]))
        if leaf[0] == RUN:
            return RUN_RARER * min(map(rank_of_name, leaf[1:].split(RUN)))
        return rank_of_name(leaf)

    def _keep(self, tree: Tree) -> int:
        self._trees_made += 1
        self._trees[self._trees_made] = tree
        return self._trees_made

    def _use(self, leaf: str) -> int:
        """The number of a leaf, which is used once more."""
        is_word = leaf[0] not in (RUN, ODD)
        number = (self._lexicon.numbers if is_word else self._phrases).get(leaf)
        if number is None:
            number = self._postings.new_leaf()
            if number == len(self._leaf_names):
                self._leaf_names.append(leaf)
            else:
                self._leaf_names[number] = leaf
            if is_word:
                self._lexicon.learn(leaf, number)
            else:
                self._learn(leaf, number)
        self._postings.use(number)
        return number

    def _learn(self, leaf: str, number: int) -> None:
        """Let a phrase wait under its words."""
        self._phrases[leaf] = number
        if leaf[0] == RUN:
            names = tuple(map(sys.intern, leaf[1:].split(RUN)))
            program: Program = (len(names), names)
            anchors: Names = (min(names, key=rank_of_name),)
        else:
            groups = self._odd[leaf].groups
            program = (len(groups), tuple((1, group) for group in groups))
            anchors = groups[0]
        numbers = {name: self._use(name) for name in {*leaves_of(program)}}
        self._postings.add_phrase(
            number,
            encoded(program, numbers.__getitem__, self._keep),
            [numbers[name] for name in anchors],
            in_a_row=leaf[0] == RUN,
        )

    def _release(self, number: int) -> None:
        leaf = self._leaf_names[number]
        if not self._postings.release(number):
            return
        if leaf[0] not in (RUN, ODD):
            self._lexicon.forget(leaf)
            return
        names = self._postings.words_in(number)
        self._postings.remove_phrase(number)
        for name in names:
            self._release(name)
        del self._phrases[leaf]
        odd = self._odd.pop(leaf, None)
        if odd is not None:
            del self._odd_names[odd.phrase.field, odd.phrase.forms]

    def match(self, readable: Readable) -> tuple[tuple[Found, ...], tuple[int, ...]]:
        """The topics that an article satisfies, by id; and the ids of those that were stopped because they take more
        work than they may spend on the article."""
        scan = self._scan(readable)
        return self._postings.match(scan), scan.stopped

    def find(self, readable: Readable) -> tuple[list[int], tuple[int, ...]]:
        """The ids of the topics that an article satisfies, ascending, and of those that were stopped."""
        scan = self._scan(readable)
        return self._postings.find(scan), scan.stopped

    def _scan(self, readable: Readable) -> Scan:
        scan = Scan(readable, self._lexicon.forms)
        pairs = self._lexicon.pairs
        if pairs and scan.words.has_unspaced:
            scan.pairs = [pairs[pair] for pair in pairs.keys() & scan.fields().pairs]
        return scan

    def _holds_phrase(self, leaf: int, scan: Scan) -> int:
        """1 or 0; -1 where the budgets of all workspaces that want it are used up. All of them pay for it."""
        known = scan.held.get(leaf)
        if known is None:
            known = scan.held[leaf] = self._look_for(self._odd[self._leaf_names[leaf]], scan)
        return known

    @staticmethod
    def _look_for(odd: _Odd, scan: Scan) -> int:
        held = -1
        steps = 0
        for owner in odd.owners:
            budget = scan.pay(owner, PHRASES)
            before = budget.total
            try:
                if held < 0:
                    held = int(scan.fields().places(odd.phrase, budget).count > 0)
                    steps = before - budget.total
                else:
                    budget.spend(steps)
            except OverBudget:
                continue
        return held

    def _holds_tree(self, tree: int, scan: Scan) -> bool:
        return holds(self._trees[tree], scan.reading(scan.owner))

    def _tell_of(self, numbers: list[int], scan: Scan) -> tuple[list[tuple[int, int]], Iterator[int]]:
        """How often phrases and trees are found in title and body, each; and where they all are, in order.

        Raises: OverBudget.
        """
        reading = scan.reading(scan.owner)
        findings = Findings(reading)
        for number in numbers:
            if number >= 0:
                findings.add(self._odd[self._leaf_names[number]].phrase)
            else:
                for part in reasons(self._trees[-1 - number], reading):
                    findings.add(part)
        return findings.counts, map(scan.place, findings.spans())
