"""The delivery loop: claim each due delivery, post it outside any transaction, settle it. Nothing else posts."""

import asyncio
import logging
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from handlers.delivery.attempt import Attempts, Clock
from handlers.delivery.results import Blocked, Dead, Gone, Result, Retry
from handlers.delivery.settle import settle
from handlers.ports import Messenger
from storage.errors import StorageError
from storage.records import Channel, Delivery, Platform
from storage.store import Store

logger = logging.getLogger(__name__)

MAX_BUSY_CHANNELS: Final = 16
"""Channels to which one process posts at the same time."""
CALL_TIMEOUT: Final = timedelta(seconds=20)
"""The limit for one call to a platform. After a timeout the message may be posted."""
LEASE: Final = timedelta(seconds=60)
"""Longer than finding and posting a message can take. After a crash, a channel waits this long for its next post."""
MAX_PER_TURN: Final = 20
"""Deliveries of one channel in a row, before other channels get a turn."""
STORAGE_PAUSE: Final = timedelta(seconds=2)
LONGEST_SLEEP: Final = timedelta(seconds=30)
SHORTEST_SLEEP: Final = timedelta(milliseconds=50)
MIN_INTERVALS: Final[Mapping[Platform, timedelta]] = {Platform.SLACK: timedelta(seconds=1)}
"""The time between two posts in a channel. Slack allows about one message per second and channel:
https://docs.slack.dev/apis/web-api/rate-limits"""


class Deliver:
    """Posts the due deliveries of all channels. Several processes may run one each: leases keep them apart.

    `messengers` may change while the loop runs. Deliveries of a platform without a messenger wait.
    """

    def __init__(
        self,
        store: Store,
        messengers: Mapping[Platform, Messenger],
        *,
        lease: timedelta = LEASE,
        call_timeout: timedelta = CALL_TIMEOUT,
    ) -> None:
        self._store = store
        self._messengers = messengers
        self._lease = lease
        self._attempts = Attempts(store, messengers, call_timeout=min(call_timeout, lease / 3))
        self._owner = secrets.token_hex(8)

    async def run_once(self, now: datetime) -> int:
        """Give each channel with due deliveries one turn. Returns the number of attempts. Raises: StorageError."""
        async with self._store.read() as tx:
            ready = await tx.deliveries.ready_channels(now, MAX_BUSY_CHANNELS, platforms=list(self._messengers))
        clock, stop = _ticking(now), asyncio.Event()
        async with asyncio.TaskGroup() as group:
            turns = [group.create_task(self._turn(channel_id, clock, stop)) for channel_id in ready]
        return sum(turn.result() for turn in turns)

    async def next_due(self, now: datetime) -> timedelta:
        """Return the time until the next delivery is due, at most 30 seconds. Raises: StorageError."""
        async with self._store.read() as tx:
            due_at = await tx.deliveries.next_due_at(now, platforms=list(self._messengers))
        wait = LONGEST_SLEEP if due_at is None else due_at - now
        return min(max(wait, timedelta(0)), LONGEST_SLEEP)

    async def run(self, *, clock: Clock, stop: asyncio.Event, woken: asyncio.Event) -> None:
        """Post until `stop` is set, then finish the posts in progress without claiming more.

        Whoever enqueues a delivery sets `woken`, so that the loop looks for it at once.
        """
        busy: set[int] = set()

        async def turn(channel_id: int) -> None:
            try:
                await self._turn(channel_id, clock, stop)
            finally:
                busy.discard(channel_id)
                woken.set()

        async def wake_on_stop() -> None:
            await stop.wait()
            woken.set()

        async with asyncio.TaskGroup() as group:
            group.create_task(wake_on_stop())
            while not stop.is_set():
                woken.clear()
                try:
                    async with self._store.read() as tx:
                        ready = await tx.deliveries.ready_channels(
                            clock(), MAX_BUSY_CHANNELS + len(busy), platforms=list(self._messengers)
                        )
                    for channel_id in ready:
                        if channel_id not in busy and len(busy) < MAX_BUSY_CHANNELS:
                            busy.add(channel_id)
                            group.create_task(turn(channel_id))
                    wait = max(await self.next_due(clock()), SHORTEST_SLEEP)
                except StorageError:  # the store logs when an outage begins and ends
                    wait = STORAGE_PAUSE
                if len(busy) >= MAX_BUSY_CHANNELS:
                    wait = LONGEST_SLEEP  # the end of a turn sets `woken`
                try:
                    async with asyncio.timeout(wait.total_seconds()):
                        await woken.wait()
                except TimeoutError:
                    pass

    async def _turn(self, channel_id: int, clock: Clock, stop: asyncio.Event) -> int:
        """Deliver up to MAX_PER_TURN messages to one channel, in order. Returns the number of attempts."""
        done = 0
        try:
            while done < MAX_PER_TURN and not stop.is_set():
                claimed = await self._claim(channel_id, clock())
                if claimed is None:
                    break
                done += 1
                channel, delivery = claimed
                result = await self._attempts.attempt(channel, delivery, clock)
                if not await self._settle(channel, delivery, result, clock()):
                    break
        except StorageError:
            # A claimed delivery stays in `sending`. When its lease ends, the message is looked up before it is posted.
            logger.debug("Deliveries of channel %s wait for the database", channel_id)
        return done

    async def _claim(self, channel_id: int, now: datetime) -> tuple[Channel, Delivery] | None:
        """Lease the channel and its next delivery. The claim is committed before anything is posted."""
        async with self._store.begin() as tx:
            if not await tx.channels.lease(channel_id, owner=self._owner, now=now, until=now + self._lease):
                return None
            channel = await tx.channels.get(channel_id)
            if channel is None or channel.platform not in self._messengers:  # its platform was disconnected just now
                await tx.channels.release(channel_id, owner=self._owner)
                return None
            delivery = await tx.deliveries.claim(channel_id, now=now, lease=self._lease)
            if delivery is None:
                await tx.channels.release(channel_id, owner=self._owner)
                return None
        return channel, delivery

    async def _settle(self, channel: Channel, delivery: Delivery, result: Result, now: datetime) -> bool:
        """Store the result and release the channel. Returns whether the next delivery can follow at once."""
        interval = MIN_INTERVALS.get(channel.platform)
        next_post_at = None if interval is None else now + interval
        if isinstance(result, Retry) and not result.may_be_posted and result.blocks_channel:
            next_post_at = result.due_at
        if isinstance(result, Retry | Dead | Blocked | Gone):
            logger.warning("Delivery %s (%s): %s", delivery.id, type(result).__name__.lower(), result.reason)
        async with self._store.begin() as tx:
            # First, as a claim does, so that the two never wait for each other.
            whole_workspace = isinstance(result, Blocked | Gone) and result.whole_workspace
            await tx.channels.lock(channel, whole_workspace=whole_workspace)
            await settle(tx, channel, delivery, result, now=now)
            await tx.channels.release(channel.id, owner=self._owner, next_post_at=next_post_at)
        return next_post_at is None and not isinstance(result, Blocked | Gone)


def _ticking(now: datetime) -> Clock:
    """Return a clock that starts at `now`."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    return lambda: now + timedelta(seconds=loop.time() - started)
