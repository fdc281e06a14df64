"""Which stored articles report the same event as a new one: an in-memory index over a sliding window."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log, sqrt
from typing import TYPE_CHECKING, Final, NamedTuple

from handlers.stories.group import Group, subtract
from handlers.stories.sketch import Features, are_issues, count_independent, features, is_copy, read_features

__all__ = ["Kin", "StoryIndex", "count_independent", "features"]

# `array` takes no parameter at run time before Python 3.12.
if TYPE_CHECKING:
    _Ints = array[int]
else:
    _Ints = array

_PROBE_TERMS: Final = 16
"""The heaviest terms of a new article, by which candidates are found."""
_PROBE_POSTINGS: Final = 160
"""The newest articles of a term that are looked at."""
_POSTED_TERMS: Final = 48
_CANDIDATES: Final = 24
_VIRTUAL_ARTICLES: Final = 400
"""Articles assumed to exist before the first, so that rarity is sane while the index is small."""
_GENERIC_COUNT: Final = 24
_HOPELESS: Final = 0.1
_SHARED_TERMS: Final = 2
_LONE_WORD: Final = 1.4
_NAMING_ARTICLES: Final = 4
_FEW_TERMS, _MANY_TERMS = 10, 24
_JOIN_SHORT, _JOIN_LONG = 0.17, 0.24
_JOIN_A_DAY: Final = 0.15
_BY_STORY: Final = 0.7
_STEEP: Final = 1.5
_WHOLE: Final = 0.7
_SETTLE_UNTIL: Final = 1024


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
    shared: int
    """Words in common that do not stand in headlines of every kind."""


def _enough(one: Features, other: Features, apart: timedelta) -> float:
    """The evidence that two articles report one event: more is asked of long texts, and of articles days apart."""
    terms = min(len(one.terms), len(other.terms))
    length = min(max((terms - _FEW_TERMS) / (_MANY_TERMS - _FEW_TERMS), 0.0), 1.0)
    return (_JOIN_SHORT + (_JOIN_LONG - _JOIN_SHORT) * length) * (1 + _JOIN_A_DAY * (apart / timedelta(days=1)))


class StoryIndex:
    """The articles of the last `window` by their features. Not thread-safe; the owner serialises.

    Times are the article's own, never later than its arrival. The same calls in the same order give the same answers.
    """

    def __init__(self, window: timedelta = timedelta(hours=72)) -> None:
        self._window = window
        self._entries: dict[int, _Entry] = {}
        self._workspaces: Counter[int] = Counter()
        self._postings: dict[int, _Ints] = {}
        self._counts: defaultdict[int, int] = defaultdict(int)
        self._story_counts: defaultdict[int, int] = defaultdict(int)
        self._groups: dict[int, dict[int, Group]] = {}
        """By story, then workspace: evidence never comes from articles that the asker may not see."""
        self._stale = 0
        self._settled_at = 16
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
        self._post(entry)
        self._join(entry)
        if self._settled_at <= _SETTLE_UNTIL and len(self._entries) >= self._settled_at:
            self._settle()

    def kin(self, features: bytes, *, at: datetime, workspace_ids: frozenset[int] | None) -> tuple[Kin, ...]:
        """The articles that report the same event, best first; among those of the given workspaces (None: of all)."""
        known = read_features(features)
        query = self._direction(known)
        telling = {term.hash for term in known.terms if not term.is_generic}
        by_story: defaultdict[int, list[_Likeness]] = defaultdict(list)
        for article_id in self._candidates(query, at, workspace_ids):
            entry = self._entries[article_id]
            common = query.keys() & entry.direction.keys()
            likeness = sum([query[word] * entry.direction[word] for word in common])
            story_id = -article_id if entry.story_id is None else entry.story_id
            by_story[story_id].append(_Likeness(entry, likeness, len(common & telling)))
        kin = []
        for story_id, alike in by_story.items():
            kin += self._judge(known, query, at, story_id, alike, workspace_ids)
        kin.sort(key=lambda one: (-one.score, one.article_id))
        return tuple(kin)

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
        everything = len(self._entries) + _VIRTUAL_ARTICLES
        counts, stories = self._counts, self._story_counts
        weights = []
        for term in known.terms:
            spread = counts.get(term.hash, 0) ** (1 - _BY_STORY) * stories.get(term.hash, 0) ** _BY_STORY
            rarity = log(everything / (1 + spread + _GENERIC_COUNT * term.is_generic))
            weights.append(term.weight * rarity**_STEEP)
        length = sqrt(sum(weight * weight for weight in weights)) or 1.0
        return {term.hash: weight / length for term, weight in zip(known.terms, weights, strict=True)}

    def _candidates(self, query: dict[int, float], at: datetime, workspace_ids: frozenset[int] | None) -> list[int]:
        found: defaultdict[int, float] = defaultdict(float)
        probes = sorted(query.items(), key=lambda item: (-item[1], item[0]))[:_PROBE_TERMS]
        for word, weight in probes:
            posted = self._postings.get(word)
            if posted is not None:
                worth = weight * weight
                for article_id in posted[-_PROBE_POSTINGS:]:
                    found[article_id] += worth
        entries, window = self._entries, self._window
        best: list[int] = []
        for _, article_id in sorted([(-worth, article_id) for article_id, worth in found.items()]):
            entry = entries.get(article_id)
            if entry is None or (workspace_ids is not None and entry.workspace_id not in workspace_ids):
                continue
            if abs(entry.at - at) > window:
                continue
            best.append(article_id)
            if len(best) == _CANDIDATES:
                break
        return best

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
        if best.likeness < _HOPELESS:
            return []
        copies = {one.entry.article_id for one in alike if is_copy(known, one.entry.known)}
        apart = sum((abs(one.entry.at - at) for one in alike), timedelta()) / len(alike)
        whole = self._story_likeness(story_id, query, workspace_ids) if story_id > 0 else best.likeness
        evidence = (1 - _WHOLE) * best.likeness + _WHOLE * whole
        enough = _enough(known, best.entry.known, apart)
        if best.shared < _SHARED_TERMS and not self._names_story(query, best.entry):
            enough *= _LONE_WORD
        fits = (
            evidence >= enough
            and best.shared > 0
            and not are_issues(known, best.entry.known, apart=abs(best.entry.at - at))
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

    def _names_story(self, query: dict[int, float], entry: _Entry) -> bool:
        """Whether the one word shared with an article is used by many articles but hardly outside one story."""
        return any(
            word in query
            and self._counts[word] >= _NAMING_ARTICLES
            and self._story_counts[word] * _NAMING_ARTICLES <= self._counts[word]
            for word in entry.direction
        )

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
        self._postings = {}
        for entry in self._entries.values():
            self._post(entry)

    def _post(self, entry: _Entry) -> None:
        heaviest = sorted(entry.direction, key=lambda word: -entry.direction[word])[:_POSTED_TERMS]
        for word in heaviest:
            self._postings.setdefault(word, array("q")).append(entry.article_id)

    def _settle(self) -> None:
        """Weigh everything again: what was rare among the first few articles may be common by now."""
        self._settled_at *= 2
        for entry in self._entries.values():
            entry.direction = self._direction(entry.known)
        self._groups = {}
        self._counts.clear()
        self._story_counts.clear()
        for entry in self._entries.values():
            self._join(entry)
        self._repost()
