"""A process that stood still, on a laptop that was closed, must not post what another has posted meanwhile."""

import asyncio
from datetime import datetime

from handlers.answers.answer import Notice, Post
from handlers.answers.serialize import serialize
from handlers.delivery.deliver import LEASE, Deliver
from handlers.delivery.settle import new_key
from handlers.ports import PostFailure
from storage.records import Channel, DeliveryKind, DeliveryState
from storage.store import Store
from tests.support.fakes import Failure, FakeClock, FakeMessenger
from tests.support.world import World


class Asleep(FakeMessenger):
    """Falls asleep for longer than a lease after its first look; another process awakes meanwhile."""

    def __init__(self, store: Store, clock: FakeClock, *, is_alone: bool) -> None:
        super().__init__()
        self._clock = clock
        self._other = None if is_alone else Deliver(store, {self.platform: self})
        self.has_slept = False
        self.stored = asyncio.Event()

    async def post(self, channel: Channel, post: Post, *, key: str, thread: str | None = None) -> str:
        ref = await super().post(channel, post, key=key, thread=thread)
        self.stored.set()
        return ref

    async def find(self, channel: Channel, key: str, *, since: datetime, thread: str | None = None) -> str | None:
        found = await super().find(channel, key, since=since, thread=thread)
        if not self.has_slept:
            self.has_slept = True
            self._clock.advance(LEASE * 2)
            if self._other is not None:
                await self._other.once(self._clock())
        return found


async def posted_after_sleep(store: Store, *, is_alone: bool) -> tuple[FakeMessenger, DeliveryState]:
    clock = FakeClock()
    messenger = Asleep(store, clock, is_alone=is_alone)
    messenger.post_failures.append(Failure(failure=PostFailure.PERHAPS))
    world = World(store, clock=clock, messenger=messenger)
    channel = await world.channel("one")
    async with store.begin() as tx:
        owed, _ = await tx.deliveries.enqueue(
            channel_id=channel.id,
            kind=DeliveryKind.NOTICE,
            subject="hello",
            key=new_key(),
            due_at=clock(),
            now=clock(),
            body=serialize(Notice(text="Hello")),
        )
    await world.post()
    clock.advance(LEASE)
    stop = asyncio.Event()
    slow = asyncio.create_task(world.deliver.run(clock=clock, stop=stop, woken=asyncio.Event()))
    async with asyncio.timeout(10):
        await messenger.stored.wait()
        stop.set()
        await slow
    async with store.read() as tx:
        found = await tx.deliveries.get(owed.id)
    assert found is not None
    return messenger, found.state


async def test_who_outslept_the_lease_leaves_what_another_posted(sqlite_store: Store) -> None:
    messenger, state = await posted_after_sleep(sqlite_store, is_alone=False)

    assert (len(messenger.messages), state) == (1, DeliveryState.SENT)


async def test_who_outslept_the_lease_alone_claims_it_again(sqlite_store: Store) -> None:
    messenger, state = await posted_after_sleep(sqlite_store, is_alone=True)

    assert (len(messenger.messages), state) == (1, DeliveryState.SENT)
