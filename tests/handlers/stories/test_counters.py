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
        ("LIVE 14:05: Zorvex closes", "Zorvex closes"),
        ("+++ 14:05 Zorvex closes +++", "Zorvex closes"),
        ("Zorvex closes (12)", "Zorvex closes"),
        ("Zorvex closes [12/57]", "Zorvex closes"),
        ("Zorvex closes (+12)", "Zorvex closes"),
        ("Zorvex closes [Score: 12]", "Zorvex closes"),
        ("Zorvex closes – 12 replies, 340 views", "Zorvex closes"),
        ("Zorvex closes (👍 12)", "Zorvex closes"),
        ("Zorvex closes ★ 12", "Zorvex closes"),
        ("Zorvex closes · 3 min read", "Zorvex closes"),
        ("Zorvex closes | 5 minutes ago", "Zorvex closes"),
        ("Zorvex closes (vor 5 Minuten)", "Zorvex closes"),
        ("Zorvex closes [Update 2]", "Zorvex closes"),
        ("-3°C | Zorvex closes", "Zorvex closes"),
        ("Завод закрыт (12 новых комментариев)", "Завод закрыт"),
        ("工厂关闭（12 评论）", "工厂关闭"),
        # These numbers are news.
        ("12 dead as ferry sinks", "12 dead as ferry sinks"),
        ("Motion passes with 120 votes", "Motion passes with 120 votes"),
        ("Ferry sinks at 14:05 off Sund", "Ferry sinks at 14:05 off Sund"),
        ("Regulation (EU) 2026/2501 of the Council", "Regulation (EU) 2026/2501 of the Council"),
        ("Zorvex 3.1 released", "Zorvex 3.1 released"),
        ("CVE-2026-1001: Zorvex", "CVE-2026-1001: Zorvex"),
        ("231 votes", "231 votes"),
        ("Fire in Nord (3 dead)", "Fire in Nord (3 dead)"),
        ("Zorvex (2024 model) recalled", "Zorvex (2024 model) recalled"),
        ("Talks with Zorvex (Part 2)", "Talks with Zorvex (Part 2)"),
        ("Zorvex podcast #12", "Zorvex podcast #12"),
        ("Zorvex shares fall 12%", "Zorvex shares fall 12%"),
        ("Zorvex wins 3:1", "Zorvex wins 3:1"),
        ("3 comments by the king of Nord", "3 comments by the king of Nord"),
        ("Zorvex leads the league, 12 points", "Zorvex leads the league, 12 points"),
    ],
)
def test_counters_and_times_of_day_are_left_out(title: str, rest: str) -> None:
    assert without_counters(title) == rest
