"""All topics at once: an article in, the topics that it satisfies out, each with its evidence and the reasons."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from handlers.answers.errors import QueryError
from handlers.topics.index.budget import OverBudget
from handlers.topics.index.evaluate import Evaluation, Trace, draw_trace, evaluate, trace_of
from handlers.topics.index.fields import Readable
from handlers.topics.index.index import Index
from handlers.topics.index.postings import Found
from handlers.topics.index.scan import IS_COMPILED
from handlers.topics.query.names import Names, folded, names_of, topic_tree
from handlers.topics.query.tree import Tree
from storage.records import Match, Topic

__all__ = [
    "IS_COMPILED",
    "Evaluation",
    "Found",
    "Matched",
    "Matcher",
    "Readable",
    "Trace",
    "draw_trace",
    "evaluate",
]

TREES_MOST: Final = 4096
"""Trees that are kept for the traces of matches; then all are read anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """What the topics make of one article."""

    found: tuple[Match, ...]
    """By topic id; `article_id` is 0."""
    stopped: tuple[int, ...]
    """Topics that were stopped, by id, because they take more work than they may spend on one article."""


class Matcher:
    """The topics of all workspaces. A change costs as much as the one topic and is seen by the next match.

    For one thread at a time, to match as to change: topics that were looked at in vain are put elsewhere.
    """

    def __init__(self, topics: Iterable[Topic] = ()) -> None:
        self._topics: dict[int, Topic] = {}
        self._trees: dict[int, Tree] = {}
        """Of topics that name others: what they were when they were entered."""
        self._read_trees: dict[int, Tree] = {}
        """Some of the others, read anew when asked for."""
        self._names = Names()
        self._named_by: dict[str, set[int]] = {}
        self._broken: dict[int, QueryError] = {}
        self._index = Index()
        self.put_all(topics)

    @property
    def topics(self) -> Mapping[int, Topic]:
        """All topics by id, as they are now."""
        return self._topics

    @property
    def broken(self) -> Mapping[int, QueryError]:
        """Topics that match nothing because their query no longer holds, such as one that names a removed topic."""
        return self._broken

    def tree(self, topic_id: int) -> Tree:
        """What a topic looks for. Raises: KeyError where it is unknown or broken."""
        tree = self._trees.get(topic_id) or self._read_trees.get(topic_id)
        if tree is None:
            if topic_id in self._broken:
                raise KeyError(topic_id)
            if len(self._read_trees) >= TREES_MOST:
                self._read_trees.clear()
            tree = self._read_trees[topic_id] = topic_tree(self._topics[topic_id])
        return tree

    def put_all(self, topics: Iterable[Topic]) -> None:
        """Add or replace several at once, whichever of them names which."""
        new = []
        for topic in topics:
            if topic.id in self._topics:
                self.put(topic)
            else:
                self._learn(topic)
                new.append(topic)
        for topic in new:
            self._enter(topic)
        if self._named_by:
            self._enter_again({name for topic in new for name in names_of(topic)}, {topic.id for topic in new})

    def put(self, topic: Topic) -> None:
        """Add a topic, or replace the one with its id. A query that does not hold is kept aside in `broken`."""
        before = self._topics.get(topic.id)
        if before == topic:
            return
        changed = set(names_of(topic))
        if before is not None:
            changed.update(names_of(before))
            self._withdraw(before)
        self._learn(topic)
        self._enter(topic)
        self._enter_again(changed, {topic.id})

    def remove(self, topic_id: int) -> None:
        """Forget a topic; an unknown id is fine."""
        topic = self._topics.get(topic_id)
        if topic is not None:
            self._withdraw(topic)
            self._enter_again(set(names_of(topic)), {topic_id})

    def remove_all(self, topic_ids: Iterable[int]) -> None:
        for topic_id in topic_ids:
            self.remove(topic_id)

    def match(self, readable: Readable) -> tuple[Found, ...]:
        """The topics that an article satisfies, by id. Those that were stopped are left out."""
        return self._index.match(readable)[0]

    def which(self, readable: Readable) -> tuple[int, ...]:
        """The ids of the topics that an article satisfies, without saying by which words."""
        return tuple(self._index.find(readable)[0])

    def matched(self, readable: Readable) -> Matched:
        """The topics that an article satisfies, with everything there is to say about it."""
        found, stopped = self._index.match(readable)
        matches: list[Match] = []
        too_much = list(stopped)
        for one in found:
            try:
                matches.append(
                    Match(
                        article_id=0,
                        topic_id=one.topic_id,
                        evidence=one.evidence,
                        score=one.score,
                        trace=self.trace(one),
                    )
                )
            except OverBudget:
                too_much.append(one.topic_id)
                one.scan.give_up()
        return Matched(found=tuple(matches), stopped=tuple(sorted(too_much)))

    def trace(self, found: Found) -> Trace:
        """The query tree of a match with each leaf ticked. Raises: OverBudget."""
        owner = self._topics[found.topic_id].workspace_id
        found.scan.pay(owner, found.topic_id)
        return trace_of(self.tree(found.topic_id), found.scan.reading(owner))

    def _learn(self, topic: Topic) -> None:
        self._topics[topic.id] = topic
        self._names.learn(topic)

    def _enter(self, topic: Topic) -> None:
        self._broken.pop(topic.id, None)
        named: list[str] = []
        resolve = self._names.resolve(topic.workspace_id)

        def remembering(name: str) -> str | None:
            named.append(folded(name))
            return resolve(name)

        try:
            tree = topic_tree(topic, resolve=remembering)
        except QueryError as error:
            self._broken[topic.id] = error
        else:
            self._index.add(topic.id, tree, topic.workspace_id)
            if named:
                self._trees[topic.id] = tree
        for name in named:
            self._named_by.setdefault(name, set()).add(topic.id)

    def _withdraw(self, topic: Topic) -> None:
        self._unindex(topic.id)
        del self._topics[topic.id]
        self._names.forget(topic)

    def _unindex(self, topic_id: int) -> None:
        if self._broken.pop(topic_id, None) is None:
            self._index.discard(topic_id)
            self._trees.pop(topic_id, None)
            self._read_trees.pop(topic_id, None)

    def _enter_again(self, changed: set[str], done: set[int]) -> None:
        """Topics that name a changed one, directly or by another, are read anew."""
        waiting = set().union(*(self._named_by.get(name, ()) for name in changed)) - done
        for topic_id in waiting & self._topics.keys():
            self._unindex(topic_id)
            self._enter(self._topics[topic_id])
