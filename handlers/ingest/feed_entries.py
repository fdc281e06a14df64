"""Sorts the entries of a feed: those never seen before, those under new names, and those changed by their publisher."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from handlers.drafts import ArticleDraft, Draft
from handlers.ingest.prepare import content_of, fingerprints_of, gained_fields, is_revised, moved_url
from handlers.rules.identity import identity_keys, plausible_date
from handlers.rules.urls import is_same_page
from handlers.stories.edits import is_different_article
from handlers.stories.renamed import find_renamed
from storage.records import SHARED, Article, Source
from storage.store import Tx

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_NAMES: Final = 5
"""Names of one article that are stored for a feed. A feed that renames it again each time adds no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntries:
    """The entries of a reading, sorted."""

    unseen: tuple[Draft, ...]
    """Never seen before, in the order in which they are ingested: oldest first. These are new articles as a rule."""
    known: tuple[Draft, ...]
    """Known entries to ingest again: their publisher changed them, or they have new names. Their `article_id` says of
    which article they are, if they are certainly not another one under a reused name."""
    listed: frozenset[int]
    """The articles of known entries."""
    has_earlier: bool
    """An article that it lists was brought by it before its server began to redirect it."""
    renamed: int
    """The number of entries that got new addresses or ids, if these are most of the feed and it is the first time, else
    0."""

    @property
    def to_ingest(self) -> tuple[Draft, ...]:
        return (*self.unseen, *self.known)


async def sort_entries(tx: Tx, source: Source, entries: Sequence[Draft], now: datetime) -> FeedEntries:
    """Sort the entries of a feed that was read now (UTC). Changes nothing in the database."""
    ids = await tx.arrivals.articles_of(source.id, [entry.key for entry in entries if entry.key])
    articles = await tx.articles.by_ids(id for id in ids.values() if id is not None)
    ids |= await _reused_names(tx, source, entries, ids, articles)
    articles |= await tx.articles.by_ids(id for id in ids.values() if id is not None and id not in articles)
    unseen = [entry for entry in entries if entry.key is None or entry.key not in ids]
    new = await _without_past(tx, source, unseen)
    has_past, unseen = len(new) < len(unseen), new
    listed = {id for id in ids.values() if id is not None}
    found = await _find_renamed(tx, source, unseen, listed=listed, entry_count=len(entries))
    listed |= set(found.articles.values())
    known = [*_changed(entries, ids, articles, source, now), *found.to_ingest]
    return FeedEntries(
        unseen=_oldest_first([entry for entry in unseen if entry.key not in found.articles], source),
        known=tuple(known),
        listed=frozenset(listed),
        has_earlier=has_past or await _has_earlier(tx, source, listed),
        renamed=found.moved if found.are_most else 0,
    )


async def _without_past(tx: Tx, source: Source, unseen: Sequence[Draft]) -> list[Draft]:
    """Return the entries without those whose articles retention has deleted."""
    keys = [identity_keys(entry, source_url=source.url) if isinstance(entry, ArticleDraft) else () for entry in unseen]
    past = await tx.past_identities.among({SHARED, source.workspace_id}, [key for own in keys for key in own])
    return [entry for entry, own in zip(unseen, keys, strict=True) if past.isdisjoint(own)]


async def _has_earlier(tx: Tx, source: Source, listed: Collection[int]) -> bool:
    """Return whether the feed brought one of these articles before its current redirect was first seen.

    A feed that was redirected whenever it was read has no other entries.
    """
    if source.first_read_at is None:
        return True
    if source.moved_to is None or source.moved_since is None:
        return bool(listed)
    if source.moved_since <= source.first_read_at:
        return True
    first = await tx.arrivals.first_received_at(source.id, listed)
    return first is not None and first < source.moved_since


def _oldest_first(entries: Sequence[Draft], source: Source) -> tuple[Draft, ...]:
    """Return the entries in the order in which they are ingested.

    Feeds list the newest first. When a feed is read for the first time, its newest entry comes first here too, because
    a channel gets one sample of a new feed.
    """
    if source.first_read_at is not None:
        return tuple(reversed(entries))
    dates = [plausible_date(entry.published_at) if isinstance(entry, ArticleDraft) else None for entry in entries]
    newest = max((date for date in dates if date is not None), default=None)
    order = sorted(range(len(entries)), key=lambda place: (-(dates[place] or newest or _EPOCH).timestamp(), place))
    return tuple(entries[place] for place in order)


async def _reused_names(
    tx: Tx,
    source: Source,
    entries: Iterable[Draft],
    ids: Mapping[str, int | None],
    articles: Mapping[int, Article],
) -> dict[str, int | None]:
    """Return the newest article of each key that the feed has used for several articles, as far as entries differ.

    An arrival stays with the article that it brought, while the identity of the name moves to the newest article.
    """
    names: dict[str, str] = {}
    for entry in entries:
        article = articles.get(ids.get(entry.key or "") or 0)
        if isinstance(entry, ArticleDraft) and article is not None and is_revised(article, entry, source):
            keys = identity_keys(entry, source_url=source.url)
            if keys and entry.key:
                names[entry.key] = keys[0]
    owners = await tx.identities.owners({source.workspace_id}, names.values())
    newest = {key: owners.get((source.workspace_id, name)) for key, name in names.items()}
    found = await tx.articles.by_ids(id for id in newest.values() if id is not None)
    return {key: id for key, id in newest.items() if id in found and found[id].source_id == source.id}


def _changed(
    entries: Iterable[Draft],
    ids: Mapping[str, int | None],
    articles: Mapping[int, Article],
    source: Source,
    now: datetime,
) -> list[ArticleDraft]:
    """Return the known entries that differ from their articles."""
    changed = []
    for entry in entries:
        if not isinstance(entry, ArticleDraft) or entry.key is None or entry.key not in ids:
            continue
        article = articles.get(ids[entry.key] or 0)
        if ids[entry.key] is None:  # it was unreadable when it was first seen
            changed.append(entry)
        elif article is not None:
            named = replace(entry, article_id=article.id)
            if is_revised(article, entry, source):
                changed.append(entry if _is_other(article, entry, now) else named)
            elif gained_fields(article, entry, source) or moved_url(article, named, source):
                changed.append(named)
    return changed


def _is_other(article: Article, entry: ArticleDraft, now: datetime) -> bool:
    """Return whether the entry is another article than the one that had its name."""
    name = entry.guid or entry.url or ""
    return is_different_article(content_of(article), content_of(entry, now), name=name, from_feed=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    articles: Mapping[str | None, int]
    """The article of each entry that is an article under a new name, by the entry's key."""
    to_ingest: tuple[ArticleDraft, ...] = ()
    moved: int = 0
    """Entries on another page than before, or without an address, whose article was never renamed before."""
    are_most: bool = False


async def _find_renamed(
    tx: Tx, source: Source, unseen: Sequence[Draft], *, listed: set[int], entry_count: int
) -> _Found:
    """Find the entries with unknown names that are stored articles of this feed."""
    drafts = {place: entry for place, entry in enumerate(unseen) if isinstance(entry, ArticleDraft)}
    prints = {place: fingerprints_of(entry, source) for place, entry in drafts.items()}
    wanted = {value for values in prints.values() for value in values}
    owners = await tx.fingerprints.find({source.workspace_id}, wanted) if wanted else {}
    candidates = {
        place: [id for id in dict.fromkeys(id for value in values for id in owners.get(value, ())) if id not in listed]
        for place, values in prints.items()
    }
    stored = await tx.articles.by_ids(id for ids in candidates.values() for id in ids)
    if not stored:
        return _Found(articles={})
    renamed = await asyncio.to_thread(
        find_renamed,
        {place: content_of(draft) for place, draft in drafts.items()},
        candidates,
        {id: content_of(article) for id, article in stored.items()},
        listed_before=await tx.listings.of(source.id),
        entry_count=entry_count,
    )
    if not renamed.articles:
        return _Found(articles={})
    names = await tx.arrivals.count_of_articles(source.id, renamed.articles.values())
    to_ingest, moved = [], 0
    for place, id in renamed.articles.items():
        draft = drafts[place]
        moved += names.get(id, 0) < 2 and not is_same_page(stored[id].url, draft.url)
        if names.get(id, 0) < _MOST_NAMES or is_revised(stored[id], draft, source):
            to_ingest.append(replace(draft, article_id=id))
    return _Found(
        articles={drafts[place].key: id for place, id in renamed.articles.items()},
        to_ingest=tuple(to_ingest),
        moved=moved,
        are_most=renamed.are_most and moved * 2 > len(renamed.articles),
    )
