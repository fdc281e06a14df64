"""Sources are publishers, and those that copy or credit another are not independent of it."""

import pytest

from handlers.stories.features import encode_features
from handlers.stories.sources_count import Report, SourcesCount, count_outlets, count_sources

A = "Zorvex will shut its works in Nord and move 300 jobs to the coast by the end of next year, said the board."
B = "Some 300 people in Nord lose their work as the firm leaves for the sea; minister Ann Roe promised help."
C = "Unions plan a strike at every plant of the group from Monday, after the works council had left the talks in Lund."


def count(*reports: tuple[str, str]) -> tuple[int, int]:
    """Count the sources of reports given as (publisher, text)."""
    found = count_sources([Report(publisher, text, encode_features("", text, "en")) for publisher, text in reports])
    assert isinstance(found, SourcesCount)
    return found.outlets, found.independent


CASES = [
    ("nothing", [], (0, 0)),
    ("one report", [("Wire", A)], (1, 1)),
    ("three reports of one paper", [("Wire", A), ("Wire", B), ("WIRE", C)], (1, 1)),
    ("three papers", [("Wire", A), ("Post", B), ("Times", C)], (3, 3)),
    ("spellings of one name", [("The Times", A), ("times", B), ("Times.", C)], (1, 1)),
    ("a copy", [("Wire", A), ("Post", A + " Ends."), ("Times", C)], (3, 2)),
    ("a copy and a report of one paper", [("Wire", A), ("Post", A), ("Post", B)], (2, 2)),
    ("a paper that copies itself", [("Wire", A), ("Wire", A), ("Post", B)], (2, 2)),
    ("a credit of another source", [("Wire", A), ("Post", f"{B} The board told Wire that it saw no way out.")], (2, 1)),
    ("a credit of an agency outside", [("Wire", A), ("Post", f"LUND (Reuters) - {B}")], (2, 2)),
    ("one agency in two papers", [("Wire", f"LUND (AFP) {A}"), ("Post", f"{B} AFP reported."), ("Times", C)], (3, 2)),
    ("the agency itself", [("Reuters", f"LUND (Reuters) - {A}"), ("Post", f"{B}, according to Reuters.")], (2, 1)),
    ("German", [("Blatt", f"{A} Laut dpa schließt das Werk."), ("Post", f"{B} Wie die dpa meldet.")], (2, 1)),
    ("French", [("Journal", f"{A} Selon l'AFP, l'usine ferme."), ("Post", f"{B} (AFP)")], (2, 1)),
    ("Russian", [("Газета", f"{A} Об этом сообщает ТАСС."), ("Post", f"{B} ТАСС сообщает.")], (2, 1)),
    ("Chinese", [("日报", f"{A} 据新华社报道"), ("晚报", f"{B} 新华社消息")], (2, 1)),
    ("words that are no credit", [("Wire", A), ("Post", f"{B} An ap and a wire are in the works."), ("AP", C)], (3, 3)),
]


@pytest.mark.parametrize(("reports", "counted"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_sources_are_counted(reports: list[tuple[str, str]], counted: tuple[int, int]) -> None:
    assert count(*reports) == counted


def test_outlets_are_counted_in_the_same_way_without_texts() -> None:
    assert count_outlets(["The Times", "times", "www.Wire.example", "wire.example", "日报"]) == 3
