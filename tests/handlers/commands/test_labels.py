"""Phrases that several commands share: numbers are followed by the right form of the word."""

import pytest

from handlers.commands.labels import forecast_label, health_label, own_label


@pytest.mark.parametrize(
    ("total", "own", "label"),
    [(0, 0, ""), (5, 0, ""), (5, 1, ", 1 of them yours"), (1, 1, ", yours"), (2, 2, ", both yours"),
     (3, 3, ", all yours")],
)  # fmt: skip
def test_own_topics_and_sources_are_counted(total: int, own: int, label: str) -> None:
    assert own_label(total, own) == label


@pytest.mark.parametrize(
    ("sources", "failing", "label"),
    [(0, 0, ""), (1, 0, ", healthy"), (2, 0, ", both healthy"), (12, 0, ", all healthy"), (1, 1, ", 1 failing"),
     (12, 2, ", 2 failing")],
)  # fmt: skip
def test_failing_sources_are_counted(sources: int, failing: int, label: str) -> None:
    assert health_label(sources, failing) == label


@pytest.mark.parametrize(
    ("posts", "label"),
    [(0.0, "no stories in 30 days"), (0.4, "less than one story a week"), (1.0, "about 1 story a week"),
     (1.5, "about 1.5 stories a week"), (14.2, "about 14 stories a week")],
)  # fmt: skip
def test_a_forecast_is_rounded(posts: float, label: str) -> None:
    assert forecast_label(posts) == label
