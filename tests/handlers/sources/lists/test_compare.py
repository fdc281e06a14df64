"""Comparing editions: what counts as a change, and which editions are taken for a fault of the publisher."""

from dataclasses import replace

import pytest

from handlers.answers.errors import UnreadableDocument
from handlers.sources.lists.compare import (
    applied,
    compare_keys,
    differences,
    digest,
    lost_parts,
    match_renumbered,
    require_plausible,
)
from handlers.sources.lists.edition import Action, StatedChange
from handlers.sources.lists.entry import Alias, ListEntry

ENTRY = ListEntry(
    key="1",
    name="ORVANDEL MARINE",
    kind="entity",
    aliases=(Alias(name="Orva"), Alias(name="Vando", is_weak=True)),
    programmes=("SDGT", "IRAN"),
    addresses=("Sharjah, United Arab Emirates",),
    acts=("2022/9001",),
    listed_on="2022-03-15",
)


@pytest.mark.parametrize(
    "other",
    [
        replace(ENTRY, aliases=ENTRY.aliases[::-1], programmes=("IRAN", "SDGT")),
        replace(ENTRY, name="Orvandel  Marine"),
        replace(ENTRY, acts=("2022/9001", "2026/9417")),
        replace(ENTRY, name="ORVANDEL\u200cMARINE"),
        replace(ENTRY, addresses=("Sharjah United Arab Emirates",)),
    ],
    ids=["order", "blanks and capitals", "a later act", "an invisible character", "punctuation"],
)
def test_what_is_no_change(other: ListEntry) -> None:
    assert digest(other) == digest(ENTRY)
    assert differences(ENTRY, other) == ()


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (replace(ENTRY, aliases=(*ENTRY.aliases, Alias(name="Ferryman", is_weak=True))), ["new weak alias Ferryman"]),
        (replace(ENTRY, aliases=ENTRY.aliases[:1]), ["no longer alias Vando"]),
        (replace(ENTRY, aliases=(Alias(name="Orva", is_weak=True), ENTRY.aliases[1])), ["now a weak alias: Orva"]),
        (replace(ENTRY, programmes=("SDGT",)), ["no longer programme IRAN"]),
        (replace(ENTRY, measures=("Travel Ban",)), ["new measure Travel Ban"]),
        (replace(ENTRY, births=("April 1963",)), ["new date of birth April 1963"]),
        (replace(ENTRY, name="ORVANDEL SHIPPING"), ["new name ORVANDEL SHIPPING, before ORVANDEL MARINE"]),
    ],
)
def test_what_is_a_change(other: ListEntry, said: list[str]) -> None:
    assert digest(other) != digest(ENTRY)
    assert [f"{difference.what} {difference.value}" for difference in differences(ENTRY, other)] == said


def numbered(count: int, first: int = 0) -> dict[str, str]:
    return {f"part|{number}": "digest" for number in range(first, first + count)}


@pytest.mark.parametrize(
    ("base", "edition", "unreadable", "reason"),
    [
        (numbered(100), {}, 100, "100 records and understood none"),
        (numbered(100), {}, 0, "no record"),
        ({}, {}, 5, "understood none"),
        (numbered(100), numbered(80), 0, "only 80 entries"),
        (numbered(100), numbered(100, first=100), 0, "has a key that was known"),
        (numbered(100), numbered(100), 40, "100 of 140 records"),
    ],
)
def test_an_edition_that_is_refused(
    base: dict[str, str], edition: dict[str, str], unreadable: int, reason: str
) -> None:
    with pytest.raises(UnreadableDocument, match=reason):
        require_plausible(base, edition, unreadable=unreadable, title="EU list")


@pytest.mark.parametrize(
    ("base", "edition"),
    [(numbered(100), numbered(90)), (numbered(3), numbered(2)), ({}, numbered(5)), (numbered(2), numbered(2, first=2))],
)
def test_an_edition_that_is_accepted(base: dict[str, str], edition: dict[str, str]) -> None:
    require_plausible(base, edition, unreadable=0, title="EU list")


def test_a_part_that_vanishes_is_a_fault_of_that_part_alone() -> None:
    base = [*numbered(100), *(f"other|{number}" for number in range(10))]
    assert lost_parts(base, [*numbered(98)]) == {"other": 10}


def test_an_entry_without_a_key_of_its_own_is_known_again_by_its_name_or_its_place() -> None:
    moved = replace(ENTRY, key="2", reference="item 8")
    renamed = ListEntry(key="9", name="Zelmarsk Optika", kind="entity", programmes=("Russia",), reference="item 5")
    assert match_renumbered(
        [replace(ENTRY, reference="item 7"), renamed],
        [replace(renamed, key="10", name="Zelmarsk Optics"), moved],
    ) == {"1": "2", "9": "10"}


def test_two_entries_of_one_name_are_not_taken_for_one() -> None:
    assert match_renumbered([ENTRY], [replace(ENTRY, key="2"), replace(ENTRY, key="3")]) == {}


def test_a_part_that_a_file_removes_and_adds_again_is_no_change() -> None:
    change = StatedChange(
        action=Action.CHANGE,
        entry=ListEntry(key="1", name="", addresses=("Sharjah",), programmes=("CUBA",)),
        dropped=ListEntry(key="1", name="", addresses=("Sharjah",)),
    )
    for known in (ENTRY, None):
        before, after = applied(known, change)
        assert [f"{found.what} {found.value}" for found in differences(before, after)] == ["new programme CUBA"]


def test_keys_are_compared_by_their_digests() -> None:
    found = compare_keys({"a": "1", "b": "1", "c": "1"}, {"b": "1", "c": "2", "d": "1"})
    assert (set(found.added), set(found.changed), set(found.missing)) == ({"d"}, {"c"}, {"a"})
