"""The matcher: finds the topics that an article matches, each with its evidence and score."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from handlers.answers.errors import QueryError
from handlers.topics.index.budget import OverBudget
from handlers.topics.index.evaluate import Evaluation, Trace, draw_trace, evaluate
from handlers.topics.index.fields import Readable
from handlers.topics.index.index import Index
from handlers.topics.index.matches import LazyMatch
from handlers.topics.index.scan import IS_COMPILED
from handlers.topics.query.names import Names, names_of, normalize_name, parse_topic
from storage.records import Match, Topic, TopicQuery

__all__ = [
    "IS_COMPILED",
    "Evaluation",
    "LazyMatch",
    "MatchResults",
    "Matcher",
    "Readable",
    "Trace",
    "draw_trace",
    "evaluate",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchResults:
    """The results of matching one article."""

    matches: tuple[Match, ...]
    """By topic id. `article_id` is 0."""
    stopped: tuple[int, ...]
    """The ids of topics that were stopped because they exceeded their budget, ascending."""


class Matcher:
    """The topics of all workspaces. A change costs as much as the one topic, and the next match takes it into account.

    Not thread-safe: even matching changes the index.
    """

    def __init__(self, topics: Iterable[Topic] = ()) -> None:
        self._topics: dict[int, Topic] = {}
        self._referring: dict[int, TopicQuery] = {}
        """By topic, for those that refer to others: the query as it was added to the index."""
        self._names = Names()
        self._referred_by: dict[str, set[int]] = {}
        """By normalized name: the topics that refer to it, or did so earlier."""
        self._broken: dict[int, QueryError] = {}
        self._index = Index()
        self.put_all(topics)

    @property
    def topics(self) -> Mapping[int, Topic]:
        """All topics by id, including broken ones."""
        return self._topics

    @property
    def broken(self) -> Mapping[int, QueryError]:
        """Topics that match nothing because their query is not valid, for instance if it refers to a removed topic."""
        return self._broken

    def put_all(self, topics: Iterable[Topic]) -> None:
        """Add or replace several topics, in any order, even if they refer to one another."""
        new = []
        for topic in topics:
            if topic.id in self._topics:
                self.put(topic)
            else:
                self._register(topic)
                new.append(topic)
        for topic in new:
            self._add_to_index(topic)
        if self._referred_by:
            self._update_referring({name for topic in new for name in names_of(topic)}, {topic.id for topic in new})

    def put(self, topic: Topic) -> None:
        """Add a topic, or replace the one with its id. A topic whose query is not valid is added to `broken`."""
        before = self._topics.get(topic.id)
        if before == topic:
            return
        changed = set(names_of(topic))
        if before is not None:
            changed.update(names_of(before))
            self._unregister(before)
        self._register(topic)
        self._add_to_index(topic)
        self._update_referring(changed, {topic.id})

    def remove(self, topic_id: int) -> None:
        """Remove a topic. An unknown id changes nothing."""
        topic = self._topics.get(topic_id)
        if topic is not None:
            self._unregister(topic)
            self._update_referring(set(names_of(topic)), {topic_id})

    def remove_all(self, topic_ids: Iterable[int]) -> None:
        for topic_id in topic_ids:
            self.remove(topic_id)

    def topic_ids(self, readable: Readable) -> tuple[int, ...]:
        """Return the ids of the topics that an article matches, ascending. Topics that were stopped are left out."""
        return tuple(self._index.find(readable)[0])

    def match(self, readable: Readable) -> tuple[LazyMatch, ...]:
        """Return the matches of an article by topic id. Topics that were stopped are left out."""
        return self._index.match(readable)[0]

    def match_fully(self, readable: Readable) -> MatchResults:
        """Return the matches of an article with evidence, score and query, and the topics that were stopped."""
        found, stopped = self._index.match(readable)
        matches: list[Match] = []
        all_stopped = list(stopped)
        for match in found:
            try:
                evidence, score = match.evidence, match.score
            except OverBudget:
                all_stopped.append(match.topic_id)
                match.scan.clear_cache()
            else:
                id = match.topic_id
                matches.append(Match(article_id=0, topic_id=id, evidence=evidence, score=score, query=self.query(id)))
        return MatchResults(matches=tuple(matches), stopped=tuple(sorted(all_stopped)))

    def query(self, topic_id: int) -> TopicQuery:
        """Return the query by which a topic is matched."""
        if topic_id in self._referring:
            return self._referring[topic_id]
        return TopicQuery(query=self._topics[topic_id].query, aliases=self._topics[topic_id].aliases)

    def _register(self, topic: Topic) -> None:
        self._topics[topic.id] = topic
        self._names.add(topic)

    def _unregister(self, topic: Topic) -> None:
        self._remove_from_index(topic.id)
        del self._topics[topic.id]
        self._names.remove(topic)

    def _add_to_index(self, topic: Topic) -> None:
        self._broken.pop(topic.id, None)
        references: list[str] = []
        resolve = self._names.resolve(topic.workspace_id)

        def resolve_and_record(name: str) -> str | None:
            references.append(normalize_name(name))
            return resolve(name)

        try:
            tree, query = parse_topic(topic, resolve_and_record)
        except QueryError as error:
            self._broken[topic.id] = error
        else:
            self._index.add(topic.id, tree, topic.workspace_id)
            if references:
                self._referring[topic.id] = query
        for name in references:
            self._referred_by.setdefault(name, set()).add(topic.id)

    def _remove_from_index(self, topic_id: int) -> None:
        if self._broken.pop(topic_id, None) is None:
            self._index.remove(topic_id)
            self._referring.pop(topic_id, None)

    def _update_referring(self, changed: set[str], done: set[int]) -> None:
        """Parse the topics again that refer to a changed name, directly or through others, except those in `done`."""
        referring = set().union(*(self._referred_by.get(name, ()) for name in changed)) - done
        for topic_id in referring & self._topics.keys():
            self._remove_from_index(topic_id)
            self._add_to_index(self._topics[topic_id])
