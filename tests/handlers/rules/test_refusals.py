"""What a refusal means, and when a blocked channel is checked again."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.rules.refusals import Refusal, RefusalKind, Scope, by_code, recheck_at, unknown_refusal
from storage.records import Platform

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("until", "expected"),
    [(None, 60), (timedelta(minutes=10), 10), (timedelta(hours=5), 60), (timedelta(minutes=-5), 0)],
    ids=["end unknown", "ends soon", "ends later", "has ended"],
)
def test_a_blocked_channel_is_checked_when_the_block_ends_or_after_an_hour(
    until: timedelta | None, expected: int
) -> None:
    assert recheck_at(NOON, None if until is None else NOON + until) == NOON + timedelta(minutes=expected)


def test_an_unknown_error_concerns_the_content_of_one_message() -> None:
    refusal = unknown_refusal(Platform.SLACK, "brand_new")

    assert (refusal.kind, refusal.scope) == (RefusalKind.THIS_MESSAGE, Scope.MESSAGE)
    assert refusal.of_content and not refusal.is_known
    assert "brand_new" in refusal.reason


def test_two_rows_for_one_error_are_refused() -> None:
    row = Refusal(
        platform=Platform.SLACK,
        code="x",
        kind=RefusalKind.FOR_EVER,
        scope=Scope.CHANNEL,
        reason="it was deleted",
        source="https://docs.slack.dev",
    )

    with pytest.raises(ValueError, match="two rows for slack x"):
        by_code([row, Refusal(**{name: getattr(row, name) for name in row.__slots__})])
