"""An index of all topics: which of them an article matches, and by which words."""

from collections import Counter
from collections.abc import Iterator

from handlers.topics.index.budget import OverBudget
from handlers.topics.index.fields import Readable
from handlers.topics.index.findings import Findings, matches, satisfied_parts
from handlers.topics.index.layout import encode
from handlers.topics.index.leaf_registry import ConditionalPhrase, LeafRegistry
from handlers.topics.index.matches import LazyMatch, MatchFinder
from handlers.topics.index.program import Program, count_wildcards, leaves_of, program_of, sufficient_leaves
from handlers.topics.index.scan import Scan
from handlers.topics.index.tables import Names
from handlers.topics.query.groups import groups_of
from handlers.topics.query.tree import Phrase, Tree
from storage.records import SHARED

MAX_FREE_WILDCARDS = 40
"""Wildcards of one workspace, apart from prefixes, that are compared with every new word of any text without charge.

Further ones are evaluated in each article, and paid for. The catalogue has no limit.
"""
SHARED_PHRASES = -2
"""Charged instead of a topic for phrases that several topics may share."""


class Index:
    """Trees of topics, with the articles that they match. Not thread-safe."""

    def __init__(self) -> None:
        self._finder = MatchFinder(self._matches_phrase, self._matches_tree, self._find_others)
        self._leaves = LeafRegistry(self._finder)
        self._records: dict[int, int] = {}
        """By topic."""
        self._wildcards: dict[int, int] = {}
        """By topic: its number of wildcards that are compared with new words, if it has any."""
        self._owned_wildcards: Counter[int] = Counter()
        """The same by workspace."""
        self._trees: dict[int, Tree] = {}
        """Trees that are evaluated as they are, by the numbers that programs use."""
        self._trees_stored = 0

    def add(self, topic_id: int, tree: Tree, owner: int) -> None:
        """Add a topic that is not in the index. `owner` is the workspace that pays for evaluating it."""
        program, anchors, wildcards = self._compile(tree, owner)
        if wildcards:
            self._wildcards[topic_id] = wildcards
            self._owned_wildcards[owner] += wildcards
        numbers = {leaf: self._leaves.use(leaf) for leaf in {*leaves_of(program), *anchors}}
        for leaf in numbers:
            self._leaves.add_owner(leaf, owner)
        self._records[topic_id] = self._finder.add_topic(
            topic_id,
            encode(program, numbers.__getitem__, self._store_tree),
            [numbers[leaf] for leaf in anchors],
            owner,
        )

    def remove(self, topic_id: int) -> None:
        """Raises: KeyError if the topic is not in the index."""
        record = self._records.pop(topic_id)
        leaves, trees = self._finder.parts_of(record)
        owner = self._finder.owner_of(record)
        self._owned_wildcards[owner] -= self._wildcards.pop(topic_id, 0)
        for tree in trees:
            del self._trees[tree]
        self._finder.remove_topic(record)
        for leaf in leaves:
            self._leaves.remove_owner(leaf, owner)
            self._leaves.release(leaf)

    def _compile(self, tree: Tree, owner: int) -> tuple[Program, Names, int]:
        """Return the program of a tree, the leaves that it waits for, and its number of free wildcards."""
        names: dict[int, str | None] = {}
        room = MAX_FREE_WILDCARDS - self._owned_wildcards[owner]
        wildcards = 0

        def leaf_of(phrase: Phrase) -> str | None:
            nonlocal wildcards
            if id(phrase) not in names:
                more = count_wildcards(phrase)
                has_room = not more or owner == SHARED or wildcards + more <= room
                names[id(phrase)] = self._leaves.name_of(phrase) if has_room else None
                wildcards += more if has_room else 0
            return names[id(phrase)]

        def groups_of_phrase(phrase: Phrase) -> tuple[Names, ...]:
            leaf = leaf_of(phrase)
            return ((leaf,),) if leaf else ()

        program = program_of(tree, leaf_of)
        anchors = sufficient_leaves(program)
        if not anchors:
            required = groups_of(tree, self._leaves.rank_of, groups_of_phrase)
            anchors = required[0] if required else ()
        return program, anchors, wildcards

    def _store_tree(self, tree: Tree) -> int:
        self._trees_stored += 1
        self._trees[self._trees_stored] = tree
        return self._trees_stored

    def match(self, readable: Readable) -> tuple[tuple[LazyMatch, ...], tuple[int, ...]]:
        """Return the matches of an article by topic id, and the ids of the topics that were stopped at it."""
        scan = self._scan(readable)
        return self._finder.match(scan), scan.stopped

    def find(self, readable: Readable) -> tuple[list[int], tuple[int, ...]]:
        """Return the ids of the topics that an article matches, and of those that were stopped at it, ascending."""
        scan = self._scan(readable)
        return self._finder.find(scan), scan.stopped

    def _scan(self, readable: Readable) -> Scan:
        scan = Scan(readable, self._leaves.lexicon.forms)
        pairs = self._leaves.lexicon.pairs
        if pairs and scan.words.has_unspaced:
            scan.pairs = [pairs[pair] for pair in pairs.keys() & scan.fields().adjacent_pairs]
        return scan

    def _matches_phrase(self, leaf: int, scan: Scan) -> int:
        """Return 1 if a conditional phrase occurs in an article, 0 if not, -1 if no owner's budget is sufficient."""
        result = scan.phrase_matches.get(leaf)
        if result is None:
            result = scan.phrase_matches[leaf] = self._find_phrase(self._leaves.conditional_phrase(leaf), scan)
        return result

    @staticmethod
    def _find_phrase(conditional: ConditionalPhrase, scan: Scan) -> int:
        """Return the same as `_matches_phrase`. All owners pay for it."""
        result = -1
        steps = 0
        for owner in conditional.owners:
            budget = scan.charge(owner, SHARED_PHRASES)
            before = budget.total
            try:
                if result < 0:
                    result = int(scan.fields().spans_of(conditional.phrase, budget).count > 0)
                    steps = before - budget.total
                else:
                    budget.spend(steps)
            except OverBudget:
                continue
        return result

    def _matches_tree(self, tree: int, scan: Scan) -> bool:
        return matches(self._trees[tree], scan.reading(scan.owner))

    def _find_others(self, numbers: list[int], scan: Scan) -> tuple[list[tuple[int, int]], Iterator[int]]:
        """See `matches.FindOthers`. Raises: OverBudget."""
        reading = scan.reading(scan.owner)
        findings = Findings(reading)
        for number in numbers:
            if number >= 0:
                findings.add(self._leaves.conditional_phrase(number).phrase)
            else:
                for part in satisfied_parts(self._trees[-1 - number], reading):
                    findings.add(part)
        return findings.counts, map(scan.packed, findings.spans())
