"""Compares two editions of a list entry by entry. The order of entries and of their values, blanks and capitals do not
count, nor does a later legal act that changes nothing else.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from handlers.answers.errors import UnreadableDocument
from handlers.sources.lists.edition import Action, StatedChange
from handlers.sources.lists.entry import Alias, ListEntry, comparable

_PARTS: Final = (
    ("scripts", "name in another script"),
    ("lists", "list"),
    ("programmes", "programme"),
    ("measures", "measure"),
    ("births", "date of birth"),
    ("founded", "founding or building date"),
    ("addresses", "address"),
    ("numbers", "number"),
)
"""The values of an entry that it can have several of, and what a change of one is called."""
FEWEST_MISSING: Final = 2
MOST_MISSING: Final = 0.2
"""If this share of the entries is missing, the edition is taken for a fault of the publisher. The US Consolidated
Screening List has lost whole sources for hours more than once: ITA developerportal issues 95 and 146."""

_ANEW: Final = "If the edition is right, remove the list with /sources and add it again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One change within an entry, as people say it: "new weak alias"."""

    what: str
    value: str


class ChangeKind(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChange:
    """What happened to one entry."""

    kind: ChangeKind
    entry: ListEntry
    """As it is now; of a removed entry, as it was."""
    differences: tuple[Difference, ...] = ()
    moved_to: str = ""
    """The list that has a removed entry now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyChanges:
    """The keys of the entries that differ between two editions."""

    added: frozenset[str]
    changed: frozenset[str]
    missing: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.missing)


def digest(entry: ListEntry) -> str:
    """Return a hash of what counts as the contents of the entry."""
    aliases = sorted({(comparable(alias.name), alias.is_weak) for alias in entry.aliases})
    values = {name: sorted({comparable(value) for value in getattr(entry, name)}) for name, _ in _PARTS}
    content = json.dumps([comparable(entry.name), aliases, values, comparable(entry.un_reference)], ensure_ascii=False)
    return hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def compare_keys(base: Mapping[str, str], edition: Mapping[str, str]) -> KeyChanges:
    """Return what differs. Both arguments are digests by key."""
    return KeyChanges(
        added=frozenset(edition.keys() - base.keys()),
        changed=frozenset(key for key in edition.keys() & base.keys() if edition[key] != base[key]),
        missing=frozenset(base.keys() - edition.keys()),
    )


def require_plausible(base: Mapping[str, str], edition: Mapping[str, str], *, unreadable: int, title: str) -> None:
    """Refuse an edition that is more likely a fault than news: empty, with other keys, or with far fewer entries.

    `unreadable`: records in which no name was understood.

    Raises: UnreadableDocument, whose message says what is wrong and that the last good edition is kept.
    """
    kept = f"Nothing counts as removed. The last good edition has {len(base):,} entries and is kept." if base else ""
    if not edition:
        what = f"{unreadable:,} records and understood none" if unreadable else "no record"
        reason = f"I found {what} in the {title}. Its layout may have changed."
    elif unreadable > len(edition) * MOST_MISSING:
        records = unreadable + len(edition)
        reason = f"I understood {len(edition):,} of {records:,} records of the {title}. Its layout may have changed."
    elif len(base) > FEWEST_MISSING and not base.keys() & edition.keys():
        reason = f"No entry of the {title} has a key that was known before."
        kept = f"{kept} {_ANEW}"
    elif _shrinks(len(base), len(edition)):
        reason = f"The {title} has only {len(edition):,} entries. So many are not removed at once."
        kept = f"{kept} {_ANEW}"
    else:
        return
    raise UnreadableDocument(f"{reason} {kept}".strip())


def lost_parts(base: Iterable[str], edition: Iterable[str]) -> dict[str, int]:
    """Return the parts of a joined list that lost too many entries, each with the number that it had.

    Arguments are the keys of the entries, which begin with the part.
    """
    had, has = (Counter(key.partition("|")[0] for key in keys) for keys in (base, edition))
    return {part: number for part, number in had.items() if _shrinks(number, has[part])}


def _shrinks(before: int, after: int) -> bool:
    return before - after >= FEWEST_MISSING and before - after >= before * MOST_MISSING


def match_renumbered(missing: Iterable[ListEntry], added: Iterable[ListEntry]) -> dict[str, str]:
    """Return the new key of each entry that only got another one, by its old key. For lists without keys of their own.

    An entry is the same if its name and kind are, or its place in the list; neither may fit two entries.
    """
    found: dict[str, str] = {}
    old, new = list(missing), list(added)
    for property_of in (_name_and_kind, _place):
        left = _keys_by(property_of, (entry for entry in old if entry.key not in found))
        right = _keys_by(property_of, (entry for entry in new if entry.key not in set(found.values())))
        for value in left.keys() & right.keys():
            if value and len(left[value]) == len(right[value]) == 1:
                found[left[value][0]] = right[value][0]
    return found


def _keys_by(property_of: Callable[[ListEntry], str], entries: Iterable[ListEntry]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entry in entries:
        found.setdefault(property_of(entry), []).append(entry.key)
    return found


def _name_and_kind(entry: ListEntry) -> str:
    return f"{comparable(entry.name)}|{entry.kind}|{'|'.join(entry.programmes)}"


def _place(entry: ListEntry) -> str:
    return f"{entry.reference}|{'|'.join(entry.programmes)}" if entry.reference else ""


def differences(old: ListEntry, new: ListEntry) -> tuple[Difference, ...]:
    """Return what changed within an entry: first the name, then aliases, then the rest."""
    found = []
    if comparable(old.name) != comparable(new.name) and old.name and new.name:
        found.append(Difference(what="new name", value=f"{new.name}, before {old.name}"))
    found += _alias_differences(old, new)
    for name, what in _PARTS:
        before = {comparable(value) for value in getattr(old, name)}
        after = {comparable(value) for value in getattr(new, name)}
        found += [Difference(what=f"new {what}", value=v) for v in getattr(new, name) if comparable(v) not in before]
        found += [
            Difference(what=f"no longer {what}", value=v) for v in getattr(old, name) if comparable(v) not in after
        ]
    return tuple(found)


def _alias_differences(old: ListEntry, new: ListEntry) -> list[Difference]:
    before = {comparable(alias.name): alias for alias in old.aliases}
    after = {comparable(alias.name): alias for alias in new.aliases}
    names = {comparable(name) for name in (old.name, *old.scripts)}
    found = []
    for key, alias in after.items():
        kind = "weak alias" if alias.is_weak else "former name" if alias.is_former else "alias"
        if key in before and before[key].is_weak != alias.is_weak:
            what = "now a weak alias:" if alias.is_weak else "no longer a weak alias:"
            found.append(Difference(what=what, value=alias.name))
        elif key not in before and key not in names:
            found.append(Difference(what=f"new {kind}", value=alias.name))
    current = {comparable(name) for name in (new.name, *new.scripts)}
    found += [
        Difference(what="no longer alias", value=alias.name)
        for key, alias in before.items()
        if key not in after and key not in current
    ]
    return found


def applied(known: ListEntry | None, change: StatedChange) -> tuple[ListEntry, ListEntry]:
    """Return the entry before and after a change that a change file states.

    `known`: the entry as it was, if anything is known of it. Otherwise both have only the parts that the file names.
    """
    dropped = change.dropped or ListEntry(key=change.entry.key, name="")
    if change.action is not Action.CHANGE:
        return known or change.entry, change.entry
    added = change.entry
    if known is None:
        return dropped, added
    before = known
    values: dict[str, Any] = {}
    for name, _ in _PARTS:
        gone = {comparable(value) for value in getattr(dropped, name)}
        come = {comparable(value) for value in getattr(added, name)}
        kept = [value for value in getattr(known, name) if comparable(value) not in gone - come]
        has = {comparable(value) for value in kept}
        # A part that was removed and added again is no change, also if only a part of a longer value is named.
        new = [value for value in getattr(added, name) if comparable(value) not in has | gone]
        values[name] = (*kept, *new)
    gone = {comparable(alias.name) for alias in dropped.aliases} - {comparable(alias.name) for alias in added.aliases}
    aliases: dict[str, Alias] = {comparable(a.name): a for a in known.aliases if comparable(a.name) not in gone}
    aliases |= {comparable(alias.name): alias for alias in added.aliases}
    after: ListEntry = replace(known, name=added.name or known.name, aliases=tuple(aliases.values()), **values)
    return before, after
