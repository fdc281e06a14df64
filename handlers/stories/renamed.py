"""Which entries of a feed are stored articles under new names: after a site moved, or renames its articles each time.

An id, an address and a date can change together. The headline, the text and the instant rarely do, so that an entry is
recognized by what it kept. The feed no longer lists the article under its old name, or both are different articles.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from enum import IntEnum
from typing import Final

from handlers.rules.identity import alphanumeric
from handlers.stories.edits import ArticleContent, have_common_number, have_other_dates, word_overlap
from handlers.stories.same_headline import is_close_headline

_NEIGHBOURING_DAY: Final = timedelta(hours=36)
"""A date may be read in another time zone, or be corrected by a day."""
_OTHER_ZONE: Final = timedelta(hours=14)
_SAME_INSTANT: Final = timedelta(seconds=1)
_SUBSTANTIAL: Final = 100
"""Letters of a text that hardly comes twice. A shorter one may be a notice that is given every day."""
_LONG_HEADLINE: Final = 15
"""Letters of a headline that is recognized in a longer one."""
_DISTINCTIVE: Final = 60
"""Letters of a text that shows an article under another headline."""
_CLOSE_TEXT: Final = 0.8
"""Share of common words from which a text is the same up to corrections."""
_KEPT_TEXT: Final = 0.5
"""Share of common words from which a text is mostly the same."""
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_FEW: Final = 3
"""Fewer entries are never "most" of a feed."""
_MANY: Final = 5
_NEARLY_ALL: Final = 0.8
"""Share of the entries, at least five, from which their headlines alone show that a feed renamed them."""


class _Date(IntEnum):
    """How far the dates of two articles are apart."""

    FAR = 0
    UNKNOWN = 1  # one of them has none
    NEAR = 2  # a neighbouring day
    OTHER_ZONE = 3  # at most as far as two time zones
    SAME_DAY = 4  # the same instant, but one that only names a day, or that other entries of the feed have too
    SAME = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """The entries that are stored articles under new names."""

    articles: Mapping[int, int]
    """The article id of each recognized entry, by its position."""
    are_most: bool
    """Most entries of the feed have new names."""


def find_renamed(
    entries: Mapping[int, ArticleContent],
    candidates: Mapping[int, Sequence[int]],
    stored: Mapping[int, ArticleContent],
    *,
    listed_before: frozenset[int],
    entry_count: int,
) -> Renamed:
    """Return which of the entries with unknown names are stored articles. No article is found for two entries.

    `entries` by their position in the feed; `candidates` are the ids of stored articles that share a fingerprint with
    each entry and that the feed does not list under a known name; `stored` has their content. `listed_before` holds the
    ids of the articles that the feed listed when it was last read; `entry_count` is the number of its entries now.
    """
    instants = Counter(entry.published_at for entry in entries.values())
    pairs = [
        _Pair(
            position=position,
            id=id,
            stored=stored[id],
            entry=entries[position],
            was_listed=id in listed_before,
            has_own_instant=instants[entries[position].published_at] == 1,
        )
        for position, ids in candidates.items()
        for id in ids
        if id in stored
    ]
    found = _assign([(pair.strength(), pair) for pair in pairs])
    same_headlines = [pair for pair in pairs if pair.keeps_headline]
    distinct = {alphanumeric(pair.entry.title) for pair in same_headlines}
    are_nearly_all = len(distinct) >= max(_MANY, _NEARLY_ALL * entry_count)
    moved = [pair for pair in same_headlines if pair.is_same_in_a_move(are_nearly_all=are_nearly_all)]
    known = found.keys() | {pair.position for pair in moved}
    headlines = {alphanumeric(entries[position].title) for position in known}
    are_most = len(known) >= _FEW and len(known) * 2 > entry_count and len(headlines) * 2 > len(known)
    if are_most:
        taken = set(found.values())
        rest = [pair for pair in moved if pair.position not in found and pair.id not in taken]
        found |= _assign([(1.0 + (word_overlap(pair.stored.text, pair.entry.text) or 0.0), pair) for pair in rest])
    return Renamed(articles=found, are_most=are_most)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """An entry, and a stored article that it may be."""

    position: int
    id: int
    stored: ArticleContent
    entry: ArticleContent
    was_listed: bool
    """The feed listed the article when it was last read."""
    has_own_instant: bool
    """No other new entry has the same date."""

    def strength(self) -> float:
        """Return how surely the entry is the stored article, from 0 (it is not) on."""
        date, texts = self._date(), self._likeness_of_texts()
        headlines = self.stored.title, self.entry.title
        has_title = is_close_headline(*headlines) and not have_other_dates(*headlines)
        has_text = texts is not None and texts >= _CLOSE_TEXT and not self._has_other_numbers()
        if has_title and has_text:
            is_same = self._is_same_by_words(date)
        elif has_title and texts is None:
            is_bare = not self.stored.text and not self.entry.text
            is_same = date is _Date.SAME or (is_bare and (date is _Date.SAME_DAY or self._is_replaced(date)))
        elif has_title:
            is_same = date is _Date.SAME
        elif has_text:
            is_same = self._is_same_by_text(date)
        else:
            is_same = date is _Date.SAME and have_common_number(self.stored.url, self.entry.url)
        return float(is_same) and 1.0 + date + 3.0 * has_title + 2.0 * has_text + self.was_listed

    @property
    def keeps_headline(self) -> bool:
        """Return whether the headlines have the same letters, or one adds something, such as a name, to the other."""
        ours, theirs = alphanumeric(self.stored.title), alphanumeric(self.entry.title)
        if ours == theirs:
            return True
        is_part = min(len(ours), len(theirs)) >= _LONG_HEADLINE and (ours in theirs or theirs in ours)
        return is_part and (self._likeness_of_texts() or 0.0) >= _CLOSE_TEXT

    def is_same_in_a_move(self, *, are_nearly_all: bool) -> bool:
        """Return whether the headline is enough if most entries of the feed have new names.

        `are_nearly_all`: nearly all of its headlines are known.
        """
        texts = self._likeness_of_texts()
        if self._is_dated_after_arrival():  # a site gave its articles new dates, or publishes the same headlines daily
            return texts is not None and texts >= _CLOSE_TEXT and not self._has_other_numbers()
        if texts is None:
            return are_nearly_all or self._date() is not _Date.FAR
        return not self._has_other_numbers() and (texts >= _KEPT_TEXT or self._date() is not _Date.FAR)

    def _is_same_by_words(self, date: _Date) -> bool:
        """Return whether it is the same article, if headline and text are the same."""
        if date >= _Date.SAME_DAY or self._is_replaced(date):
            return True
        is_long = len(alphanumeric(self.entry.text)) >= _SUBSTANTIAL
        return date >= _Date.NEAR and (is_long or (date is _Date.OTHER_ZONE and self._has_same_slug()))

    def _is_same_by_text(self, date: _Date) -> bool:
        """Return whether it is the same article under another headline, if the text is the same."""
        is_distinctive = len(alphanumeric(self.entry.text)) >= _DISTINCTIVE
        keeps_words = (word_overlap(self.stored.title, self.entry.title) or 0.0) > 0
        if date is _Date.SAME:
            return is_distinctive or keeps_words
        return is_distinctive and keeps_words and self._is_replaced(date)

    def _is_replaced(self, date: _Date) -> bool:
        """Return whether the article was listed last time, and nothing tells its date from that of the entry."""
        return date is _Date.UNKNOWN and self.was_listed

    def _likeness_of_texts(self) -> float | None:
        """Return the share of common words of the texts, 1.0 if they have the same letters; None if one is empty."""
        ours, theirs = alphanumeric(self.stored.text), alphanumeric(self.entry.text)
        if not ours or not theirs:
            return None
        if ours == theirs:
            return 1.0
        common = word_overlap(self.stored.text, self.entry.text) or 0.0
        return min(common, len(ours) / len(theirs), len(theirs) / len(ours))

    def _date(self) -> _Date:
        here, there = self.stored.published_at, self.entry.published_at
        if here is None or there is None:
            return _Date.FAR if self._is_dated_after_arrival() else _Date.UNKNOWN
        apart = abs(there - here)
        if apart <= _SAME_INSTANT:
            names_a_day = there.time() == time()
            return _Date.SAME if self.has_own_instant and not names_a_day else _Date.SAME_DAY
        if apart <= _OTHER_ZONE:
            return _Date.OTHER_ZONE
        return _Date.NEAR if apart <= _NEIGHBOURING_DAY else _Date.FAR

    def _is_dated_after_arrival(self) -> bool:
        """Return whether the entry is dated after the stored article arrived, so that it can hardly be that article."""
        arrived, date = self.stored.seen_at, self.entry.published_at
        return arrived is not None and date is not None and date - arrived > _OTHER_ZONE

    def _has_other_numbers(self) -> bool:
        """Return whether each text has a number that the other one lacks."""
        ours, theirs = (set(_NUMBER.findall(content.text)) for content in (self.stored, self.entry))
        return bool(ours - theirs) and bool(theirs - ours)

    def _has_same_slug(self) -> bool:
        ours, theirs = ((url or "").rstrip("/").rpartition("/")[2] for url in (self.stored.url, self.entry.url))
        return ours == theirs and any(map(str.isalpha, ours))


def _assign(ranked: Sequence[tuple[float, _Pair]]) -> dict[int, int]:
    """Return the best article for each position, of pairs with their strength. 0 is no match."""
    found: dict[int, int] = {}
    taken: set[int] = set()
    for strength, pair in sorted(ranked, key=lambda ranked: (-ranked[0], ranked[1].position, -ranked[1].id)):
        if strength > 0 and pair.position not in found and pair.id not in taken:
            found[pair.position] = pair.id
            taken.add(pair.id)
    return found
