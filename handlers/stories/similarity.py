"""Which stored articles report the same event as a new one: an in-memory index over a sliding window."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log, sqrt
from typing import Final, NamedTuple

from handlers.stories.centroid import Group, subtract
from handlers.stories.document_frequencies import BACKGROUND
from handlers.stories.features import (
    Features,
    Term,
    are_issues,
    count_independent,
    features,
    is_copy,
    read_features,
    word_hash,
)
from handlers.stories.postings import Postings
from handlers.stories.thresholds import breadth, enough, merges

__all__ = ["Kin", "StoryIndex", "count_independent", "features"]

_VIRTUAL_ARTICLES: Final = 20_000
"""Articles assumed to exist before the first, so that rarity hardly depends on how full the window is."""
_GENERIC_COUNT: Final = 100
"""Of those, the ones with a given word that stands in headlines of every kind."""
_BACKGROUND: Final = {word_hash(word): count for word, count in BACKGROUND.items()}
_BY_STORY: Final = 0.6
"""A word is common by the stories that it stands in rather than by their articles, in this proportion."""
_STEEP: Final = 1.8
_SPAN_ARTICLES: Final = 160
"""The newest articles of a story that tell how long it has been running."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """A stored article that reports the same event."""

    article_id: int
    story_id: int | None
    workspace_id: int
    score: float
    """0 to 1."""
    copy: bool
    """One is the other's text."""


@dataclass(slots=True)
class _Entry:
    article_id: int
    story_id: int | None
    workspace_id: int
    at: datetime
    known: Features
    direction: dict[int, float]
    """Weight by word, of length 1."""


class _Likeness(NamedTuple):
    entry: _Entry
    likeness: float


class StoryIndex:
    """The articles of the last `window` by their features. Not thread-safe; the owner serialises.

    Times are the article's own, never later than its arrival. The same calls in the same order give the same answers.
    """

    def __init__(self, window: timedelta = timedelta(hours=72)) -> None:
        self._window = window
        self._entries: dict[int, _Entry] = {}
        self._workspaces: Counter[int] = Counter()
        self._postings = Postings()
        self._counts: defaultdict[int, int] = defaultdict(int)
        self._story_counts: defaultdict[int, int] = defaultdict(int)
        self._groups: dict[int, dict[int, Group]] = {}
        """By story, then workspace: evidence never comes from articles that the asker may not see."""
        self._stale = 0
        self.last_id = 0
        """The highest article id ever added: the place from which to read on in the database."""

    def __len__(self) -> int:
        return len(self._entries)

    def known(self, article_id: int) -> bool:
        """Whether the article stands in the window."""
        return article_id in self._entries

    def holds_only(self, workspace_id: int) -> bool:
        """Whether every article in the window is this workspace's."""
        return self._workspaces[workspace_id] == len(self._entries)

    def add(self, *, article_id: int, story_id: int | None, workspace_id: int, at: datetime, features: bytes) -> None:
        """Put an article in; again with the same id, its features, time and story are replaced."""
        if article_id in self._entries:
            self._drop(article_id)
        known = read_features(features)
        entry = _Entry(article_id, story_id, workspace_id, at, known, self._direction(known))
        self._entries[article_id] = entry
        self._workspaces[workspace_id] += 1
        self.last_id = max(self.last_id, article_id)
        self._postings.post(entry.article_id, entry.direction)
        self._join(entry)

    def kin(self, features: bytes, *, at: datetime, workspace_ids: frozenset[int] | None) -> tuple[Kin, ...]:
        """The articles that report the same event, best first; among those of the given workspaces (None: of all)."""
        known = read_features(features)
        query = self._direction(known)
        by_story: defaultdict[int, list[_Likeness]] = defaultdict(list)
        for article_id in self._postings.candidates(query, lambda id: self._may_be_kin(id, at, workspace_ids)):
            entry = self._entries[article_id]
            likeness = sum([query[word] * entry.direction[word] for word in query.keys() & entry.direction.keys()])
            story_id = -article_id if entry.story_id is None else entry.story_id
            by_story[story_id].append(_Likeness(entry, likeness))
        kin = []
        for story_id, alike in by_story.items():
            kin += self._judge(known, query, at, story_id, alike, workspace_ids)
        kin.sort(key=lambda one: (-one.score, one.article_id))
        return tuple(kin)

    def linked(self, kin: Sequence[Kin], features: bytes, *, workspace_id: int) -> tuple[int, ...]:
        """The stories that turn out to be one, oldest first, given the `kin` of an article; nothing where none do.

        Only the articles of `workspace_id` are evidence, so that nobody's private reports merge what others see.
        """
        stories = dict.fromkeys(one.story_id for one in kin if one.workspace_id == workspace_id and one.story_id)
        groups = {
            story: group for story in stories if (group := self._groups.get(story, {}).get(workspace_id)) is not None
        }
        if len(groups) < 2:
            return ()
        first, *others = groups
        asked = merges(read_features(features))
        same = [story for story in others if groups[first].likeness_of(groups[story]) >= asked]
        return tuple(sorted([first, *same])) if same else ()

    def move(self, from_story: int, to_story: int) -> None:
        """Every article of one story belongs to another from now on."""
        if from_story == to_story:
            return
        for group in self._groups.pop(from_story, {}).values():
            subtract(self._story_counts, group.total)
            for article_id in group.members:
                entry = self._entries[article_id]
                subtract(self._counts, entry.direction)
                entry.story_id = to_story
                self._join(entry)

    def prune(self, now: datetime) -> None:
        """Forget the articles older than the window."""
        horizon = now - self._window
        old = [article_id for article_id, entry in self._entries.items() if entry.at < horizon]
        for article_id in old:
            self._drop(article_id)
        if self._stale * 4 > len(self._entries):
            self._repost()

    def _direction(self, known: Features) -> dict[int, float]:
        """The article's terms weighed by rarity, scaled to length 1."""
        weights = [term.weight * self._rarity(term) ** _STEEP for term in known.terms]
        length = sqrt(sum(weight * weight for weight in weights)) or 1.0
        return {term.hash: weight / length for term, weight in zip(known.terms, weights, strict=True)}

    def _rarity(self, term: Term) -> float:
        """0 for a word that all articles have, 1 for one that none has yet."""
        spread = self._counts.get(term.hash, 0) ** (1 - _BY_STORY) * self._story_counts.get(term.hash, 0) ** _BY_STORY
        spread += _GENERIC_COUNT if term.is_generic else _BACKGROUND.get(term.hash, 0)
        return max(0.0, 1 - log(1 + spread) / log(len(self._entries) + _VIRTUAL_ARTICLES))

    def _may_be_kin(self, article_id: int, at: datetime, workspace_ids: frozenset[int] | None) -> bool:
        entry = self._entries.get(article_id)
        return (
            entry is not None
            and (workspace_ids is None or entry.workspace_id in workspace_ids)
            and abs(entry.at - at) <= self._window
        )

    def _judge(
        self,
        known: Features,
        query: dict[int, float],
        at: datetime,
        story_id: int,
        alike: list[_Likeness],
        workspace_ids: frozenset[int] | None,
    ) -> list[Kin]:
        """The articles of one story that are kin: none, unless the story as a whole is about the same event."""
        best = max(alike, key=lambda one: one.likeness)
        copies = {one.entry.article_id for one in alike if is_copy(known, one.entry.known)}
        evidence = self._story_likeness(story_id, query, workspace_ids) if story_id > 0 else best.likeness
        # What is too little at any time is not looked at further: most candidates end here.
        fits = evidence >= enough(known, best.entry.known, timedelta())
        if fits:
            apart = self._apart(story_id, at, workspace_ids) if story_id > 0 else abs(best.entry.at - at)
            is_single = story_id < 0 or sum(len(group.members) for group in self._groups[story_id].values()) == 1
            evidence *= breadth(known, best.entry.known, self._rarity, is_single=is_single)
            fits = evidence >= enough(known, best.entry.known, apart) and not are_issues(
                known, best.entry.known, apart=abs(best.entry.at - at)
            )
        return [
            Kin(
                article_id=one.entry.article_id,
                story_id=one.entry.story_id,
                workspace_id=one.entry.workspace_id,
                score=round(1.0 if copied else min(0.99, (evidence + one.likeness) / 2), 4),
                copy=copied,
            )
            for one in alike
            if (copied := one.entry.article_id in copies) or fits
        ]

    def _apart(self, story_id: int, at: datetime, workspace_ids: frozenset[int] | None) -> timedelta:
        """How far the story's articles are from a moment, on average: the longer a story runs, the more is asked."""
        times = [
            abs(self._entries[member].at - at)
            for workspace_id, group in self._groups.get(story_id, {}).items()
            if workspace_ids is None or workspace_id in workspace_ids
            for member in group.members[-_SPAN_ARTICLES:]
        ]
        return sum(times, timedelta()) / len(times)

    def _story_likeness(self, story_id: int, query: dict[int, float], workspace_ids: frozenset[int] | None) -> float:
        best = 0.0
        for workspace_id, group in self._groups.get(story_id, {}).items():
            if workspace_ids is None or workspace_id in workspace_ids:
                best = max(best, group.likeness(query))
        return best

    def _join(self, entry: _Entry) -> None:
        """Count the article and its story; one without a story is a story of its own."""
        for word in entry.direction:
            self._counts[word] += 1
        if entry.story_id is None:
            fresh: Iterable[int] = entry.direction
        else:
            group = self._groups.setdefault(entry.story_id, {}).setdefault(entry.workspace_id, Group())
            fresh = group.put(entry.article_id, entry.direction)
        for word in fresh:
            self._story_counts[word] += 1

    def _leave(self, entry: _Entry) -> None:
        subtract(self._counts, entry.direction)
        if entry.story_id is None:
            subtract(self._story_counts, entry.direction)
            return
        groups = self._groups[entry.story_id]
        group = groups.pop(entry.workspace_id)
        subtract(self._story_counts, group.total)
        others = [self._entries[other] for other in group.members if other != entry.article_id]
        for other in others:
            subtract(self._counts, other.direction)
            self._join(other)
        if not groups:
            del self._groups[entry.story_id]

    def _drop(self, article_id: int) -> None:
        self._leave(self._entries[article_id])
        self._workspaces[self._entries.pop(article_id).workspace_id] -= 1
        self._stale += 1

    def _repost(self) -> None:
        self._stale = 0
        self._postings = Postings()
        for entry in self._entries.values():
            self._postings.post(entry.article_id, entry.direction)
