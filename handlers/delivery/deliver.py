"""Posting what is owed, each exactly once: claim, post outside any transaction, settle. Only this posts."""

import asyncio
import logging
import random
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from handlers.answers.answer import Post
from handlers.answers.serialize import DeserializeError, deserialize, serialize
from handlers.delivery.compose import NothingToShow, compose_alert
from handlers.delivery.settle import Again, Dead, Edited, Gone, Result, Sent, judge, judge_fault, new_key, settle
from handlers.ports import Messenger, PostError, PostFailure
from storage.errors import StorageError
from storage.records import Channel, Delivery, DeliveryKind, DeliveryState, Platform
from storage.store import Store

logger = logging.getLogger(__name__)

CHANNELS_AT_ONCE: Final = 16
PATIENCE: Final = timedelta(seconds=20)
"""For one call to a platform; longer means perhaps."""
LEASE: Final = timedelta(seconds=60)
"""Longer than looking up and posting can take: after a crash, a channel waits this long before it is looked into."""
TURN: Final = 20
"""Deliveries of one channel in a row before others have their turn."""
NO_MESSENGER: Final = timedelta(minutes=5)
STORAGE_PAUSE: Final = timedelta(seconds=2)
LONGEST_SLEEP: Final = timedelta(seconds=30)
SHORTEST_SLEEP: Final = timedelta(milliseconds=50)
CLOCK_SKEW: Final = timedelta(minutes=10)
"""A platform's clock may be behind ours when we look for a message of ours."""
PACES: Final[Mapping[Platform, timedelta]] = {Platform.SLACK: timedelta(seconds=1)}
"""Between two posts in a channel: https://docs.slack.dev/apis/web-api/rate-limits (about one a second a channel)."""

T = TypeVar("T")
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Composed:
    post: Post
    version: int


class Deliver:
    """The one poster of this process. Any number of processes may have one: leases keep them apart."""

    def __init__(
        self,
        store: Store,
        messengers: Mapping[Platform, Messenger],
        *,
        lease: timedelta = LEASE,
        patience: timedelta = PATIENCE,
    ) -> None:
        self._store = store
        self._messengers = messengers
        self._lease = lease
        self._patience = min(patience, lease / 3)
        self._owner = secrets.token_hex(8)

    async def once(self, now: datetime) -> int:
        """Post and edit what is due, a turn for each channel, and how many that were. Raises: StorageError."""
        async with self._store.read() as tx:
            ready = await tx.deliveries.ready_channels(now, CHANNELS_AT_ONCE)
        clock, stop = _ticking(now), asyncio.Event()
        async with asyncio.TaskGroup() as group:
            turns = [group.create_task(self._turn(channel_id, clock, stop)) for channel_id in ready]
        return sum(turn.result() for turn in turns)

    async def next_due(self, now: datetime) -> timedelta:
        """How long nothing will be due, as far as is known now; at most half a minute. Raises: StorageError."""
        async with self._store.read() as tx:
            due_at = await tx.deliveries.next_due_at()
        wait = LONGEST_SLEEP if due_at is None else due_at - now
        return min(max(wait, timedelta(0)), LONGEST_SLEEP)

    async def run(self, *, clock: Clock, stop: asyncio.Event, woken: asyncio.Event) -> None:
        """Post until `stop`, then finish the posts under way and claim nothing new. `woken`: something may be owed."""
        busy: set[int] = set()

        async def turn(channel_id: int) -> None:
            try:
                await self._turn(channel_id, clock, stop)
            finally:
                busy.discard(channel_id)
                woken.set()

        async def end() -> None:
            await stop.wait()
            woken.set()

        async with asyncio.TaskGroup() as group:
            group.create_task(end())
            while not stop.is_set():
                woken.clear()
                try:
                    async with self._store.read() as tx:
                        ready = await tx.deliveries.ready_channels(clock(), CHANNELS_AT_ONCE + len(busy))
                    for channel_id in ready:
                        if channel_id not in busy and len(busy) < CHANNELS_AT_ONCE:
                            busy.add(channel_id)
                            group.create_task(turn(channel_id))
                    wait = max(await self.next_due(clock()), SHORTEST_SLEEP)
                except StorageError as error:
                    logger.warning("Deliveries wait for the database: %s", error)
                    wait = STORAGE_PAUSE
                if busy and len(busy) >= CHANNELS_AT_ONCE:
                    wait = LONGEST_SLEEP  # a turn that ends wakes us
                try:
                    async with asyncio.timeout(wait.total_seconds()):
                        await woken.wait()
                except TimeoutError:
                    pass

    async def _turn(self, channel_id: int, clock: Clock, stop: asyncio.Event) -> int:
        """Some deliveries of one channel, in order."""
        done = 0
        try:
            while done < TURN and not stop.is_set():
                claimed = await self._claim(channel_id, clock())
                if claimed is None:
                    break
                done += 1
                channel, delivery = claimed
                result = await self._attempt(channel, delivery, clock)
                if not await self._settle(channel, delivery, result, clock()):
                    break
        except StorageError as error:
            # What was claimed stays "sending": when its lease ends it is looked up, not sent again blindly.
            logger.warning("Deliveries of channel %s wait for the database: %s", channel_id, error)
        return done

    async def _claim(self, channel_id: int, now: datetime) -> tuple[Channel, Delivery] | None:
        """The channel's next delivery, ours alone from here on; the intent is committed before anything is posted."""
        async with self._store.begin() as tx:
            if not await tx.channels.lease(channel_id, owner=self._owner, now=now, until=now + self._lease):
                return None
            channel = await tx.channels.get(channel_id)
            if channel is None or channel.platform not in self._messengers:
                logger.warning("Deliveries wait: no messenger is set up for channel %s", channel_id)
                await tx.channels.release(channel_id, owner=self._owner, next_post_at=now + NO_MESSENGER)
                return None
            delivery = await tx.deliveries.claim(channel_id, now=now, lease=self._lease)
            if delivery is None:
                await tx.channels.release(channel_id, owner=self._owner)
                return None
        return channel, delivery

    async def _settle(self, channel: Channel, delivery: Delivery, result: Result, now: datetime) -> bool:
        """Write down what became of it, and give the channel back. True: another may follow at once."""
        pace = PACES.get(channel.platform)
        free_at = None if pace is None else now + pace
        if isinstance(result, Again) and not result.perhaps and not result.only_this:
            free_at = result.due_at
        if isinstance(result, Again | Dead | Gone):
            logger.warning("Delivery %s (%s): %s", delivery.id, type(result).__name__.lower(), result.reason)
        async with self._store.begin() as tx:
            await settle(tx, channel, delivery, result, now=now)
            await tx.channels.release(channel.id, owner=self._owner, next_post_at=free_at)
        return free_at is None and not isinstance(result, Gone)

    async def _attempt(self, channel: Channel, delivery: Delivery, clock: Clock) -> Result:
        """One try, outside any transaction."""
        messenger = self._messengers[channel.platform]
        perhaps = delivery.state is DeliveryState.UNKNOWN
        try:
            if delivery.state is DeliveryState.SENT and delivery.external_ref is not None:
                wanted = await self._compose(channel, delivery, messenger, clock())
                await self._call(messenger.edit(channel, delivery.external_ref, wanted.post))
                return Edited(version=wanted.version)
            thread = await self._thread(delivery)
            if perhaps:
                since = delivery.created_at - CLOCK_SKEW
                found = await self._call(messenger.find(channel, delivery.key, since=since, thread=thread))
                if found is not None:
                    # What it says is not known: taken for the first version, so that a grown story is edited once more.
                    return Sent(ref=found, version=1)
                perhaps = False
            wanted = await self._compose(channel, delivery, messenger, clock())
            if delivery.leased_until is not None and clock() + self._patience > delivery.leased_until:
                # This process stood still: another may hold the lease by the time that a post is there.
                return Again(reason="It took longer than its lease.", due_at=clock(), perhaps=False)
            ref = await self._call(messenger.post(channel, wanted.post, key=delivery.key, thread=thread))
            return Sent(ref=ref, version=wanted.version)
        except PostError as error:
            return judge(error, delivery, now=clock(), jitter=random.random(), perhaps=perhaps)  # noqa: S311
        except (NothingToShow, DeserializeError) as error:
            return Dead(reason=str(error))
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            # Composing or rendering this one is broken; it must not stop the others.
            logger.exception("Delivery %s cannot be made", delivery.id)
            return judge_fault(error, delivery, now=clock(), jitter=random.random())  # noqa: S311

    async def _thread(self, delivery: Delivery) -> str | None:
        """The message in whose thread it goes."""
        if delivery.parent_id is None:
            return None
        async with self._store.read() as tx:
            parent = await tx.deliveries.get(delivery.parent_id)
        if parent is None or parent.external_ref is None:
            raise PostError("Its alert is not posted.", failure=PostFailure.LATER)
        return parent.external_ref

    async def _compose(self, channel: Channel, delivery: Delivery, messenger: Messenger, now: datetime) -> _Composed:
        if delivery.kind is DeliveryKind.ALERT and delivery.body is None:
            async with self._store.read() as tx:
                current = await tx.deliveries.get(delivery.id) or delivery
                if current.story_id is None:
                    raise NothingToShow("The alert has no story.")
                alert = await compose_alert(tx, channel, current.story_id, now)
            return _Composed(post=alert, version=current.wanted_version)
        post = deserialize(delivery.body or {})
        parts = messenger.split(post)
        if len(parts) > 1:
            post = await self._split(delivery, parts)
        return _Composed(post=post, version=delivery.wanted_version)

    async def _split(self, delivery: Delivery, parts: Sequence[Post]) -> Post:
        """Enqueue every part as a delivery of its own, all at once before the first is sent; the first is this one."""
        async with self._store.begin() as tx:
            await tx.deliveries.set_body(delivery.id, serialize(parts[0]))
            for number, part in enumerate(parts[1:], start=2):
                await tx.deliveries.enqueue(
                    channel_id=delivery.channel_id,
                    kind=delivery.kind,
                    subject=f"{delivery.subject}#{number}",
                    key=new_key(),
                    due_at=delivery.due_at,
                    now=delivery.created_at,
                    story_id=delivery.story_id,
                    parent_id=delivery.parent_id,
                    body=serialize(part),
                )
        return parts[0]

    async def _call(self, call: Awaitable[T]) -> T:
        """A call to the platform, within a time limit. Raises: PostError."""
        try:
            async with asyncio.timeout(self._patience.total_seconds()):
                return await call
        except TimeoutError as error:
            raise PostError("The platform did not answer in time.", failure=PostFailure.PERHAPS) from error


def _ticking(now: datetime) -> Clock:
    """A clock that shows `now` and goes on from there."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    return lambda: now + timedelta(seconds=loop.time() - started)
