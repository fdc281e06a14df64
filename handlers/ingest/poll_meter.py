"""Measures what the pollers of this process spend their time on."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from handlers.rules.poll_lag import SLOW, PollLoad

EVERY: Final = timedelta(seconds=60)
"""The period of a measurement, at least."""


class PollMeter:
    """Sums of one period. All sums are in seconds of the monotonic clock."""

    def __init__(self, *, pollers: int, ingesting: int, now: datetime) -> None:
        """`pollers`, `ingesting`: feeds that are polled, and of those ingested, at the same time at most."""
        self._pollers = pollers
        self._most_ingesting = ingesting
        self._started_at = now
        self._has_measured = False
        self._restart()

    def _restart(self) -> None:
        self._since = time.monotonic()
        self._polls = self._slow_polls = 0
        self._requesting = self._slow = self._ingesting = self._storing = 0.0

    @contextmanager
    def requesting(self) -> Iterator[None]:
        """Count the request that the block makes."""
        started = time.monotonic()
        try:
            yield
        finally:
            seconds = time.monotonic() - started
            self._polls += 1
            self._requesting += seconds
            if seconds > SLOW.total_seconds():
                self._slow_polls += 1
                self._slow += seconds

    @contextmanager
    def ingesting(self) -> Iterator[None]:
        """Count the time of the block, which reads and ingests a changed feed."""
        started = time.monotonic()
        try:
            yield
        finally:
            self._ingesting += time.monotonic() - started

    @contextmanager
    def storing(self) -> Iterator[None]:
        """Count the time of the block, in which the pollers wait for the database."""
        started = time.monotonic()
        try:
            yield
        finally:
            self._storing += time.monotonic() - started

    def is_due(self) -> bool:
        """Return whether the period is over. The first one is over at once: it says when polling began."""
        return not self._has_measured or time.monotonic() - self._since >= EVERY.total_seconds()

    def take(self, now: datetime) -> PollLoad:
        """Return the measurement of the period that ends now, and begin the next one."""
        seconds = max(time.monotonic() - self._since, 0.001)
        load = PollLoad(
            at=now,
            started_at=self._started_at,
            a_minute=self._polls * 60 / seconds,
            requesting=self._requesting / seconds / self._pollers,
            slow=self._slow / self._requesting if self._requesting else 0.0,
            slow_polls=self._slow_polls,
            ingesting=self._ingesting / seconds / self._most_ingesting,
            storing=self._storing / seconds,
        )
        self._restart()
        self._has_measured = True
        return load
