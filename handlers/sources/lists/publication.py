"""Writes the article about a new edition of a list: who was added, changed, moved or removed."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from handlers.sources.lists.compare import ChangeKind, ListChange
from handlers.sources.lists.dates import spoken_date
from handlers.sources.lists.edition import ListFormat
from handlers.sources.lists.entry import ListEntry

MOST_NAMED: Final = 2
"""Entries of one kind of change that the headline names. Of more, the first is named and the rest counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """An article about what a new edition of a list changed."""

    key: str
    """Different for each article."""
    title: str
    text: str
    """A paragraph for each entry."""


def publication_of(
    format: ListFormat, changes: Iterable[ListChange], *, dated: str, read_on: date, after: str
) -> Publication:
    """Return the article about the changes, at least one. `dated`: the day of the edition as YYYY-MM-DD, or empty.

    `read_on`: the day on which it was read. The article has one of the two.
    `after`: identifies the edition that the list had before. The same change may come again after others.
    """
    order = list(ChangeKind)
    ordered = sorted(changes, key=lambda change: (order.index(change.kind), change.entry.name, change.entry.key))
    title = f"{format.title}: {'; '.join(_headline_parts(ordered))}"
    paragraphs = [_paragraph(change, format) for change in ordered]
    day = (
        f"is dated {spoken_date(dated)}" if dated else f"has no date. It was read on {spoken_date(read_on.isoformat())}"
    )
    paragraphs.append(f"The edition {day}.")
    text = "\n\n".join(paragraphs)
    content = "\0".join([format.id, after, title, *paragraphs]).encode("utf-8", "surrogatepass")
    return Publication(key=hashlib.sha256(content).hexdigest()[:32], title=title, text=text)


def _headline_parts(changes: Sequence[ListChange]) -> list[str]:
    parts = []
    for kind in ChangeKind:
        names = [_name(change.entry) for change in changes if change.kind is kind]
        if names:
            who = " and ".join(names) if len(names) <= MOST_NAMED else f"{names[0]} and {len(names) - 1:,} more"
            parts.append(f"{who} {kind}")
    return parts


def _name(entry: ListEntry) -> str:
    return entry.name or f"entry {entry.key}"


def _paragraph(change: ListChange, format: ListFormat) -> str:
    entry = change.entry
    where = entry.lists[0] if len(entry.lists) == 1 else format.title
    names = " / ".join((_name(entry), *entry.scripts[:1]))
    if change.kind is ChangeKind.CHANGED:
        details = "; ".join(f"{difference.what} {difference.value}" for difference in change.differences)
        return f"{names}{_about(entry)} was changed on the {where}: {details}."
    if change.kind is ChangeKind.REMOVED:
        return f"{names}{_about(entry)} was removed from the {where}.{_sentences(entry)}"
    if change.kind is ChangeKind.MOVED:
        return f"{names}{_about(entry)} was moved from the {where} to the {change.moved_to}.{_sentences(entry)}"
    return f"{names}{_about(entry)} was added to the {where}.{_sentences(entry)}"


def _about(entry: ListEntry) -> str:
    """Return in brackets what kind of entry it is, and by which references it is known."""
    references = [entry.reference] if entry.reference else []
    if entry.un_reference and entry.un_reference != entry.reference:
        references.append(f"UN reference {entry.un_reference}")
    born = [f"born {' or '.join(entry.births)}"] if entry.births else []
    parts = [entry.kind, *references, *born] if entry.kind else [*references, *born]
    return f" ({', '.join(parts)})" if parts else ""


def _sentences(entry: ListEntry) -> str:
    """Return what the list says of an entry, in sentences with a space before each."""
    strong = [alias.name for alias in entry.aliases if not alias.is_weak and not alias.is_former]
    former = [alias.name for alias in entry.aliases if alias.is_former]
    weak = [alias.name for alias in entry.aliases if alias.is_weak]
    listed = f"Listed on {spoken_date(entry.listed_on)}." if entry.listed_on else ""
    found = [
        _sentence("Programme", entry.programmes),
        _sentence("Measures", entry.measures),
        _sentence("Legal act", entry.acts),
        listed,
        _sentence("Also known as", strong),
        _sentence("Formerly known as", former),
        _sentence("Weak aliases", weak),
        _sentence("Name in other scripts", entry.scripts[1:]),
        _sentence("Founded or built", entry.founded),
        _sentence("Numbers", entry.numbers),
        _sentence("Address", entry.addresses),
    ]
    return "".join(f" {sentence}" for sentence in found if sentence)


def _sentence(what: str, values: Iterable[str]) -> str:
    joined = "; ".join(values)
    return f"{what}: {joined}." if joined else ""
