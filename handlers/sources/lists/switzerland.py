"""The Swiss list of sanctions by SECO, in XML. It keeps entries that are no longer listed, with the date."""

from collections.abc import Iterator
from typing import BinaryIO, Final

from handlers.sources.lists.dates import iso_date, spoken
from handlers.sources.lists.edition import About, ListFormat, Record, Unreadable
from handlers.sources.lists.elements import Element, at, attribute, text_of
from handlers.sources.lists.entry import Alias, ListEntry, comparable, distinct
from handlers.sources.lists.roots import root_of
from handlers.sources.text.xml_tree import local_name, stream_elements

_KINDS: Final = {"individual": "person", "entity": "entity", "object": ""}


def _read(stream: BinaryIO) -> Iterator[Record]:
    elements = stream_elements(stream, frozenset({"sanctions-program", "target"}), kind="Swiss list")
    root = next(elements)
    yield About(dated=iso_date(attribute(root, "date")), layout=str(root.tag))
    programmes: dict[str, str] = {}
    for element in elements:
        if local_name(element) == "sanctions-program":
            programmes |= _programmes(element)
            continue
        key = attribute(element, "ssid")
        if not _is_listed(element):
            continue
        found = [child for child in element if local_name(child) in _KINDS]
        entry = _entry(key, found[0], element, programmes) if found else None
        yield entry if entry is not None and entry.name else Unreadable(key=key)


def _programmes(element: Element) -> dict[str, str]:
    """Return the English name of the programme by the ids of its sets of targets."""
    keys = list(at(element, "program-key")) or list(at(element, "program-name"))
    english = [key for key in keys if attribute(key, "lang") == "eng"] or keys
    name = text_of(english[0]) if english else ""
    return {attribute(part, "ssid"): name for part in at(element, "sanctions-set") if name}


def _is_listed(element: Element) -> bool:
    """Whether the target is still on the list. The latest of its modifications decides; their order means nothing."""
    modifications = [
        (
            attribute(change, "effective-date") or attribute(change, "publication-date"),
            attribute(change, "modification-type"),
        )
        for change in at(element, "modification")
    ]
    return not modifications or max(modifications)[1] != "de-listed"


def _entry(key: str, about: Element, target: Element, programmes: dict[str, str]) -> ListEntry:
    names, scripts = [], []
    for identity in at(about, "identity"):
        for name in at(identity, "name"):
            parts = sorted(at(name, "name-part"), key=lambda part: attribute(part, "order").rjust(5, "0"))
            text = " ".join(value for part in parts if (value := text_of(part, "value")))
            kind, quality = attribute(name, "name-type"), attribute(name, "quality")
            if text:
                names.append(
                    (
                        kind == "primary-name",
                        Alias(name=text, is_weak=quality == "low", is_former=kind.startswith("formerly")),
                    )
                )
            scripts += _variants(parts)
    main = next((alias.name for is_main, alias in names if is_main), names[0][1].name if names else "")
    aliases = {comparable(alias.name): alias for _, alias in names if comparable(alias.name) != comparable(main)}
    sets = [text_of(part) for part in at(target, "sanctions-set-id")] or [attribute(target, "sanctions-set-id")]
    listed = sorted(
        attribute(change, "effective-date")
        for change in at(target, "modification")
        if attribute(change, "modification-type") == "listed"
    )
    return ListEntry(
        key=key,
        name=main,
        kind=_KINDS.get(local_name(about), ""),
        scripts=distinct(scripts),
        aliases=tuple(aliases.values()),
        programmes=distinct(programmes.get(part, "") for part in sets),
        births=distinct(_birth(date) for identity in at(about, "identity") for date in at(identity, "day-month-year")),
        un_reference=text_of(target, "foreign-identifier"),
        listed_on=iso_date(listed[0]) if listed else "",
    )


def _variants(parts: list[Element]) -> list[str]:
    """Return the spellings of a name in other scripts, one for each script."""
    by_script: dict[str, list[str]] = {}
    for part in parts:
        for variant in at(part, "spelling-variant"):
            script = attribute(variant, "script")
            if script.casefold() not in ("", "latn"):
                by_script.setdefault(script, []).append(text_of(variant))
    return [" ".join(words) for words in by_script.values()]


def _birth(element: Element) -> str:
    year, month, day = (attribute(element, name) for name in ("year", "month", "day"))
    if not year.isdigit():
        return ""
    return spoken(int(year), int(month) if month.isdigit() else 0, int(day) if day.isdigit() else 0)


FORMATS: Final = (
    ListFormat(
        id="switzerland",
        family="switzerland",
        title="Swiss sanctions list",
        recognizes=lambda head: root_of(head).name == "swiss-sanctions-list",
        read=_read,
    ),
)
