"""An entry of an official list, in the same form for every list."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Final

_INVISIBLE: Final = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")
_BLANKS: Final = re.compile(r"\s+")


def squeeze(text: str | None) -> str:
    """Return the text in one line with single spaces. A character that shows nothing counts as a space."""
    return _BLANKS.sub(" ", _INVISIBLE.sub(" ", unicodedata.normalize("NFC", text or ""))).strip()


def comparable(text: str) -> str:
    """Return what two spellings of the same value have in common: capitals, blanks and punctuation differ."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", squeeze(text)).casefold()))


def distinct(values: Iterable[str]) -> tuple[str, ...]:
    """Return the values without empty ones and without repetitions, in order."""
    found: dict[str, str] = {}
    for value in values:
        text = squeeze(value)
        if text:
            found.setdefault(comparable(text) or text, text)
    return tuple(found.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """Another name of an entry."""

    name: str
    is_weak: bool = False
    """The list calls it weak, or of low quality: it alone identifies nobody."""
    is_former: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEntry:
    """Who or what is on a list. All values are in one line, with single spaces."""

    key: str
    """Identifies the entry within its list over all editions."""
    name: str
    """The main name, in Latin letters if the list has it so. Empty in a change file that does not repeat it."""
    kind: str = ""
    """What it is: "person", "entity", "ship", "aircraft"; empty if the list does not say."""
    scripts: tuple[str, ...] = ()
    """The main name in other scripts."""
    aliases: tuple[Alias, ...] = ()
    lists: tuple[str, ...] = ()
    """The parts of the list that it is on, if the list has parts."""
    programmes: tuple[str, ...] = ()
    """Programmes or regimes under which it is listed."""
    measures: tuple[str, ...] = ()
    births: tuple[str, ...] = ()
    """Dates of birth with the precision of the list: "about 1961", "April 1963", "1957 to 1959"."""
    founded: tuple[str, ...] = ()
    """When an organization was founded, or a ship built."""
    addresses: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    """Numbers of documents and ships, each with what it is."""
    reference: str = ""
    """What the list itself calls the entry. For people."""
    un_reference: str = ""
    """The reference of the same entry in the list of the UN Security Council."""
    acts: tuple[str, ...] = ()
    """Legal acts. A later act that changes nothing else is no change of the entry."""
    listed_on: str = ""
    """The date of the listing, as YYYY-MM-DD."""

    def as_stored(self) -> dict[str, Any]:
        """Return the entry as values of JSON, without empty ones."""
        stored: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if not value:
                continue
            if field.name == "aliases":
                value = [[alias.name, alias.is_weak, alias.is_former] for alias in self.aliases]
            stored[field.name] = value
        return stored

    @classmethod
    def from_stored(cls, stored: dict[str, Any]) -> "ListEntry":
        """Return the entry that `as_stored` wrote. Values of an unknown name, of a later version, are ignored."""
        known = {field.name for field in fields(cls)}
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in stored.items() if name in known
        }
        values["aliases"] = tuple(
            Alias(name=name, is_weak=weak, is_former=former) for name, weak, former in stored.get("aliases", ())
        )
        return cls(**{"key": "", "name": "", **values})
