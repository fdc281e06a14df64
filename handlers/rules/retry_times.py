"""Decides when a post or a poll that failed is tried again: after a wait that doubles with each failure.

Whether a post is tried again at all is decided in `handlers/delivery/retry.py`.
"""

from datetime import datetime, timedelta
from typing import Final

POST_RETRY: Final = timedelta(seconds=5)
LONGEST_POST_RETRY: Final = timedelta(minutes=15)
FAILED_POLL: Final = timedelta(minutes=5)
LONGEST_BACK_OFF: Final = timedelta(hours=12)
LONGEST_RETRY_AFTER: Final = timedelta(days=2)


def post_retry_at(now: datetime, *, attempts: int, jitter: float, retry_after: timedelta | None = None) -> datetime:
    """Return when to try a post again after `attempts` failures: after 5 seconds, doubled each time, up to 15 minutes.

    Never before `retry_after`. `jitter`, from 0 to 1, adds up to a quarter.
    """
    wait = _doubled(POST_RETRY, attempts, LONGEST_POST_RETRY) * (1 + jitter / 4)
    return now + max(wait, retry_after or timedelta(0))


def poll_after_failure(
    now: datetime, *, failures: int, jitter: float, retry_after: timedelta | None = None
) -> datetime:
    """Return when to poll a failing feed again: after 5 minutes, doubled for each failure in a row, up to 12 hours.

    Not before `retry_after`, of which at most two days count. `jitter`, from 0 to 1, adds up to a quarter.
    """
    wait = _doubled(FAILED_POLL, failures, LONGEST_BACK_OFF) * (1 + jitter / 4)
    if retry_after is not None:
        wait = max(wait, min(retry_after, LONGEST_RETRY_AFTER))
    return now + wait


def _doubled(first: timedelta, times: int, longest: timedelta) -> timedelta:
    factor: int = 1 << min(max(times - 1, 0), 20)
    return min(first * factor, longest)
