"""All topics at once: an article in, the topics that it satisfies out, each with its evidence and the reasons."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from handlers.errors import QueryError
from handlers.topics.evaluate import Evaluation, Trace, draw_trace, evaluate, holds, satisfy, trace_of
from handlers.topics.index import Entry, Index, make_entry
from handlers.topics.names import Names, folded, names_of, topic_tree
from handlers.topics.reading import Readable, Reading
from handlers.topics.tree import Tree
from storage.records import Evidence, Topic

__all__ = [
    "Evaluation",
    "Found",
    "Matcher",
    "Readable",
    "Trace",
    "compile_index",
    "draw_trace",
    "evaluate",
]


@dataclass(frozen=True, slots=True)
class Found:
    """A topic that an article satisfies."""

    topic_id: int
    evidence: tuple[Evidence, ...]
    score: float
    tree: Tree
    reading: Reading

    @property
    def trace(self) -> Trace:
        """The query tree with each leaf ticked, made when asked for."""
        return trace_of(self.tree, self.reading)


class Matcher:
    """The topics of all workspaces. A change costs as much as the one topic and is seen by the next match."""

    def __init__(self, topics: Iterable[Topic] = ()) -> None:
        self._topics: dict[int, Topic] = {}
        self._entries: dict[int, Entry] = {}
        self._names = Names()
        self._named_by: dict[str, set[int]] = {}
        self._broken: dict[int, QueryError] = {}
        self._index = Index()
        known = tuple(topics)
        for topic in known:
            self._learn(topic)
        for topic in known:
            self._enter(topic)
        self._index.merge()

    @property
    def topic_ids(self) -> frozenset[int]:
        return frozenset(self._topics)

    @property
    def broken(self) -> Mapping[int, QueryError]:
        """Topics that match nothing because their query no longer holds, such as one that names a removed topic."""
        return self._broken

    @property
    def stale(self) -> bool:
        """Whether `merge` would make matching faster again."""
        return self._index.stale

    def merge(self) -> None:
        """Make one automaton of the wildcards added since the last merge."""
        self._index.merge()

    def tree(self, topic_id: int) -> Tree | None:
        """What a topic looks for; None where it is unknown or broken."""
        entry = self._entries.get(topic_id)
        return None if entry is None else entry.tree

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

    def match(self, readable: Readable) -> tuple[Found, ...]:
        """The topics that an article satisfies, by id."""
        reading = Reading(readable)
        found = []
        for entry in sorted(self._index.candidates(reading), key=_topic_id):
            if holds(entry.tree, reading):
                evidence, score = satisfy(entry.tree, reading)
                found.append(Found(entry.topic_id, evidence, score, entry.tree, reading))
        return tuple(found)

    def which(self, readable: Readable) -> tuple[int, ...]:
        """The ids of the topics that an article satisfies, without saying by which words."""
        reading = Reading(readable)
        return tuple(sorted(one.topic_id for one in self._index.candidates(reading) if holds(one.tree, reading)))

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
            self._entries[topic.id] = entry = make_entry(topic.id, tree)
            self._index.add(entry)
        for name in named:
            self._named_by.setdefault(name, set()).add(topic.id)

    def _withdraw(self, topic: Topic) -> None:
        entry = self._entries.pop(topic.id, None)
        if entry is not None:
            self._index.discard(entry)
        self._broken.pop(topic.id, None)
        del self._topics[topic.id]
        self._names.forget(topic)

    def _enter_again(self, changed: set[str], done: set[int]) -> None:
        """Topics that name a changed one, directly or by another, are read anew."""
        waiting = set().union(*(self._named_by.get(name, ()) for name in changed)) - done
        if not waiting:
            return
        for topic_id in waiting & self._topics.keys():
            topic = self._topics[topic_id]
            entry = self._entries.pop(topic_id, None)
            if entry is not None:
                self._index.discard(entry)
            self._enter(topic)


def _topic_id(entry: Entry) -> int:
    return entry.topic_id


def compile_index(topics: Iterable[Topic]) -> Matcher:
    """A matcher of all topics, made in one go. It pickles, so another process may make it."""
    return Matcher(topics)
