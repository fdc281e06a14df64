"""Topics by the names that people give them after @: one reading of a name for saving, matching and explaining."""

import unicodedata
from collections.abc import Callable, Iterable

from handlers.topics.query.leaves import words_of
from handlers.topics.query.lexer import Kind, read_lexemes
from handlers.topics.query.query import Tree, parse, parse_phrase
from handlers.topics.query.tree import Or, Phrase
from storage.records import SHARED, Topic

Resolve = Callable[[str], str | None]


def folded(name: str) -> str:
    """How names are compared: case and width do not count, and a hyphen is a space."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().replace("-", " ").split())


def names_of(topic: Topic) -> tuple[str, ...]:
    """What it may be called, folded: its name before its title before its aliases."""
    return tuple(dict.fromkeys(name for name in map(folded, (topic.name, topic.title, *topic.aliases)) if name))


class Names:
    """Topics of any number of workspaces by name."""

    def __init__(self, topics: Iterable[Topic] = ()) -> None:
        self._known: dict[int, dict[str, Topic | tuple[Topic, ...]]] = {}
        """By workspace, then folded name. Most names are one topic's, which stands by itself."""
        for topic in topics:
            self.learn(topic)

    def learn(self, topic: Topic) -> None:
        known = self._known.setdefault(topic.workspace_id, {})
        for name in names_of(topic):
            known[name] = (*_all(known[name]), topic) if name in known else topic

    def forget(self, topic: Topic) -> None:
        known = self._known.get(topic.workspace_id, {})
        for name in names_of(topic):
            left = tuple(one for one in _all(known.get(name, ())) if one.id != topic.id)
            if left:
                known[name] = left
            else:
                known.pop(name, None)

    def find(self, workspace_id: int, name: str) -> Topic | None:
        """By its name, then title, then alias; of a workspace's own and the catalogue's, its own."""
        wanted = folded(name)
        seen = [one for place in {workspace_id, SHARED} for one in _all(self._known.get(place, {}).get(wanted, ()))]
        return min(
            seen,
            key=lambda one: (names_of(one).index(wanted), one.workspace_id == SHARED, one.id),
            default=None,
        )

    def resolve(self, workspace_id: int) -> Resolve:
        """What @name stands for in a workspace: the query of the topic that is meant."""

        def query_of(name: str) -> str | None:
            topic = self.find(workspace_id, name)
            return None if topic is None else query_with_aliases(topic)

        return query_of


def _all(known: Topic | tuple[Topic, ...]) -> tuple[Topic, ...]:
    return known if isinstance(known, tuple) else (known,)


def that_name(topic: Topic, topics: Iterable[Topic]) -> tuple[Topic, ...]:
    """The topics of a workspace whose query names this one, or one that does: what its change reaches."""
    seen = tuple(topics)
    names = Names(seen)
    named: dict[int, set[int]] = {}
    for one in seen:
        for lexeme in read_lexemes(one.query):
            if lexeme.kind is Kind.TOPIC and (meant := names.find(one.workspace_id, lexeme.text)) is not None:
                named.setdefault(meant.id, set()).add(one.id)
    reached: set[int] = set()
    waiting = {topic.id}
    while waiting:
        waiting = {namer for id in waiting for namer in named.get(id, ())} - reached
        reached |= waiting
    return tuple(one for one in seen if one.id in reached - {topic.id})


def topic_tree(topic: Topic, *, resolve: Resolve | None = None) -> Tree:
    """What a topic looks for: its query, or any of its aliases as a phrase. Raises QueryError.

    An alias that the query mentions itself is left to the query, which may say more about it (`OUTSIDE`, a field).
    """
    tree = parse(topic.query, resolve=resolve)
    added = tuple(phrase for _, phrase in _added(topic))
    return Or((*(tree.parts if isinstance(tree, Or) else (tree,)), *added)) if added else tree


def query_with_aliases(topic: Topic) -> str:
    """A topic as one query, for @name: aliases that are words of their own are added."""
    phrases = [f'"{alias}"' for alias, _ in _added(topic)]
    return " OR ".join([f"({topic.query})", *phrases]) if phrases else topic.query


def _added(topic: Topic) -> list[tuple[str, Phrase]]:
    """The aliases that the query does not mention itself, without quotes, and what they look for."""
    if not topic.aliases:
        return []
    lexemes = (lexeme for lexeme in read_lexemes(topic.query) if lexeme.kind in (Kind.WORD, Kind.PHRASE))
    mentioned = {words_of(leaf.forms) for lexeme in lexemes if (leaf := parse_phrase(lexeme.text)) is not None}
    found = []
    for alias in topic.aliases:
        plain = alias.replace('"', " ").replace("*", " ").replace("?", " ")
        leaf = parse_phrase(plain)
        if leaf is not None and words_of(leaf.forms) not in mentioned:
            found.append((plain, leaf))
    return found
