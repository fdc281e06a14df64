"""Stores an edition of an official list together with the article about what it changed."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Final

from handlers.answers.errors import UnreadableDocument
from handlers.answers.times import counted
from handlers.sources.lists.changes import EditionChanges, changes_of_edition, changes_of_file, entries_from
from handlers.sources.lists.compare import KeyChanges, compare_keys, digest, lost_parts, require_plausible
from handlers.sources.lists.edition import ListFormat
from handlers.sources.lists.formats import FORMATS, format_by_id
from handlers.sources.lists.process import Edition, read_edition
from handlers.sources.lists.publication import publication_of
from storage.official_lists import StoredEntry, StoredList, StoredPublication
from storage.records import Source
from storage.store import Store, Tx

_SLICE: Final = 2_000
"""Entries of a first edition that are stored in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEdition:
    title: str
    """What people call the list."""
    entries: int
    states_changes: bool
    """Whether the file is one of changes."""
    remarks: tuple[str, ...]
    """What the people who run the bot should know, such as a new layout of the file. Each is a sentence."""


async def store_edition(
    store: Store, source: Source, file: IO[bytes], *, now: datetime, number: int | None = None
) -> StoredEdition:
    """Read the edition in the file, store it, and store an article about what it changed, if anything did.

    `number`: that of the file in a series.

    Raises: UnreadableDocument, if the file is not of this list, or is more likely a fault of the publisher than an
    edition; StorageError.
    """
    async with store.read() as tx:
        known = None if source.first_read_at is None else await tx.official_lists.get(source.id)
        base = {} if known is None else await tx.official_lists.digests(source.id)
    edition = await read_edition(file, known=base)
    format = edition.format
    _require_same_list(known, format)
    remarks = []
    if format.states_changes:
        await _store_changes(store, source, edition, _state(edition, now, number))
    else:
        lost = lost_parts(base, edition.digests) if format.has_parts else {}
        kept = {key: digest for key, digest in base.items() if key.partition("|")[0] in lost} if edition.digests else {}
        require_plausible(base, kept | edition.digests, unreadable=edition.unreadable, title=format.title)
        if known is None:
            await _store_first(store, source, edition, _state(edition, now))
        else:
            await _store_next(store, source, edition, _keys(base, edition, lost), known, _state(edition, now))
            remarks += [_lost(part, number) for part, number in lost.items()]
    if known is not None and known.layout != edition.layout:
        remarks.append("The publisher changed the layout of the file. I still understand it.")
    if edition.unreadable:
        records = counted(edition.unreadable, "record")
        remarks.append(f"I found no name in {records} of the file, and left them out.")
    return StoredEdition(
        title=format.title,
        entries=len(edition.digests) or len(edition.changes),
        states_changes=format.states_changes,
        remarks=tuple(remarks),
    )


def _require_same_list(known: StoredList | None, format: ListFormat) -> None:
    before = None if known is None else format_by_id(known.format)
    if before is not None and (before.family, before.states_changes) != (format.family, format.states_changes):
        raise UnreadableDocument(
            f"The address answered with the {format.title}, and before with the {before.title}. The last good edition "
            "is kept."
        )


def _keys(base: Mapping[str, str], edition: Edition, lost: Mapping[str, int]) -> KeyChanges:
    """Return what differs. Entries of a part that lost too many are kept, as if they were still there."""
    keys = compare_keys(base, edition.digests)
    missing = frozenset(key for key in keys.missing if key.partition("|")[0] not in lost)
    return KeyChanges(added=keys.added, changed=keys.changed, missing=missing)


def _lost(part: str, number: int) -> str:
    return (
        f'The part "{part}" lost many of its {number:,} entries at once. I take that for a fault of the publisher, '
        "keep them, and report none as removed."
    )


async def _store_first(store: Store, source: Source, edition: Edition, state: StoredList) -> None:
    """Store the first edition in slices, so that others can write in between. An incomplete one is stored anew."""
    async with store.begin() as tx:
        await tx.official_lists.remove_entries(source.id)
    everything = list(edition.contents)
    for start in range(0, len(everything), _SLICE):
        keys = everything[start : start + _SLICE]
        async with store.begin() as tx:
            await tx.official_lists.put_entries(
                source.id,
                (StoredEntry(key=key, digest=edition.digests[key], content=edition.contents[key]) for key in keys),
            )
    async with store.begin() as tx:
        await tx.official_lists.put(source.id, state)


async def _store_next(
    store: Store, source: Source, edition: Edition, keys: KeyChanges, before: StoredList, state: StoredList
) -> None:
    """Store an edition of a list that was read before. `before`: what was known of it then."""
    async with store.begin() as tx:
        old = entries_from(await tx.official_lists.contents(source.id, keys.changed | keys.missing))
        moved_to = await _moved_to(tx, source, edition, keys.missing)
        changes = changes_of_edition(edition, keys, old, moved_to)
        await tx.official_lists.put_entries(
            source.id,
            (
                StoredEntry(key=key, digest=edition.digests[key], content=edition.contents[key])
                for key in (*keys.added, *keys.changed)
            ),
        )
        await _store(tx, source, edition, changes, state, after=before.read_at.isoformat())


async def _store_changes(store: Store, source: Source, edition: Edition, state: StoredList) -> None:
    """Store what a file of changes states."""
    keys = [change.entry.key for change in edition.changes]
    async with store.begin() as tx:
        own = entries_from(await tx.official_lists.contents(source.id, keys))
        others = await tx.official_lists.in_other_lists(
            source.id, source.workspace_id, _formats_of(edition.format), [key for key in keys if key not in own]
        )
        changes = changes_of_file(edition, own, entries_from({key: content for key, (_, content) in others.items()}))
        await tx.official_lists.put_entries(
            source.id,
            (
                StoredEntry(key=key, digest=digest(entry), content=json.dumps(entry.as_stored(), ensure_ascii=False))
                for key, entry in changes.stored.items()
            ),
        )
        await _store(tx, source, edition, changes, state)


async def _store(
    tx: Tx, source: Source, edition: Edition, changes: EditionChanges, state: StoredList, *, after: str = ""
) -> None:
    """Store which entries are gone, the article about the changes, and what is known of the list.

    `after`: when the edition before was read. A file of changes is one article whenever it is read.
    """
    await tx.official_lists.remove_entries(source.id, changes.gone)
    if changes.changes:
        publication = publication_of(
            edition.format, changes.changes, dated=edition.dated, read_on=state.read_at.date(), after=after
        )
        stored = StoredPublication(
            key=publication.key, title=publication.title, text=publication.text, created_at=state.read_at
        )
        await tx.official_lists.add_publication(source.id, stored)
    await tx.official_lists.put(source.id, state)


async def _moved_to(tx: Tx, source: Source, edition: Edition, missing: Iterable[str]) -> dict[str, str]:
    """Return the name of the other list of the same publisher that has a missing entry now, by key.

    A source with most of the entries of this edition is the same list in another file, which may be older.
    """
    formats = _formats_of(edition.format)
    others = await tx.official_lists.in_other_lists(source.id, source.workspace_id, formats, missing)
    found = await tx.sources.by_ids(source_id for source_id, _ in others.values())
    lists = {}
    for source_id, other in found.items():
        shared = edition.digests.keys() & (await tx.official_lists.digests(source_id)).keys()
        if len(shared) * 2 < len(edition.digests):
            lists[source_id] = other.title
    return {key: lists[source_id] for key, (source_id, _) in others.items() if source_id in lists}


def _formats_of(format: ListFormat) -> list[str]:
    """Return the formats whose entries have the same keys, but of whole lists only."""
    return [other.id for other in FORMATS if other.family == format.family and not other.states_changes]


def _state(edition: Edition, now: datetime, number: int | None = None) -> StoredList:
    return StoredList(format=edition.format.id, layout=edition.layout, dated=edition.dated, read_at=now, number=number)
