"""Counters in a headline are no part of it, and other numbers are."""

import pytest

from handlers.stories.headlines import is_close_headline, is_same_headline, without_counters


@pytest.mark.parametrize(
    ("title", "rest"),
    [
        ("Zorvex closes works [7 votes]", "Zorvex closes works"),
        ("12 dead in Nord fire (14:05)", "12 dead in Nord fire"),
        ("+++ 231 comments +++ Zorvex closes", "Zorvex closes"),
        ("Zorvex closes (updated 14:05)", "Zorvex closes"),
        ("[14:05] Live: Zorvex closes", "Live: Zorvex closes"),
        ("14:05 Uhr: Zorvex closes", "Zorvex closes"),
        ("Zorvex closes - 14.05 Uhr", "Zorvex closes"),
        ("Zorvex closes · 1,204 Kommentare", "Zorvex closes"),
        ("Zorvex schließt 14:05", "Zorvex schließt"),
        # These numbers are news.
        ("12 dead as ferry sinks", "12 dead as ferry sinks"),
        ("Motion passes with 120 votes", "Motion passes with 120 votes"),
        ("Ferry sinks at 14:05 off Sund", "Ferry sinks at 14:05 off Sund"),
        ("Regulation (EU) 2026/2501 of the Council", "Regulation (EU) 2026/2501 of the Council"),
        ("Zorvex 3.1 released", "Zorvex 3.1 released"),
        ("CVE-2026-1001: Zorvex", "CVE-2026-1001: Zorvex"),
        ("231 votes", "231 votes"),
    ],
)
def test_counters_and_times_of_day_are_left_out(title: str, rest: str) -> None:
    assert without_counters(title) == rest


@pytest.mark.parametrize(
    ("one", "other", "same", "close"),
    [
        ("Zorvex closes works [7 votes]", "Zorvex closes works [14 votes]", True, True),
        ("Zorvex closes “works”", "Zorvex closes works", True, True),
        ("Zorvex closes works", "ZORVEX closes works", False, True),
        ("Huawei & ZTE *sued* in Texas", "Huawei and ZTE sued in Texas", False, True),
        ("Zorvex Router 3.1 released", "Zorvex Router 3.2 released", False, False),
        ("12 dead as ferry sinks", "15 dead as ferry sinks", False, False),
        ("Zorvex closes works", "Union in shock", False, False),
        ("华为签署合同", "华为签署合同", True, True),
    ],
)
def test_a_correction_leaves_a_headline_close(one: str, other: str, same: bool, close: bool) -> None:
    assert is_same_headline(one, other) is same
    assert is_close_headline(one, other) is close
