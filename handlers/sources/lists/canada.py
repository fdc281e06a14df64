"""The consolidated Canadian autonomous sanctions list, in XML.

Its elements had English names until 24 August 2026 and have had English and French ones since, such as
`Country-Pays`, so only the English part counts. An entry has no key of its own.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from handlers.sources.lists.dates import excel_day, iso_date
from handlers.sources.lists.edition import About, ListFormat, Record, Unreadable
from handlers.sources.lists.elements import text_of
from handlers.sources.lists.entry import Alias, ListEntry, comparable, distinct
from handlers.sources.lists.roots import root_of
from handlers.sources.text.xml_tree import local_name, stream_elements

_LABEL: Final = re.compile(r"^[A-Z][A-Za-z ]{2,20}:\s*")
"""The language before an alias: "Russian: "."""
_IMO: Final = re.compile(r"\d{7}")


def _read(stream: BinaryIO) -> Iterator[Record]:
    elements = stream_elements(stream, frozenset({"record"}), kind="Canadian list")
    next(elements)
    layout: dict[str, None] = {}
    for element in elements:
        layout |= dict.fromkeys(local_name(child) for child in element)
        values = {local_name(child).partition("-")[0]: text_of(child) for child in element}
        name = " ".join(
            part for field in ("GivenName", "LastName", "EntityOrShip", "Entity") if (part := values.get(field, ""))
        )
        place = "|".join(comparable(values.get(field, "")) for field in ("Country", "Schedule", "Item"))
        key = f"{place[:150]}|{comparable(name)[:150]}"  # several entries may have one place
        if not name:
            yield Unreadable(key=key)
            continue
        yield _entry(key, name, values)
    yield About(layout=", ".join(layout))


def _entry(key: str, name: str, values: dict[str, str]) -> ListEntry:
    is_person = bool(values.get("GivenName") or values.get("LastName"))
    number = values.get("ShipIMONumber", "")
    has_number = _IMO.search(number) is not None
    ship_type = next((value for field, value in values.items() if field.startswith("TitleOrShip")), "")
    is_ship = not is_person and (has_number or bool(ship_type))
    date = next((value for field, value in values.items() if field.startswith("DateOfBirth")), "")
    return ListEntry(
        key=key,
        name=name,
        kind="person" if is_person else "ship" if is_ship else "entity",
        aliases=_aliases(values.get("Aliases", "")),
        programmes=distinct([values.get("Country", "").partition(" / ")[0]]),
        births=distinct([excel_day(date)]) if is_person else (),
        founded=() if is_person else distinct([excel_day(date)]),
        numbers=distinct([f"IMO {number}" if has_number else number]),
        reference=_reference(values),
        listed_on=iso_date(values.get("DateOfListing", "")),
    )


def _reference(values: dict[str, str]) -> str:
    named = (("Schedule", values.get("Schedule", "")), ("item", values.get("Item", "")))
    return ", ".join(f"{name} {value}" for name, value in named if value)


def _aliases(text: str) -> tuple[Alias, ...]:
    names = distinct(_LABEL.sub("", name.strip()) for name in text.split(";"))
    return tuple(Alias(name=name) for name in names)


FORMATS: Final = (
    ListFormat(
        id="canada",
        family="canada",
        title="Canadian autonomous sanctions list",
        recognizes=lambda head: root_of(head).name == "data-set" and b"<record" in head,
        read=_read,
        has_keys=False,
    ),
)
