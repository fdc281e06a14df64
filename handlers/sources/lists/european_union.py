"""The consolidated list of persons, groups and entities under EU financial sanctions, in XML 1.0 and 1.1."""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from handlers.sources.lists.dates import iso_date, spoken, spoken_date
from handlers.sources.lists.edition import About, ListFormat, Record, Unreadable
from handlers.sources.lists.elements import Element, at, attribute, text_of
from handlers.sources.lists.entry import Alias, ListEntry, comparable, distinct
from handlers.sources.lists.roots import root_of
from handlers.sources.text.xml_tree import stream_elements

_KINDS: Final = {"person": "person", "enterprise": "entity"}
_WEAK: Final = re.compile(r"\blow?[\s-]*q\w+", re.IGNORECASE)
"""A remark that says of a name that it is of low quality; the list has it in several misspellings."""
_LATIN: Final = re.compile(r"[A-Za-z]")
_UNKNOWN: Final = ("", "00", "UNKNOWN")


def _read(stream: BinaryIO) -> Iterator[Record]:
    elements = stream_elements(stream, frozenset({"sanctionEntity"}), kind="EU list")
    root = next(elements)
    yield About(dated=iso_date(attribute(root, "generationDate")), layout=str(root.tag))
    for element in elements:
        key = attribute(element, "logicalId")
        names = _names(element)
        if not key or not names:
            yield Unreadable(key=key)
            continue
        # No name is marked as the main one, and their order is not fixed. Ids are, and the first name has the lowest.
        latin = [name for name in names if _LATIN.search(name.name) and not name.is_weak] or names
        main, rest = latin[0].name, [name for name in names if name is not latin[0]]
        scripts = [name.name for name in rest if not name.is_weak and not _LATIN.search(name.name)]
        regulations = list(at(element, "regulation"))
        yield ListEntry(
            key=key,
            name=main,
            kind=_KINDS.get(next((attribute(kind, "code") for kind in at(element, "subjectType")), ""), ""),
            scripts=distinct(scripts),
            aliases=tuple(name for name in rest if name.name not in scripts),
            programmes=distinct(attribute(regulation, "programme") for regulation in regulations),
            births=distinct(map(_birth, at(element, "birthdate"))),
            addresses=distinct(map(_address, at(element, "address"))),
            numbers=distinct(map(_number, at(element, "identification"))),
            reference=attribute(element, "euReferenceNumber"),
            un_reference=attribute(element, "unitedNationId"),
            acts=distinct(attribute(regulation, "numberTitle").partition(" (")[0] for regulation in regulations),
            listed_on=iso_date(attribute(element, "designationDate")),
        )


def _names(element: Element) -> list[Alias]:
    """Return the names by their ids. The same name is repeated for each act that amends the entry."""
    found: dict[str, Alias] = {}
    elements = sorted(at(element, "nameAlias"), key=lambda name: attribute(name, "logicalId").rjust(20, "0"))
    for alias in elements:
        parts = [attribute(alias, part) for part in ("firstName", "middleName", "lastName")]
        name = attribute(alias, "wholeName") or " ".join(part for part in parts if part)
        if not name:
            continue
        is_weak = attribute(alias, "strong") == "false" or _WEAK.search(text_of(alias, "remark")) is not None
        known = found.setdefault(comparable(name), Alias(name=name, is_weak=is_weak))
        if known.is_weak and not is_weak:
            found[comparable(name)] = Alias(name=known.name)
    return list(found.values())


def _birth(element: Element) -> str:
    first, last = attribute(element, "yearRangeFrom"), attribute(element, "yearRangeTo")
    date = attribute(element, "birthdate")
    if date:
        spoken_birth = spoken_date(date)
    elif attribute(element, "year").isdigit():
        month, day = attribute(element, "monthOfYear"), attribute(element, "dayOfMonth")
        year = int(attribute(element, "year"))
        spoken_birth = spoken(year, int(month) if month.isdigit() else 0, int(day) if day.isdigit() else 0)
    elif first and last:
        spoken_birth = f"{first} to {last}"
    else:
        return ""
    return f"about {spoken_birth}" if attribute(element, "circa") == "true" else spoken_birth


def _address(element: Element) -> str:
    parts = [attribute(element, name) for name in ("street", "zipCode", "city", "countryDescription")]
    return ", ".join(part for part in parts if part not in _UNKNOWN)


def _number(element: Element) -> str:
    number = attribute(element, "number") or attribute(element, "latinNumber")
    kind = attribute(element, "identificationTypeDescription") or attribute(element, "identificationTypeCode")
    return f"{kind} {number}" if number else ""


FORMATS: Final = (
    ListFormat(
        id="eu",
        family="eu",
        title="EU financial sanctions list",
        recognizes=lambda head: root_of(head).name == "export" and "/fsd/export" in root_of(head).tag,
        read=_read,
    ),
)
