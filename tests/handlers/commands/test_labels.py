"""Phrases that several commands share: numbers are followed by the right form of the word."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handlers.commands.labels import closed_label, forecast_label, health_label, own_label
from storage.records import Channel, ChannelState, Platform

NOW = datetime(2026, 11, 26, 14, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


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


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        ({}, ""),
        (
            {
                "state": ChannelState.BLOCKED,
                "gone_reason": "it is archived. Somebody has to unarchive it",
                "blocked_at": NOW - 2 * HOUR,
                "recheck_at": NOW + HOUR / 2,
            },
            "Blocked since today 12:00: it is archived. Somebody has to unarchive it. What is due is kept. I try again "
            "today 14:30, every hour, and whenever somebody runs a command there.",
        ),
        (
            {
                "state": ChannelState.BLOCKED,
                "gone_reason": "a moderator has timed me out in the server",
                "blocked_at": NOW - HOUR,
                "blocked_until": NOW + HOUR / 4,
            },
            "Blocked since today 13:00: a moderator has timed me out in the server. This ends today 14:15. What is due "
            "is kept. I try again every hour, and whenever somebody runs a command there.",
        ),
        (
            {"state": ChannelState.GONE, "gone_reason": "it was deleted"},
            "Closed: it was deleted. Its subscriptions are paused. Add me again, then run a command there.",
        ),
    ],
    ids=["active", "blocked", "blocked for a while", "closed"],
)
def test_a_channel_without_posts_says_since_when_and_why_and_what_opens_it(fields: dict[str, Any], label: str) -> None:
    values = {"id": 1, "workspace_id": 1, "platform": Platform.SLACK, "workspace_external_id": "T1"}
    channel = Channel(**values, external_id="C1", name="intel", **fields)  # type: ignore[arg-type]

    assert closed_label(channel, UTC, now=NOW) == label
