"""Readers of lists: what each list says of an entry, whatever the file calls it."""

import io
from pathlib import Path

import pytest

from handlers.answers.errors import UnreadableDocument
from handlers.sources.lists.edition import About, Record, StatedChange, Unreadable
from handlers.sources.lists.entry import Alias, ListEntry
from handlers.sources.lists.formats import format_of

EDITIONS = Path(__file__).parent / "editions"


def records_of(body: bytes) -> list[Record]:
    found = format_of(body)
    assert found is not None
    return list(found.read(io.BytesIO(body)))


def entries_of(name: str) -> dict[str, ListEntry]:
    records = records_of((EDITIONS / name).read_bytes())
    return {record.key: record for record in records if isinstance(record, ListEntry)}


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("ofac-delta-1.xml", "ofac-changes"),
        ("eu-a.xml", "eu"),
        ("un-a.xml", "un"),
        ("uk-a.csv", "uk-csv"),
        ("canada-a.xml", "canada"),
        ("canada-b.xml", "canada"),
    ],
)
def test_a_list_is_recognized_by_its_first_bytes(name: str, format: str) -> None:
    found = format_of((EDITIONS / name).read_bytes())
    assert found is not None
    assert found.id == format


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>http://eu.europa.ec/fpi/fsd/export CONSOLIDATED_LIST</body></html>",
        b"<?xml version='1.0'?><rss><channel><title>sdnList</title></channel></rss>",
        b"OFSI Group ID: what is it?",
        b"",
        b"\x00\xff\xfe",
    ],
)
def test_a_page_about_a_list_is_not_the_list(body: bytes) -> None:
    assert format_of(body) is None


def test_a_birth_has_the_precision_of_its_list() -> None:
    assert entries_of("eu-a.xml")["991001"].births == ("about 1961",)
    assert entries_of("un-a.xml")["6999002"].births == ("1957 to 1959",)
    assert entries_of("uk-a.csv")["RUS9901"].births == ("1961", "12 May 1962")
    assert entries_of("uk-a.csv")["AFG9902"].births == ("1975",)
    [person] = [entry for entry in entries_of("canada-a.xml").values() if entry.kind == "person"]
    assert person.births == ("9 February 1961",)


def test_an_alias_with_several_names_is_several_aliases() -> None:
    assert entries_of("un-a.xml")["6999002"].aliases == (
        Alias(name="Abu Orvan"),
        Alias(name="Abu Tessal"),
        Alias(name="Orvan", is_weak=True),
    )


def test_a_remark_makes_an_alias_weak() -> None:
    assert entries_of("eu-b.xml")["991001"].aliases == (Alias(name="M. TESSALLOR", is_weak=True),)


def test_the_rows_of_a_person_are_one_entry_under_the_primary_name() -> None:
    for name in ("uk-a.csv", "uk-b.csv"):
        entry = entries_of(name)["RUS9901"]
        assert (entry.name, entry.kind, entry.scripts) == (
            "Mirev Anton TESSALOR",
            "person",
            ("Мирев Антонович Тессалор",),
        )


def test_french_and_english_names_of_elements_are_understood_like_english_ones() -> None:
    old, new = entries_of("canada-a.xml"), entries_of("canada-b.xml")
    assert old.keys() < new.keys()
    assert [new[key].as_stored() for key in old] == [entry.as_stored() for entry in old.values()]


def test_a_file_of_changes_states_what_is_added_and_removed() -> None:
    changed, removed = (
        record
        for record in records_of((EDITIONS / "ofac-delta-2.xml").read_bytes())
        if isinstance(record, StatedChange)
    )
    assert (changed.entry.name, changed.entry.programmes) == ("", ("SDGT",))
    assert changed.entry.aliases == (Alias(name="ORVANDEL SHIP SUPPLY LLC"),)
    assert (removed.action, removed.entry.name, removed.entry.births) == ("remove", "Ister QUELVADO MARIN", ("1951",))


def test_the_full_list_of_ofac() -> None:
    entity, person = entries_of("ofac-sdn.xml").values()
    assert (entity.name, entity.kind) == ("ORVANDEL MARINE SERVICES FZE", "entity")
    assert entity.programmes == ("SDGT", "IRAN-EO13902")
    assert entity.aliases == (Alias(name="ORVA", is_weak=True),)
    assert entity.addresses == ("Sharjah, United Arab Emirates",)
    assert (person.name, person.births) == ("Mirev Anton TESSALOR", ("April 1963",))
    assert person.numbers == ("Passport X0000917",)


@pytest.mark.parametrize(
    ("name", "dated"),
    [
        ("ofac-sdn.xml", "2026-11-17"),
        ("ofac-delta-1.xml", "2026-11-17"),
        ("eu-a.xml", "2026-11-18"),
        ("un-b.xml", "2026-11-20"),
        ("uk-a.csv", "2026-11-18"),
        ("uk.xml", "2026-11-20"),
        ("switzerland.xml", "2026-11-20"),
        ("canada-a.xml", ""),
    ],
)
def test_the_day_of_an_edition(name: str, dated: str) -> None:
    abouts = [record for record in records_of((EDITIONS / name).read_bytes()) if isinstance(record, About)]
    assert [about.dated for about in abouts] == [dated]


def test_the_list_of_the_uk_in_xml() -> None:
    [ship] = entries_of("uk.xml").values()
    assert (ship.name, ship.kind, ship.numbers) == ("QUELVADO STAR", "ship", ("IMO 9990001",))
    assert ship.programmes == ("Russia",)
    assert ship.measures == ("Asset freeze", "Prohibition of port entry")
    assert ship.aliases == (Alias(name="Ferryman", is_weak=True), Alias(name="QUELVADO"))


def test_a_target_that_the_swiss_list_keeps_after_its_end_is_not_listed() -> None:
    [person] = entries_of("switzerland.xml").values()
    assert (person.key, person.name, person.births) == ("701", "Mirev Tessalor", ("April 1963",))
    assert person.programmes == ("Zelmarsk",)
    assert (person.aliases, person.un_reference) == ((Alias(name="Ferryman", is_weak=True),), "CDi.990")


def test_the_keys_of_the_screening_list_do_not_come_from_its_own_hashes() -> None:
    body = (EDITIONS / "screening.csv").read_bytes()
    first, again = (
        {record.key for record in records_of(edition) if isinstance(record, ListEntry)}
        for edition in (body, body.replace(b"a1,", b"b7,"))
    )
    assert first == again
    assert len(first) == 2


@pytest.mark.parametrize("name", ["un-a.xml", "eu-a.xml"])
def test_a_file_that_ends_early_is_damaged(name: str) -> None:
    body = (EDITIONS / name).read_bytes()
    with pytest.raises(UnreadableDocument, match="damaged"):
        records_of(body[: len(body) * 2 // 3])


def test_a_list_that_defines_entities_is_refused() -> None:
    body = b'<!DOCTYPE CONSOLIDATED_LIST [<!ENTITY a "b">]><CONSOLIDATED_LIST><INDIVIDUALS/></CONSOLIDATED_LIST>'
    with pytest.raises(UnreadableDocument, match="entities"):
        found = format_of(b"<CONSOLIDATED_LIST>")
        assert found is not None
        list(found.read(io.BytesIO(body)))


def test_a_record_without_a_name_that_is_understood_is_counted() -> None:
    body = b"<data-set><record><Nom>Tessalor</Nom></record></data-set>"
    assert [type(record) for record in records_of(body)] == [Unreadable, About]
