"""The lists of the US Office of Foreign Assets Control: SDN.XML and CONSOLIDATED.XML, the enhanced files, and changes.

An entry has the same number in every file of the office.
"""

from collections.abc import Iterator
from typing import BinaryIO, Final

from handlers.sources.lists.dates import iso_date, spoken_date
from handlers.sources.lists.edition import About, Action, ListFormat, Record, StatedChange, Unreadable
from handlers.sources.lists.elements import Element, at, attribute, text_of, texts_of
from handlers.sources.lists.entry import Alias, ListEntry, distinct
from handlers.sources.lists.roots import root_of
from handlers.sources.text.xml_tree import local_name, stream_elements

_KINDS: Final = {"individual": "person", "entity": "entity", "vessel": "ship", "aircraft": "aircraft"}
_ADDED: Final = ("add", "update")


def _read_sdn(stream: BinaryIO) -> Iterator[Record]:
    """Yield the entries of SDN.XML or CONSOLIDATED.XML."""
    elements = stream_elements(stream, frozenset({"publshInformation", "sdnEntry"}), kind="list of OFAC")
    layout, dated = layout_of(next(elements)), ""
    for element in elements:
        if local_name(element) == "publshInformation":
            dated = iso_date(text_of(element, "Publish_Date"), month_first=True)
            continue
        key, name = text_of(element, "uid"), _plain_name(element)
        if not key or not name:
            yield Unreadable(key=key)
            continue
        yield ListEntry(
            key=key,
            name=name,
            kind=_KINDS.get(text_of(element, "sdnType").casefold(), ""),
            aliases=tuple(
                Alias(
                    name=alias,
                    is_weak=text_of(aka, "category").casefold() == "weak",
                    is_former=text_of(aka, "type").casefold().startswith("f"),
                )
                for aka in at(element, "akaList/aka")
                if (alias := _plain_name(aka))
            ),
            programmes=distinct(texts_of(element, "programList/program")),
            births=distinct(map(spoken_date, texts_of(element, "dateOfBirthList/dateOfBirthItem/dateOfBirth"))),
            addresses=distinct(
                ", ".join(
                    part for tag in ("address1", "address2", "address3", "city", "country") if (part := text_of(a, tag))
                )
                for a in at(element, "addressList/address")
            ),
            numbers=distinct(
                f"{text_of(id, 'idType')} {text_of(id, 'idNumber')}" for id in at(element, "idList/id") if len(id)
            ),
        )
    yield About(dated=dated, layout=layout)


def _plain_name(element: Element) -> str:
    return " ".join(part for tag in ("firstName", "lastName") if (part := text_of(element, tag)))


def _read_enhanced(stream: BinaryIO) -> Iterator[Record]:
    """Yield the entries of SDN_ENHANCED.XML or CONS_ENHANCED.XML."""
    elements = stream_elements(stream, frozenset({"publicationInfo", "entity"}), kind="list of OFAC")
    layout, dated = layout_of(next(elements)), ""
    for element in elements:
        if local_name(element) == "publicationInfo":
            dated = iso_date(text_of(element, "dataAsOf"))
            continue
        entry = _entry(element, None)
        yield entry if entry.key and entry.name else Unreadable(key=entry.key)
    yield About(dated=dated, layout=layout)


def _read_changes(stream: BinaryIO) -> Iterator[Record]:
    """Yield the changes of a change file."""
    elements = stream_elements(stream, frozenset({"publicationInfo", "entity"}), kind="change file of OFAC")
    layout, dated = layout_of(next(elements)), ""
    for element in elements:
        if local_name(element) == "publicationInfo":
            dated = iso_date(text_of(element, "datePublished"))
            continue
        key = attribute(element, "id")
        stated = attribute(element, "action").casefold()
        if not key or stated not in ("", "add", "remove", "update"):
            yield Unreadable(key=key)
        elif stated in ("add", "remove"):
            entry = _entry(element, None)
            yield StatedChange(action=Action(stated), entry=entry) if entry.name else Unreadable(key=key)
        else:
            dropped = _entry(element, ("remove",))
            yield StatedChange(action=Action.CHANGE, entry=_entry(element, _ADDED), dropped=dropped)
    yield About(dated=dated, layout=layout)


def _entry(entity: Element, actions: tuple[str, ...] | None) -> ListEntry:
    """Return the entry in this record, or of its parts only those that are added or removed by one of `actions`."""
    names = [name for name in at(entity, "names/name") if _counts(name, entity, actions)]
    primary = [name for name in names if text_of(name, "isPrimary") == "true"]
    loose = _loose_translations(entity, actions)
    features = [feature for feature in at(entity, "features/feature") if _counts(feature, entity, actions)]
    return ListEntry(
        key=attribute(entity, "id"),
        name=_latin_name(primary[0]) if primary else "",
        kind=_KINDS.get(text_of(entity, "generalInfo/entityType").casefold(), ""),
        scripts=distinct([*(other for name in primary for other in _other_scripts(name)), *loose]),
        aliases=_aliases([name for name in names if name not in primary]),
        lists=_values(entity, "sanctionsLists/sanctionsList", actions),
        programmes=_values(entity, "sanctionsPrograms/sanctionsProgram", actions),
        births=distinct(spoken_date(text_of(f, "value")) for f in features if "birthdate" in _type_of(f)),
        founded=distinct(spoken_date(text_of(f, "value")) for f in features if "established" in _type_of(f)),
        addresses=_addresses(entity, actions),
        numbers=_numbers(entity, actions),
        acts=_values(entity, "legalAuthorities/legalAuthority", actions),
        listed_on=next(
            (iso_date(attribute(part, "datePublished")) for part in at(entity, "sanctionsLists/sanctionsList")), ""
        ),
    )


def _counts(part: Element, entity: Element, actions: tuple[str, ...] | None) -> bool:
    """Whether the nearest action that is stated for the part is one of `actions`. None: the whole record counts."""
    if actions is None:
        return True
    node: Element | None = part
    while node is not None and node is not entity:
        if action := attribute(node, "action").casefold():
            return action in actions
        node = node.getparent()
    return False


def _values(entity: Element, path: str, actions: tuple[str, ...] | None) -> tuple[str, ...]:
    return distinct(text_of(part) for part in at(entity, path) if _counts(part, entity, actions))


def _type_of(part: Element) -> str:
    return text_of(part, "type").casefold()


def _latin_name(name: Element) -> str:
    """Return the name in Latin letters, given names first; else its first form."""
    forms = list(at(name, "translations/translation"))
    latin = [form for form in forms if text_of(form, "script").casefold() in ("latin", "")] or forms
    return _form(latin[0]) if latin else ""


def _other_scripts(name: Element) -> list[str]:
    return [
        _form(form)
        for form in at(name, "translations/translation")
        if text_of(form, "script").casefold() not in ("latin", "")
    ]


def _loose_translations(entity: Element, actions: tuple[str, ...] | None) -> list[str]:
    """Return the forms that a change file adds to or removes from a name that otherwise stays."""
    if actions is None:
        return []
    return [
        _form(form)
        for name in at(entity, "names/name")
        if not attribute(name, "action")
        for form in at(name, "translations/translation")
        if attribute(form, "action").casefold() in actions
    ]


def _form(translation: Element) -> str:
    parts = [text_of(translation, "formattedFirstName"), text_of(translation, "formattedLastName")]
    return " ".join(part for part in parts if part) or text_of(translation, "formattedFullName")


def _aliases(names: list[Element]) -> tuple[Alias, ...]:
    found: dict[str, Alias] = {}
    for name in names:
        is_former = text_of(name, "aliasType").casefold().startswith("f")
        for text in (_latin_name(name), *_other_scripts(name)):
            if text:
                alias = Alias(name=text, is_weak=text_of(name, "isLowQuality") == "true", is_former=is_former)
                found.setdefault(text.casefold(), alias)
    return tuple(found.values())


def _addresses(entity: Element, actions: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the addresses, or the parts of addresses, that count."""
    found = []
    for address in at(entity, "addresses/address"):
        parts = [
            text_of(part, "value")
            for part in at(address, "translations/translation/addressParts/addressPart")
            if _counts(part, entity, actions)
        ]
        country = next((c for c in at(address, "country") if _counts(c, entity, actions)), None)
        found.append(", ".join(part for part in (*parts, "" if country is None else text_of(country)) if part))
    return distinct(found)


def _numbers(entity: Element, actions: tuple[str, ...] | None) -> tuple[str, ...]:
    return distinct(
        " ".join(part for part in (text_of(document, "type"), text_of(document, "documentNumber")) if part)
        for document in at(entity, "identityDocuments/identityDocument")
        if text_of(document, "documentNumber") and _counts(document, entity, actions)
    )


def layout_of(root: Element) -> str:
    """Return the name and namespace of the root. They are the layout of a file in XML."""
    return str(root.tag)


def _is_changes(head: bytes) -> bool:
    root = root_of(head)
    return root.name == "sanctionsData" and "DeltaFile" in root.tag


FORMATS: Final = (
    ListFormat(
        id="ofac-changes",
        family="ofac",
        title="OFAC sanctions lists, changes",
        recognizes=_is_changes,
        read=_read_changes,
        states_changes=True,
    ),
    ListFormat(
        id="ofac-enhanced",
        family="ofac",
        title="OFAC sanctions list",
        recognizes=lambda head: root_of(head).name == "sanctionsData" and not _is_changes(head),
        read=_read_enhanced,
    ),
    ListFormat(
        id="ofac-sdn",
        family="ofac",
        title="OFAC sanctions list",
        recognizes=lambda head: root_of(head).name == "sdnList",
        read=_read_sdn,
    ),
)
