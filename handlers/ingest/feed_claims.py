"""Claims feeds that are due for this process, by leases in the database, and hands them out host by host.

After a crash a feed can be claimed again when its lease ends.
"""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from handlers.ingest.poll_meter import PollMeter
from handlers.rules.host_queue import HostQueue
from storage.records import Source
from storage.store import Store

LEASE: Final = timedelta(minutes=10)
"""Longer than the slowest poll. If the process is killed, the feed can be polled again after this time."""
CLAIM: Final = 100
"""Feeds claimed in one transaction."""
LONGEST_LINE: Final = 4
"""Claimed feeds that wait for one host. Further ones are left in the database until it is their turn."""
CLAIM_EVERY: Final = timedelta(seconds=5)
"""How often feeds that have become due are looked for while others are polled."""
POSTPONED_EVERY: Final = timedelta(seconds=1)
"""The same while feeds wait for the turn of their host."""

Clock = Callable[[], datetime]


class FeedClaims:
    """The feeds that this process has claimed and not polled yet."""

    def __init__(self, store: Store, *, clock: Clock, host_gap: timedelta) -> None:
        """`host_gap`: time between the starts of two polls of one host."""
        self._store = store
        self._clock = clock
        self._queue: HostQueue[Source] = HostQueue(gap=host_gap.total_seconds(), longest_line=LONGEST_LINE)
        self.next_claim = 0.0
        """When to look for due feeds again, by the event loop's clock."""

    @property
    def waiting(self) -> int:
        """The number of feeds that wait for a poller or for their host."""
        return self._queue.waiting

    async def claim(self, meter: PollMeter) -> bool:
        """Claim feeds that are due, and return whether there are any that may be polled now. Raises: StorageError."""
        now, loop_time = self._clock(), _time()
        later = {}
        with meter.storing():
            async with self._store.begin() as tx:
                claimed = await tx.polls.claim_due(now, lease=LEASE, limit=CLAIM)
                for source in claimed:
                    wait = self._queue.add(_host_of(source), source, loop_time)
                    if wait is not None:
                        later[source] = now + min(timedelta(seconds=wait), LEASE)
                await tx.polls.postpone(later)
        if len(claimed) < CLAIM or len(later) == len(claimed):
            self.next_claim = _time() + (POSTPONED_EVERY if later else CLAIM_EVERY).total_seconds()
        return len(claimed) > len(later)

    def take(self) -> tuple[str, Source] | None:
        """Return a feed whose host may be asked now, with this host, which is busy until `finish`."""
        while (turn := self._queue.take(_time())) is not None:
            host, source = turn
            if source.leased_until is not None and source.leased_until > self._clock():
                return turn
            self.finish(host)  # it waited for so long that another process may have claimed it
        return None

    def finish(self, host: str) -> None:
        """Count the request to this host as ended."""
        self._queue.finish(host, _time())

    def rest(self) -> float | None:
        """Return the seconds until a host may be asked again for which feeds wait; None if there is no such host."""
        return self._queue.rest(_time())

    def clear(self) -> list[Source]:
        """Remove and return the feeds that wait. The next claim may be made at once."""
        self.next_claim = 0.0
        return self._queue.clear()

    async def release(self, feeds: Iterable[Source]) -> None:
        """Let these feeds, which were claimed and not polled, be claimed again at once. Raises: StorageError."""
        if released := list(feeds):
            async with self._store.begin() as tx:
                await tx.polls.release(released)


def _host_of(source: Source) -> str:
    try:
        return urlsplit(source.url).hostname or ""
    except ValueError:
        return ""


def _time() -> float:
    """Return the time of the event loop's clock, in seconds."""
    return asyncio.get_running_loop().time()
