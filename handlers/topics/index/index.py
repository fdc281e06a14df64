"""An index of all topics: which of them an article matches, and by which words."""

from collections import Counter
from collections.abc import Iterator

from handlers.topics.index.fields import Readable
from handlers.topics.index.findings import Findings, matches, satisfied_parts
from handlers.topics.index.layout import encode
from handlers.topics.index.leaf_registry import LeafRegistry
from handlers.topics.index.matches import LazyMatch, MatchFinder
from handlers.topics.index.program import (
    Program,
    count_wildcards,
    leaves_of,
    literal_groups,
    program_of,
    sufficient_leaves,
    trees_of,
)
from handlers.topics.index.scan import Scan
from handlers.topics.index.tables import Names
from handlers.topics.index.word_spans import WordSpans
from handlers.topics.query.groups import groups_of
from handlers.topics.query.tree import TEXT_FIELDS, Phrase, Regex, Tree, leaves
from storage.records import SHARED

MAX_FREE_WILDCARDS = 40
"""Wildcards of one workspace, apart from prefixes, that are compared with every new word of any text without charge.

Further ones are evaluated in each article, and paid for. The catalogue has no limit.
"""


class Index:
    """Trees of topics, with the articles that they match. Not thread-safe."""

    def __init__(self) -> None:
        self._finder = MatchFinder(self._matches_tree, self._find_others)
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
        self._phrases: dict[int, int] = {}
        """By the identity of a phrase in these trees: its leaf."""

    def add(self, topic_id: int, tree: Tree, owner: int) -> None:
        """Add a topic that is not in the index. `owner` is the workspace that pays for evaluating it."""
        names, wildcards = self._name_phrases(tree, owner)
        if wildcards:
            self._wildcards[topic_id] = wildcards
            self._owned_wildcards[owner] += wildcards
        program, anchors = self._compile(tree, names)
        numbers = {leaf: self._leaves.use(leaf) for leaf in {*leaves_of(program), *anchors}}
        for stored in trees_of(program):
            for leaf in leaves(stored):
                if name := names.get(id(leaf)):
                    self._phrases[id(leaf)] = numbers[name]
        self._records[topic_id] = self._finder.add_topic(
            topic_id,
            encode(program, numbers.__getitem__, self._store_tree),
            [numbers[leaf] for leaf in anchors],
            owner,
        )

    def remove(self, topic_id: int) -> None:
        """Raises: KeyError if the topic is not in the index."""
        record = self._records.pop(topic_id)
        parts, trees = self._finder.parts_of(record)
        owner = self._finder.owner_of(record)
        self._owned_wildcards[owner] -= self._wildcards.pop(topic_id, 0)
        for tree in trees:
            for leaf in leaves(self._trees.pop(tree)):
                self._phrases.pop(id(leaf), None)
        self._finder.remove_topic(record)
        for part in parts:
            self._leaves.release(part)

    def _name_phrases(self, tree: Tree, owner: int) -> tuple[dict[int, str], int]:
        """Return the leaf names of the phrases in a tree, by their identity, and the number of their free wildcards."""
        names: dict[int, str] = {}
        room = MAX_FREE_WILDCARDS - self._owned_wildcards[owner]
        wildcards = 0
        for leaf in leaves(tree):
            if isinstance(leaf, Phrase) and leaf.field in ("", *TEXT_FIELDS) and id(leaf) not in names:
                more = count_wildcards(leaf)
                if not more or owner == SHARED or wildcards + more <= room:
                    names[id(leaf)] = self._leaves.name_of(leaf)
                    wildcards += more
        return names, wildcards

    def _compile(self, tree: Tree, names: dict[int, str]) -> tuple[Program, Names]:
        """Return the program of a tree, and the leaves that it waits for."""

        def groups_of_leaf(leaf: Phrase | Regex) -> tuple[Names, ...]:
            if isinstance(leaf, Regex):
                return literal_groups(leaf.pattern)
            name = names.get(id(leaf))
            return ((name,),) if name else ()

        program = program_of(tree, lambda phrase: names.get(id(phrase)))
        anchors = sufficient_leaves(program)
        if not anchors:
            required = groups_of(tree, self._leaves.rank_of, groups_of_leaf)
            anchors = required[0] if required else ()
        return program, anchors

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
        return Scan(readable, self._leaves.lexicon.forms, self._find_spans)

    def _find_spans(self, phrase: Phrase, scan: Scan) -> WordSpans | None:
        """Return where a phrase occurs in an article, or None if it is in none of the stored trees."""
        leaf = self._phrases.get(id(phrase))
        if leaf is None:
            return None
        spans = scan.spans.get(leaf)
        if spans is None:
            spans = scan.spans[leaf] = self._finder.spans_of(leaf, scan)
        return spans

    def _matches_tree(self, tree: int, scan: Scan) -> bool:
        return matches(self._trees[tree], scan.reading(scan.owner))

    def _find_others(self, numbers: list[int], scan: Scan) -> tuple[list[tuple[int, int]], Iterator[int]]:
        """See `matches.FindOthers`. Raises: OverBudget."""
        reading = scan.reading(scan.owner)
        findings = Findings(reading)
        for number in numbers:
            if number >= 0:
                findings.add(self._leaves.phrase(number))
            else:
                for part in satisfied_parts(self._trees[-1 - number], reading):
                    findings.add(part)
        return findings.counts, map(scan.packed, findings.spans())
