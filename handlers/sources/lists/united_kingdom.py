"""The UK sanctions list, in XML and in CSV.

The CSV has a row for each combination of name, address and date of birth, in no fixed order.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from handlers.sources.lists.dates import iso_date, spoken_date
from handlers.sources.lists.edition import About, ListFormat, Record, Unreadable
from handlers.sources.lists.elements import Element, at, text_of, texts_of
from handlers.sources.lists.entry import Alias, ListEntry, comparable, distinct, squeeze
from handlers.sources.lists.roots import root_of
from handlers.sources.lists.tables import Row, rows_of
from handlers.sources.text.xml_tree import local_name, stream_elements

_KINDS: Final = {"individual": "person", "entity": "entity", "ship": "ship"}
_GIVEN: Final = ("name 1", "name 2", "name 3", "name 4", "name 5", "name 6")
_ADDRESS: Final = (*(f"address line {number}" for number in range(1, 7)), "address postal code", "address country")
_NUMBERS: Final = {
    "imo number": "IMO",
    "passport number": "Passport",
    "national identifier number": "National identifier",
    "business registration number s": "Business registration",
}
_PRIMARY: Final = "primary name"


@dataclass(slots=True, kw_only=True)
class _Collected:
    """What several rows, or the parts of one element, say of one entry. Values are in the order of the file."""

    values: dict[str, str] = field(default_factory=dict)
    """Values that an entry has once."""
    names: list[tuple[str, str, str]] = field(default_factory=list)
    """Name, kind of name, strength."""
    scripts: list[str] = field(default_factory=list)
    births: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)

    def entry(self, key: str) -> ListEntry | Unreadable:
        # A variation can come before the primary name. Of several primary names, the order of the file means nothing.
        primary = sorted(name for name, kind, _ in self.names if kind.casefold() == _PRIMARY)
        others = sorted(name for name, _, strength in self.names if not _is_weak(strength))
        main = next(iter(primary or others or self.scripts or [name for name, _, _ in self.names]), "")
        if not main:
            return Unreadable(key=key)
        aliases: dict[str, Alias] = {}
        for name, kind, strength in sorted(self.names):
            if comparable(name) != comparable(main):
                alias = Alias(name=name, is_weak=_is_weak(strength), is_former="formerly" in kind.casefold())
                aliases.setdefault(comparable(name), alias)
        return ListEntry(
            key=key,
            name=main,
            kind=_KINDS.get(self.values.get("kind", "").casefold(), ""),
            scripts=distinct(name for name in self.scripts if name != main),
            aliases=tuple(aliases.values()),
            programmes=distinct([_regime(self.values.get("regime", ""))]),
            measures=distinct(self.values.get("measures", "").split("|")),
            births=distinct(map(_birth, self.births)),
            addresses=distinct(self.addresses),
            numbers=distinct(self.numbers),
            reference=key,
            un_reference=self.values.get("un reference", ""),
            listed_on=iso_date(self.values.get("designated", "")),
        )


def _is_weak(strength: str) -> bool:
    return strength.casefold().startswith("low")


def _birth(text: str) -> str:
    """Return the date of birth in words: "1961" for "dd/mm/1961" and "00/00/1961"."""
    return spoken_date(text) if re.search(r"\d{4}", text) else text


def _regime(text: str) -> str:
    """Return the name of the regime without what the names of all regimes share."""
    return re.sub(r"^The\s+(.+?)\s+\(.*$", r"\1", text) or text


def _read_csv(stream: BinaryIO) -> Iterator[Record]:
    rows = rows_of(stream, header=("unique id", "name 6"), kind="UK list")
    entries: dict[str, _Collected] = {}
    for row in rows:
        key = row.get("unique id", "")
        if key:
            _collect_row(entries.setdefault(key, _Collected()), row)
    dated = re.search(r"\d{1,2}[-/]\w+[-/]\d{4}", " ".join(rows.before))
    yield About(dated=iso_date(dated[0]) if dated else "", layout=", ".join(rows.columns))
    for key, collected in entries.items():
        yield collected.entry(key)


def _collect_row(collected: _Collected, row: Row) -> None:
    """Add what the row says. A value that is empty in one row may stand in another."""
    found = {
        "kind": row.get("designation type"),
        "regime": row.get("regime name"),
        "measures": row.get("sanctions imposed"),
        "un reference": row.get("un reference number"),
        "designated": row.get("date designated"),
    }
    collected.values |= {name: value for name, value in found.items() if value}
    if name := " ".join(part for column in _GIVEN if (part := row.get(column, ""))):
        collected.names.append((name, row.get("name type", ""), row.get("alias strength", "")))
    if script := row.get("name non latin script", ""):
        collected.scripts.append(script)
    if birth := row.get("d o b", "") or row.get("dob", ""):
        collected.births.append(birth)
    if address := ", ".join(part for column in _ADDRESS if (part := row.get(column, ""))):
        collected.addresses.append(address)
    collected.numbers += [f"{name} {row[column]}" for column, name in _NUMBERS.items() if row.get(column)]


def _read_xml(stream: BinaryIO) -> Iterator[Record]:
    elements = stream_elements(stream, frozenset({"DateGenerated", "Designation"}), kind="UK list")
    layout, dated = str(next(elements).tag), ""
    for element in elements:
        if local_name(element) == "DateGenerated":
            dated = iso_date(text_of(element))
        elif len(element):  # an entry's own field may have the same name
            yield _designation(element).entry(text_of(element, "UniqueID"))
    yield About(dated=dated, layout=layout)


def _designation(element: Element) -> _Collected:
    collected = _Collected(
        values={
            "kind": text_of(element, "IndividualEntityShip"),
            "regime": text_of(element, "RegimeName"),
            "measures": text_of(element, "SanctionsImposed"),
            "un reference": text_of(element, "UNReferenceNumber"),
            "designated": text_of(element, "DateDesignated"),
        }
    )
    for named in at(element, "Names/Name"):
        text = " ".join(part for number in range(1, 7) if (part := text_of(named, f"Name{number}")))
        if text:
            collected.names.append((text, text_of(named, "NameType"), text_of(named, "AliasStrength")))
    collected.scripts += _leaves(at(element, "NonLatinNames/NonLatinName"), "NameNonLatinScript")
    collected.births += texts_of(element, "IndividualDetails/Individual/DOBs/DOB")
    for address in at(element, "Addresses/Address"):
        fields: Mapping[str, str] = {local_name(part): text_of(part) for part in address}
        names = (*(f"AddressLine{number}" for number in range(1, 7)), "AddressPostalCode", "AddressCountry")
        collected.addresses.append(", ".join(part for name in names if (part := fields.get(name, ""))))
    for path, name in (
        ("ShipDetails/Ship/IMONumbers", "IMO"),
        ("IndividualDetails/Individual/PassportDetails/Passport/PassportNumber", "Passport"),
    ):
        collected.numbers += [f"{name} {number}" for text in texts_of(element, path) for number in text.split()]
    return collected


def _leaves(elements: Iterable[Element], name: str) -> list[str]:
    """Return the text of the field in each element, or of the element itself if it has no fields."""
    return [text for element in elements if (text := text_of(element, name) or squeeze(element.text))]


FORMATS: Final = (
    ListFormat(
        id="uk-xml",
        family="uk",
        title="UK sanctions list",
        recognizes=lambda head: root_of(head).name == "Designations",
        read=_read_xml,
    ),
    ListFormat(
        id="uk-csv",
        family="uk",
        title="UK sanctions list",
        recognizes=lambda head: not root_of(head).name and b"OFSI Group ID" in head and b"Unique ID" in head,
        read=_read_csv,
    ),
)
