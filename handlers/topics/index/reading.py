"""An article as the topics of one workspace read it: what holds in it, and where, at the cost of a budget."""

from collections.abc import Callable, Iterator
from itertools import starmap
from typing import Final, TypeVar, cast

from handlers.topics.index.budget import Budget, for_article
from handlers.topics.index.fields import Fields, Readable, Span
from handlers.topics.index.places import NOWHERE, Places, common, outside, union
from handlers.topics.query.tree import About, Near, Or, Outside, Phrase, Reference, Regex, Tree, Word
from handlers.topics.text.inflection import wanted_keys

T = TypeVar("T")

KEPT_MOST: Final = 1 << 20
"""Numbers of 64 bits in the joined places that are kept. When there are more, all of them are forgotten."""
NODE_STEPS: Final = 100
"""Steps for looking at a part of a query."""
FOUND_AMONG: Final = 20
"""The words that a trace shows of a part are looked for among so many of its places, the first in the article."""


class Reading:
    """Remembers what it found, by the identity of the trees, which it keeps alive."""

    __slots__ = ("_answers", "_held", "_kept", "_places", "budget", "fields")

    def __init__(self, article: Readable | Fields, budget: Budget | None = None) -> None:
        """`budget` pays for everything that is found here; without one there is no limit."""
        self.fields = article if isinstance(article, Fields) else Fields(article)
        self.budget = budget or Budget()
        self._places: dict[int, tuple[Tree, Places]] = {}
        self._held: dict[int, tuple[Tree, bool]] = {}
        self._answers: dict[tuple[object, ...], tuple[tuple[Places, ...], object]] = {}
        self._kept = 0

    @property
    def readable(self) -> Readable:
        return self.fields.readable

    def holds_leaf(self, leaf: Phrase | Regex | About) -> bool:
        """Raises: OverBudget."""
        match leaf:
            case Phrase():
                if len(leaf.forms) == 1 and len(leaf.forms[0].atoms) == 1 and not leaf.field:
                    atom = leaf.forms[0].atoms[0]
                    if isinstance(atom, Word) and atom.is_plain:
                        fields = self.fields
                        wanted = wanted_keys(atom.folded, atom.lower, atom.inflects, fields.language)
                        return not (fields.body.keys.isdisjoint(wanted) and fields.title.keys.isdisjoint(wanted))
                return self.places(leaf).count > 0 or self.fields.holds(leaf, self.budget)
            case Regex():
                return bool(self.fields.finds(leaf, self.budget))
            case About():
                return self.fields.is_about(leaf)

    def held(self, tree: Tree, find_out: Callable[[Tree, "Reading"], bool]) -> bool:
        """Whether the article satisfies the tree, which is found out once. Raises: OverBudget."""
        known = self._held.get(id(tree))
        if known is None:
            self.budget.spend(NODE_STEPS)
            known = self._held[id(tree)] = (tree, find_out(tree, self))
        return known[1]

    def places(self, tree: Tree) -> Places:
        """Where a tree stands in title and body: a phrase, or OR, NEAR and OUTSIDE of some. Raises: OverBudget.

        Of a NEAR these are the runs from the one side to the other.
        """
        known = self._places.get(id(tree))
        if known is None:
            self.budget.spend(NODE_STEPS)
            known = (tree, self._places_of(tree))
            self._places[id(tree)] = known
        return known[1]

    def _places_of(self, tree: Tree) -> Places:
        match tree:
            case Phrase():
                return self.fields.places(tree, self.budget)
            case Reference():
                return self.places(tree.part)
            case Or():
                return self._either({id(found): found for found in map(self.places, tree.parts) if found.count})
            case Near():
                return self._runs(tree)
            case Outside():
                part, but = self.places(tree.part), self.places(tree.but)
                if not part.count or not but.count:
                    return part
                self.budget.spend(part.count * part.stride + but.count * but.stride)
                return self.once(("outside", id(part), id(but)), (part, but), lambda: outside(part, but))
            case _:
                return NOWHERE

    def holds_near(self, tree: Near) -> bool:
        """Whether the sides stand near enough anywhere. Raises: OverBudget."""
        left, right = self.places(tree.left), self.places(tree.right)
        if not left.count or not right.count:
            return False
        joiner, key = self.fields.joiner(self.budget), ("near", tree.words, tree.ordered, id(left), id(right))
        return self.once(key, (left, right), lambda: joiner.is_near(left, right, tree.words, tree.ordered))

    def words(self, tree: Phrase | Near | Outside) -> Places:
        """The phrases that make a tree true; of a NEAR all that stand near enough, and not what stands between them.

        Raises: OverBudget.
        """
        if not isinstance(tree, Near):
            return self.places(tree)
        left, right = self.places(tree.left), self.places(tree.right)

        def work() -> Places:
            lefts, rights = self.fields.joiner(self.budget).partners(left, right, tree.words, tree.ordered)
            return self._joined([*self._phrases_at(tree.left, lefts), *self._phrases_at(tree.right, rights)])

        return self.once(("words", tree.words, tree.ordered, id(left), id(right)), (left, right), work)

    def shown(self, tree: Phrase | Near | Outside) -> Places:
        """The first places of a tree in the article, or all of them. Raises: OverBudget."""
        return self._runs(tree, FOUND_AMONG) if isinstance(tree, Near) else self.places(tree)

    def spans(self, places: Places) -> Iterator[Span]:
        """The first places as characters, those that share a word made one."""
        cover = self.fields.cover()
        cover.add(places, FOUND_AMONG)
        return starmap(self.fields.characters, cover.runs())

    def _runs(self, tree: Near, most: int | None = None) -> Places:
        left, right = self.places(tree.left), self.places(tree.right)
        if not left.count or not right.count:
            return NOWHERE
        joiner, limits = self.fields.joiner(self.budget), () if most is None else (most,)
        key = ("runs", tree.words, tree.ordered, *limits, id(left), id(right))
        return self.once(key, (left, right), lambda: joiner.runs(left, right, tree.words, tree.ordered, *limits))

    def _phrases_at(self, tree: Tree, places: Places) -> list[Places]:
        """The phrases of which some places of a tree are made."""
        self.budget.spend(NODE_STEPS)
        if not places.count:
            return []
        match tree:
            case Reference() | Outside():
                return self._phrases_at(tree.part, places)
            case Or():
                found = []
                for part in tree.parts:
                    there = self.places(part)
                    if there.count:
                        self.budget.spend(there.count + places.count)
                        found += self._phrases_at(part, common(there, places))
                return found
            case Near():
                left, right = self.places(tree.left), self.places(tree.right)
                joiner = self.fields.joiner(self.budget)
                lefts, rights = joiner.sides(left, right, tree.words, tree.ordered, places)
                return [*self._phrases_at(tree.left, lefts), *self._phrases_at(tree.right, rights)]
            case _:
                return [places]

    def _either(self, found: dict[int, Places]) -> Places:
        """All places of several, by identity."""
        if len(found) < 2:
            return next(iter(found.values()), NOWHERE)
        several = tuple(found.values())
        return self.once(("or", *found), several, lambda: self._joined(list(several)))

    def _joined(self, found: list[Places]) -> Places:
        """All places of several, joined in pairs until one is left."""
        while len(found) > 1:
            self.budget.spend(sum(one.count * one.stride for one in found))
            pairs = zip(found[::2], [*found[1::2], NOWHERE], strict=False)
            found = [union(one, other) for one, other in pairs]
        return found[0] if found else NOWHERE

    def once(self, key: tuple[object, ...], of: tuple[Places, ...], work: Callable[[], T]) -> T:
        """The result of some work on places, which is done once. The key names the places by their identity."""
        known = self._answers.get(key)
        if known is None:
            found = work()
            if isinstance(found, Places):
                self._kept += found.count * found.stride
                if self._kept > KEPT_MOST:
                    self.forget_places()
                    self._kept = found.count * found.stride
            known = self._answers[key] = (of, found)
        return cast(T, known[1])

    def forget_places(self) -> None:
        """Free their memory. What is asked for again is worked out again."""
        self._places.clear()
        self._answers.clear()
        self._kept = 0


def limited(article: Readable) -> Reading:
    """A reading for queries that together may spend as much on the article as the topics of a workspace."""
    return Reading(article, for_article(len(article.title) + len(article.body)))
