"""Look up topics by the name after @, in the same way when a query is saved, matched and explained."""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace

from handlers.topics.query.leaves import words_of
from handlers.topics.query.lexer import Kind, read_lexemes
from handlers.topics.query.query import Tree, parse, parse_phrase
from handlers.topics.query.tree import Or, Phrase
from storage.records import SHARED, Topic, TopicQuery

Resolve = Callable[[str], str | None]


def normalize_name(name: str) -> str:
    """Return the name as it is compared: without case and width, with spaces instead of hyphens."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().replace("-", " ").split())


def names_of(topic: Topic) -> tuple[str, ...]:
    """Return the topic's normalized names, strongest first: its name, its title, its aliases."""
    names = map(normalize_name, (topic.name, topic.title, *topic.aliases))
    return tuple(dict.fromkeys(name for name in names if name))


class Names:
    """Topics of any number of workspaces, by name."""

    def __init__(self, topics: Iterable[Topic] = ()) -> None:
        self._by_workspace: dict[int, dict[str, Topic | tuple[Topic, ...]]] = {}
        """By workspace id and normalized name. A name of several topics has a tuple, which most names do not need."""
        for topic in topics:
            self.add(topic)

    def add(self, topic: Topic) -> None:
        by_name = self._by_workspace.setdefault(topic.workspace_id, {})
        for name in names_of(topic):
            by_name[name] = (*_as_tuple(by_name[name]), topic) if name in by_name else topic

    def remove(self, topic: Topic) -> None:
        by_name = self._by_workspace.get(topic.workspace_id, {})
        for name in names_of(topic):
            rest = tuple(other for other in _as_tuple(by_name.get(name, ())) if other.id != topic.id)
            if rest:
                by_name[name] = rest
            else:
                by_name.pop(name, None)

    def find(self, workspace_id: int, name: str) -> Topic | None:
        """Return the topic that the name refers to in a workspace.

        A name is preferred to a title and a title to an alias, then the workspace's own topic to the catalogue's.
        """
        wanted = normalize_name(name)
        found = [
            topic
            for owner in {workspace_id, SHARED}
            for topic in _as_tuple(self._by_workspace.get(owner, {}).get(wanted, ()))
        ]
        return min(
            found,
            key=lambda topic: (names_of(topic).index(wanted), topic.workspace_id == SHARED, topic.id),
            default=None,
        )

    def resolve(self, workspace_id: int) -> Resolve:
        """Return a function that returns the query of a topic by its name, as a workspace sees it."""

        def query_of(name: str) -> str | None:
            topic = self.find(workspace_id, name)
            return None if topic is None else query_with_aliases(topic)

        return query_of


def _as_tuple(topics: Topic | tuple[Topic, ...]) -> tuple[Topic, ...]:
    return topics if isinstance(topics, tuple) else (topics,)


def dependent_topics(topic: Topic, topics: Iterable[Topic]) -> tuple[Topic, ...]:
    """Return those of a workspace's topics whose query refers to the topic, directly or through other topics."""
    candidates = tuple(topics)
    names = Names(candidates)
    referrers: dict[int, set[int]] = {}
    for candidate in candidates:
        for lexeme in read_lexemes(candidate.query):
            if lexeme.kind is Kind.TOPIC and (named := names.find(candidate.workspace_id, lexeme.text)) is not None:
                referrers.setdefault(named.id, set()).add(candidate.id)
    found: set[int] = set()
    new = {topic.id}
    while new:
        new = {referrer for id in new for referrer in referrers.get(id, ())} - found
        found |= new
    return tuple(candidate for candidate in candidates if candidate.id in found - {topic.id})


def topic_tree(topic: Topic, *, resolve: Resolve | None = None) -> Tree:
    """Return the tree of a topic's query, with its aliases as further alternatives. Raises: QueryError.

    An alias whose words the query contains is not added: the query may restrict it, for instance with OUTSIDE.
    """
    tree = parse(topic.query, resolve=resolve)
    added = tuple(phrase for _, phrase in _added_aliases(topic))
    return Or((*(tree.parts if isinstance(tree, Or) else (tree,)), *added)) if added else tree


def parse_topic(topic: Topic, resolve: Resolve) -> tuple[Tree, TopicQuery]:
    """Return the tree of a topic's query, and the query with all that the tree depends on. Raises: QueryError."""
    references: dict[str, str] = {}

    def resolve_and_record(name: str) -> str | None:
        query = resolve(name)
        if query is not None:
            references[normalize_name(name)] = query
        return query

    tree = topic_tree(topic, resolve=resolve_and_record)
    query = TopicQuery(query=topic.query, aliases=topic.aliases, references=tuple(sorted(references.items())))
    return tree, query


def tree_of(topic: Topic, query: TopicQuery) -> Tree:
    """Return the tree that a topic had when its query was this one. Raises: QueryError if it is no longer valid."""
    references = dict(query.references)
    earlier = replace(topic, query=query.query, aliases=query.aliases)
    return topic_tree(earlier, resolve=lambda name: references.get(normalize_name(name)))


def query_with_aliases(topic: Topic) -> str:
    """Return the query that stands for the topic where another query refers to it."""
    phrases = [f'"{alias}"' for alias, _ in _added_aliases(topic)]
    return " OR ".join([f"({topic.query})", *phrases]) if phrases else topic.query


def _added_aliases(topic: Topic) -> list[tuple[str, Phrase]]:
    """Return the aliases whose words the query does not contain, without quotes and wildcards, and their leaves."""
    if not topic.aliases:
        return []
    lexemes = (lexeme for lexeme in read_lexemes(topic.query) if lexeme.kind in (Kind.WORD, Kind.PHRASE))
    mentioned = {words_of(leaf.variants) for lexeme in lexemes if (leaf := parse_phrase(lexeme.text)) is not None}
    added = []
    for alias in topic.aliases:
        plain = alias.replace('"', " ").replace("*", " ").replace("?", " ")
        leaf = parse_phrase(plain)
        if leaf is not None and words_of(leaf.variants) not in mentioned:
            added.append((plain, leaf))
    return added
