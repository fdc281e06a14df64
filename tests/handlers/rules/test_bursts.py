"""How many alerts a channel gets within minutes, and how long a burst may go on."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.rules.bursts import BURST_ALERTS, BURST_WINDOW, is_burst, may_continue

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("recent", "held"), [(0, False), (BURST_ALERTS - 1, False), (BURST_ALERTS, True), (BURST_ALERTS + 1, True)]
)
def test_a_channel_gets_twelve_alerts_within_minutes_and_no_more(recent: int, held: bool) -> None:
    assert is_burst(recent) is held


@pytest.mark.parametrize(
    ("passed", "continues"),
    [(timedelta(0), True), (BURST_WINDOW - timedelta(seconds=1), True), (BURST_WINDOW, False)],
)
def test_a_burst_may_continue_until_its_window_has_passed(passed: timedelta, continues: bool) -> None:
    assert may_continue(NOON, NOON + passed) is continues
