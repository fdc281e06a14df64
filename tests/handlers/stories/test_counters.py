"""Counters in a headline are no part of it, and other numbers are."""

import pytest

from handlers.stories.counters import without_counters


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
