"""The consolidated list of the UN Security Council, in XML."""

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from handlers.sources.lists.dates import iso_date, spoken_date
from handlers.sources.lists.edition import About, ListFormat, Record, Unreadable
from handlers.sources.lists.elements import Element, at, attribute, text_of
from handlers.sources.lists.entry import Alias, ListEntry, comparable, distinct
from handlers.sources.lists.roots import root_of
from handlers.sources.text.xml_tree import local_name, stream_elements

_NAMES: Final = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_ADDRESS: Final = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY")
_IMO: Final = re.compile(r"\bIMO(?:\s*(?:number|no\.?))?\s*:?\s*(\d{7})\b", re.IGNORECASE)


def _read(stream: BinaryIO) -> Iterator[Record]:
    elements = stream_elements(stream, frozenset({"INDIVIDUAL", "ENTITY"}), kind="UN list")
    root = next(elements)
    yield About(dated=iso_date(attribute(root, "dateGenerated")), layout=str(root.tag))
    for element in elements:
        key = text_of(element, "DATAID")
        name = " ".join(part for tag in _NAMES if (part := text_of(element, tag)))
        if not key or not name:
            yield Unreadable(key=key)
            continue
        prefix = local_name(element)
        reference = text_of(element, "REFERENCE_NUMBER")
        yield ListEntry(
            key=key,
            name=name,
            kind="person" if prefix == "INDIVIDUAL" else "entity",
            scripts=distinct([text_of(element, "NAME_ORIGINAL_SCRIPT")]),
            aliases=_aliases(at(element, f"{prefix}_ALIAS")),
            programmes=distinct([text_of(element, "UN_LIST_TYPE")]),
            births=distinct(map(_birth, at(element, "INDIVIDUAL_DATE_OF_BIRTH"))),
            addresses=distinct(
                ", ".join(part for tag in _ADDRESS if (part := text_of(address, tag)))
                for address in at(element, f"{prefix}_ADDRESS")
            ),
            numbers=distinct(
                [
                    *map(_document, at(element, "INDIVIDUAL_DOCUMENT")),
                    *(f"IMO {number}" for number in _IMO.findall(text_of(element, "COMMENTS1"))),
                ]
            ),
            reference=reference,
            un_reference=reference,
            listed_on=iso_date(text_of(element, "LISTED_ON")),
        )


def _aliases(elements: Iterable[Element]) -> tuple[Alias, ...]:
    found: dict[str, Alias] = {}
    for element in elements:
        quality = text_of(element, "QUALITY").casefold()
        for name in text_of(element, "ALIAS_NAME").split(";"):
            if name.strip():
                alias = Alias(name=name.strip(), is_weak=quality == "low", is_former=quality.startswith("f"))
                found.setdefault(comparable(name), alias)
    return tuple(found.values())


def _birth(element: Element) -> str:
    kind = text_of(element, "TYPE_OF_DATE").upper()
    first, last = text_of(element, "FROM_YEAR"), text_of(element, "TO_YEAR")
    if kind == "BETWEEN" or (first and last):
        return f"{first} to {last}" if first and last else first or last
    date = spoken_date(text_of(element, "DATE")) or text_of(element, "YEAR")
    return f"about {date}" if date and kind.startswith("APPROX") else date


def _document(element: Element) -> str:
    number = text_of(element, "NUMBER")
    if not number:
        return ""
    kind = text_of(element, "TYPE_OF_DOCUMENT2") or text_of(element, "TYPE_OF_DOCUMENT")
    country = text_of(element, "COUNTRY_OF_ISSUE") or text_of(element, "ISSUING_COUNTRY")
    return f"{kind or 'Document'} {number}{f' ({country})' if country else ''}"


FORMATS: Final = (
    ListFormat(
        id="un",
        family="un",
        title="UN Security Council sanctions list",
        recognizes=lambda head: root_of(head).name == "CONSOLIDATED_LIST",
        read=_read,
    ),
)
