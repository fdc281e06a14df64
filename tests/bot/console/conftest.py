"""A console messenger with one channel, on each database in turn, and a clock that tests move."""

import pytest

from bot.console.messenger import ConsoleMessenger
from storage.records import Channel
from storage.store import Store
from tests.support.fakes import FakeClock
from tests.support.stores import make_channel


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def channel(store: Store, clock: FakeClock) -> Channel:
    async with store.begin() as tx:
        return await make_channel(tx, clock())


@pytest.fixture
def messenger(store: Store, clock: FakeClock) -> ConsoleMessenger:
    return ConsoleMessenger(store, clock)
