"""Decides what a new edition of a list, or a file of changes, changed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from handlers.sources.lists.compare import (
    ChangeKind,
    Difference,
    KeyChanges,
    ListChange,
    applied,
    differences,
    digest,
    match_renumbered,
)
from handlers.sources.lists.edition import Action, StatedChange
from handlers.sources.lists.entry import ListEntry
from handlers.sources.lists.process import Edition


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionChanges:
    """What a new edition means for readers and for what is stored."""

    changes: tuple[ListChange, ...]
    """For readers. Empty if nothing that counts has changed."""
    stored: Mapping[str, ListEntry]
    """Entries to store, by key."""
    gone: frozenset[str]
    """Keys to remove from what is stored."""


def entries_from(contents: Mapping[str, str]) -> dict[str, ListEntry]:
    """Return the entries of contents in JSON, by key."""
    return {key: ListEntry.from_stored(json.loads(content)) for key, content in contents.items()}


def changes_of_edition(
    edition: Edition, keys: KeyChanges, old: Mapping[str, ListEntry], moved_to: Mapping[str, str]
) -> EditionChanges:
    """Return what a whole list changed.

    `old`: the entries that changed or are missing, as they were. `moved_to`: the name of the publisher's other list
    that has a missing entry now, by key.
    """
    new = entries_from(edition.contents)
    renumbered = (
        {}
        if edition.format.has_keys
        else match_renumbered([old[key] for key in keys.missing], [new[key] for key in keys.added])
    )
    pairs = {new_key: old[old_key] for old_key, new_key in renumbered.items()} | {key: old[key] for key in keys.changed}
    found = [ListChange(kind=ChangeKind.ADDED, entry=new[key]) for key in keys.added if key not in pairs]
    for key, before in pairs.items():
        if changed := differences(before, new[key]):
            found.append(ListChange(kind=ChangeKind.CHANGED, entry=new[key], differences=changed))
    for key in keys.missing - renumbered.keys():
        kind = ChangeKind.MOVED if key in moved_to else ChangeKind.REMOVED
        found.append(ListChange(kind=kind, entry=old[key], moved_to=moved_to.get(key, "")))
    return EditionChanges(changes=tuple(found), stored=new, gone=keys.missing)


def changes_of_file(
    edition: Edition, own: Mapping[str, ListEntry], elsewhere: Mapping[str, ListEntry]
) -> EditionChanges:
    """Return what a file of changes states.

    `own`: what earlier files said of its entries. `elsewhere`: what other lists of the publisher say of them.
    """
    by_key: dict[str, list[StatedChange]] = {}
    for change in edition.changes:
        by_key.setdefault(change.entry.key, []).append(change)
    found: list[ListChange] = []
    stored: dict[str, ListEntry] = {}
    gone: set[str] = set()
    for key, stated in by_key.items():
        known = own.get(key)
        actions = {change.action: change for change in stated}
        if Action.ADD in actions and Action.REMOVE in actions:  # it left one list for another
            left, joined = actions[Action.REMOVE].entry, actions[Action.ADD].entry
            found.append(_moved(left, joined))
            stored[key] = joined
        elif Action.ADD in actions:
            entry = actions[Action.ADD].entry
            stored[key] = entry
            if known is None:
                found.append(ListChange(kind=ChangeKind.ADDED, entry=entry))
            elif digest(known) != digest(entry) and (changed := differences(known, entry)):
                found.append(ListChange(kind=ChangeKind.CHANGED, entry=entry, differences=changed))
        elif Action.REMOVE in actions:
            found.append(ListChange(kind=ChangeKind.REMOVED, entry=actions[Action.REMOVE].entry))
            gone.add(key)
        else:
            whole = known or elsewhere.get(key)
            before, after = applied(whole, actions[Action.CHANGE])
            changed = differences(before, after)
            if whole is not None:
                stored[key] = after
            if changed:
                found.append(_changed(before, after, changed))
    return EditionChanges(changes=tuple(found), stored=stored, gone=frozenset(gone))


def _changed(before: ListEntry, after: ListEntry, changed: tuple[Difference, ...]) -> ListChange:
    """Return the change of an entry; it moved if it left one list and joined another."""
    if set(before.lists) - set(after.lists) and set(after.lists) - set(before.lists):
        return _moved(before, after)
    return ListChange(kind=ChangeKind.CHANGED, entry=after, differences=changed)


def _moved(before: ListEntry, after: ListEntry) -> ListChange:
    joined = [name for name in after.lists if name not in before.lists] or list(after.lists)
    return ListChange(kind=ChangeKind.MOVED, entry=before, moved_to=" and ".join(joined) or "another list")
