"""The lines of text that all chat platforms share."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from handlers.answers.answer import TopicTest
from handlers.answers.phrases import brief_figures, digest_head, held_line, more_sources, never_seen_line, shares_line
from tests.support.answers import CHART, alert, brief, digest

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)  # a Thursday, 13:00 in Berlin


@pytest.mark.parametrize(
    ("fresh", "hours_ago", "line"),
    [
        (None, None, ""),
        (0, 1, " · nothing new since your last brief at 12:00"),
        (1, 24, " · 1 story new since your last brief yesterday at 13:00"),
        (3, 72, " · 3 stories new since your last brief on Mon at 13:00"),
        (3, 24 * 20, " · 3 stories new since your last brief on 6 Nov at 13:00"),
    ],
)
def test_a_brief_says_what_is_new_since_the_last_one(fresh: int | None, hours_ago: int | None, line: str) -> None:
    last = None if hours_ago is None else NOW - timedelta(hours=hours_ago)
    given = replace(brief(), fresh=fresh, last_read_at=last, until=NOW, time_zone="Europe/Berlin")

    assert brief_figures(given) == f"23 articles · 9 stories · usual 14 a week{line}"


def test_a_digest_says_how_much_it_covers() -> None:
    assert digest_head(digest(4)) == ("Thursday 6 June", "2 topics · 4 stories from 12 articles")
    assert digest_head(replace(digest(1), late=True, part=(2, 3))) == (
        "Thursday 6 June",
        "late · 2 topics · 1 story from 3 articles · part 2 of 3",
    )
    assert digest_head(digest(0)) == ("Thursday 6 June", "nothing new")


def test_a_digest_says_what_was_held_back_and_why() -> None:
    held = (("overnight (22:00-07:00)", 5), ("older articles", 2))

    assert held_line(replace(digest(1), held=held)) == "Held back: 5 overnight (22:00-07:00) · 2 older articles"
    assert held_line(replace(digest(1), held=())) == ""


def test_a_topic_test_says_what_each_leaf_brings() -> None:
    test = TopicTest(
        query="sanctions OR embargo OR 制裁 OR boycott",
        days=30,
        articles=14,
        posts_a_week=3.2,
        near_misses=(),
        examples=(),
        shares=(("sanctions", 0.62), ("embargo", 0.09)),
        never_seen=("制裁", "boycott"),
        chart=CHART,
    )

    assert shares_line(test) == "“sanctions” alone brings 62 % of the matches, “embargo” 9 %."
    assert never_seen_line(test) == "Never seen: “制裁”, “boycott”."
    assert shares_line(replace(test, shares=())) == never_seen_line(replace(test, never_seen=())) == ""


@pytest.mark.parametrize(
    ("more", "sources", "line"),
    [
        (0, 1, ""),
        (1, 2, "+1 source, 3 independent"),
        (6, 7, "+6 sources, 3 independent"),
        (6, 3, "+2 sources, 3 independent"),
        (1, 1, "+1 report"),
        (2, 1, "+2 reports"),
        (2, 0, "+2 sources, 3 independent"),
    ],
    ids=[
        "a single report",
        "two publishers",
        "seven publishers",
        "three publishers with seven reports",
        "one publisher with two reports",
        "one publisher with three reports",
        "an alert that an older version stored",
    ],
)
def test_an_alert_counts_publishers(more: int, sources: int, line: str) -> None:
    assert more_sources(replace(alert(more=more), sources=sources, independent=3)) == line
