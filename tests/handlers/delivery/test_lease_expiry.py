"""A process that was suspended past its lease must not post what another process has posted meanwhile."""

import asyncio

from handlers.answers.answer import Post
from handlers.delivery.deliver import LEASE, Deliver
from handlers.ports import LookUp, Rendering
from storage.records import Channel, DeliveryState
from storage.store import Store
from tests.support.fakes import Failure, FakeClock, FakeMessenger
from tests.support.world import World


class SuspendedMessenger(FakeMessenger):
    """Suspends the process for two leases after the first lookup. If not alone, another process delivers meanwhile."""

    def __init__(self, store: Store, clock: FakeClock, *, is_alone: bool) -> None:
        super().__init__()
        self._clock = clock
        self._other = None if is_alone else Deliver(store, {self.platform: self})
        self.was_suspended = False
        self.stored = asyncio.Event()

    async def post(
        self,
        channel: Channel,
        post: Post,
        *,
        key: str,
        thread: str | None = None,
        rendering: Rendering = Rendering.FULL,
    ) -> str:
        ref = await super().post(channel, post, key=key, thread=thread, rendering=rendering)
        self.stored.set()
        return ref

    async def find(self, channel: Channel, look_up: LookUp) -> str | None:
        found = await super().find(channel, look_up)
        if not self.was_suspended:
            self.was_suspended = True
            self._clock.advance(LEASE * 2)
            if self._other is not None:
                await self._other.run_once(self._clock())
        return found


async def deliver_suspended(store: Store, *, is_alone: bool) -> tuple[FakeMessenger, DeliveryState]:
    """Return the platform and the state of the delivery after the suspended process went on."""
    clock = FakeClock()
    messenger = SuspendedMessenger(store, clock, is_alone=is_alone)
    messenger.post_failures.append(Failure())
    world = World(store, clock=clock, messenger=messenger)
    channel = await world.channel()
    notice = await world.notice(channel)
    await world.post()
    clock.advance(LEASE)
    stop = asyncio.Event()
    loop = asyncio.create_task(world.deliver.run(clock=clock, stop=stop, woken=asyncio.Event()))
    async with asyncio.timeout(10):
        await messenger.stored.wait()
        stop.set()
        await loop
    return messenger, (await world.delivery(notice.id)).state


async def test_a_process_suspended_past_its_lease_does_not_repeat_the_post_of_another(sqlite_store: Store) -> None:
    messenger, state = await deliver_suspended(sqlite_store, is_alone=False)

    assert (len(messenger.messages), state) == (1, DeliveryState.SENT)


async def test_a_process_suspended_past_its_lease_claims_the_delivery_again_if_it_is_alone(sqlite_store: Store) -> None:
    messenger, state = await deliver_suspended(sqlite_store, is_alone=True)

    assert (len(messenger.messages), state) == (1, DeliveryState.SENT)
