"""Names are found without case and accents, by parts of words in any order, and with typos."""

import pytest

from handlers.topics.text.name_search import Closeness, ranked, read_typed

NAMES = (
    "Huawei",
    "Export controls",
    "Entity List",
    "São Paulo",
    "Chips and export controls",
    "5G",
    "华为",
    "A-b",
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", list(NAMES)),
        ("HUA", ["Huawei"]),
        ("sao", ["São Paulo"]),
        ("são p", ["São Paulo"]),
        ("controls exp", ["Export controls", "Chips and export controls"]),
        ("list ent", ["Entity List"]),
        ("wei", ["Huawei"]),
        ("b a", ["A-b"]),
        ("華為", ["华为"]),
        ("华", ["华为"]),
        ("5", ["5G"]),
        ("huwaei", ["Huawei"]),
        ("hauwei", ["Huawei"]),
        ("huwei", ["Huawei"]),
        ("huuawei", ["Huawei"]),
        ("huaw3i", ["Huawei"]),
        ("exprot contrlos", ["Export controls", "Chips and export controls"]),
        ("entiyt", ["Entity List"]),
        ("hux", []),
        ("6g", []),
        ("huawei zte", []),
        ("xyzzy", []),
    ],
)
def test_a_name_is_found_by_what_a_person_types(typed: str, found: list[str]) -> None:
    assert [NAMES[index] for _, index, _ in ranked(read_typed(typed), [(name,) for name in NAMES])] == found


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("huawei", Closeness.SAME),
        ("huaw", Closeness.BEGINS),
        ("tech huaw", Closeness.WORDS_BEGIN),
        ("awei", Closeness.CONTAINS),
        ("huawie", Closeness.TYPOS),
    ],
)
def test_the_best_form_of_a_name_says_how_close_it_is(typed: str, expected: Closeness) -> None:
    ((close, index, _),) = ranked(read_typed(typed), [("Huawei", "Huawei Technologies")])

    assert (close, index) == (expected, 0)


def test_typos_are_looked_for_only_where_nothing_fits_without_them() -> None:
    names = [("Sanctions",), ("Sanction",), ("Sanctuary",)]

    assert [index for _, index, _ in ranked(read_typed("sanction"), names)] == [0, 1]
