"""An edition of a list: its entries, or the changes that a change file states."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import BinaryIO

from handlers.sources.lists.entry import ListEntry


class Action(StrEnum):
    """What a change file states of an entry."""

    ADD = "add"
    REMOVE = "remove"
    CHANGE = "change"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedChange:
    """One entry of a change file."""

    action: Action
    entry: ListEntry
    """The whole entry if it is added or removed. Of a changed entry only what the file adds."""
    dropped: ListEntry | None = None
    """Of a changed entry what the file removes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A record in which the reader understood no name."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What an edition states about itself. A reader yields it before or after its records."""

    dated: str = ""
    """The day of the edition, as YYYY-MM-DD."""
    layout: str = ""
    """The names of the elements or columns that were found. It changes when the publisher changes the file's layout."""


Record = ListEntry | StatedChange | Unreadable | About


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFormat:
    """A list in one of its file formats."""

    id: str
    """Stored with the entries; never changes."""
    family: str
    """Lists of one publisher that share the keys of their entries."""
    title: str
    """What people call the list."""
    recognizes: Callable[[bytes], bool]
    """Whether the first 64 kB of a file are of this format."""
    read: Callable[[BinaryIO], Iterator[Record]] = field(repr=False)
    """Yield the records. Raises: UnreadableDocument."""
    states_changes: bool = False
    """Whether a file is a list of changes instead of the whole list."""
    has_keys: bool = True
    """Whether the publisher gives each entry a key of its own that stays."""
    has_parts: bool = False
    """Whether the list joins several lists. The key of an entry then begins with that of its part and a bar."""
