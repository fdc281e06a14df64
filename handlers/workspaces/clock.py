"""Notices that the computer's clock was set back, and corrects what was stored by the time before."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from handlers.alerts.rollup import reported_until_name
from handlers.answers.times import zone_of
from handlers.delivery.deliver import LEASE
from handlers.rules.digest_times import next_digest
from storage.store import Store, Tx

logger = logging.getLogger(__name__)

TOLERATED: Final = timedelta(minutes=1)
"""A smaller step back delays nothing by more than this."""


_LONGEST_GAP: Final = timedelta(days=8)
"""More than the time between two digests of a channel."""


class ClockWatch:
    """Compares the wall clock with the monotonic clock, and at the start with the times that are stored.

    A step forward needs no correction: what became due is done. Computers whose clocks differ by a minute or more may
    share a database; only a start of the slower one corrects something then, which does no harm.
    """

    def __init__(self, store: Store, *, wall: Callable[[], datetime], monotonic: Callable[[], float]) -> None:
        """`wall` returns the time in UTC, `monotonic` seconds."""
        self._store = store
        self._wall = wall
        self._monotonic = monotonic
        self._seen: tuple[datetime, float] | None = None
        """Both clocks at the last look."""

    async def look(self) -> timedelta:
        """Correct the stored times if the clock was set back since the last look, and return by how much.

        Raises: StorageError, and then the next look finds the step again.
        """
        now, monotonic = self._wall(), self._monotonic()
        if self._seen is None:
            async with self._store.read() as tx:
                expected = await tx.clock.latest() or now
        else:
            expected = self._seen[0] + timedelta(seconds=monotonic - self._seen[1])
        step = expected - now
        if step > TOLERATED:
            async with self._store.begin() as tx:
                await tx.clock.correct(now, step=step, lease=LEASE)
                for channel_id in await tx.clock.channels_ahead(now, latest_digest=now + _LONGEST_GAP):
                    await _correct_reports(tx, channel_id, now)
            logger.warning("The clock was set back by %s. Times that were stored before are corrected", step)
        self._seen = (now, monotonic)
        return max(step, timedelta(0)) if step > TOLERATED else timedelta(0)


async def _correct_reports(tx: Tx, channel_id: int, now: datetime) -> None:
    """Correct up to when digests and roll-ups have reported the channel's articles, and a digest that is years away."""
    channel = await tx.channels.get(channel_id)
    if channel is None:
        return
    name = reported_until_name(channel_id)
    stored = await tx.meta.get(name)
    rolled_up_until = datetime.fromisoformat(stored) if stored else None
    ends = [end for end in (rolled_up_until, channel.last_digest_at) if end is not None]
    await tx.clock.correct_outcomes(channel_id, now, reported_until=max(ends, default=None))
    if rolled_up_until is not None and rolled_up_until > now:
        await tx.meta.set(name, now.isoformat())
    if channel.last_digest_at is not None and channel.last_digest_at > now:
        await tx.channels.update(channel_id, last_digest_at=now)
    if channel.next_digest_at is not None and channel.next_digest_at > now + _LONGEST_GAP and channel.digest_time:
        workspace = await tx.workspaces.get(channel.workspace_id)
        zone = zone_of(channel.digest_zone or (workspace.time_zone if workspace else "")).key
        upcoming = next_digest(now, zone, channel.digest_time, channel.digest_days)
        await tx.channels.update(channel_id, next_digest_at=upcoming)
