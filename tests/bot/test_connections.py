"""A platform that is down or refuses the bot leaves everything else running, and is connected when it can be."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.connections import Connection
from handlers.answers.errors import WirewatchError
from handlers.ports import Messenger
from storage.records import Platform
from tests.support.fakes import FakeClock, FakeMessenger
from tests.support.slack_server import eventually

REFUSED = WirewatchError("Discord did not accept DISCORD_TOKEN. Copy it again.")


@dataclass
class FakeGateway:
    messenger: Messenger = field(default_factory=lambda: FakeMessenger(Platform.DISCORD))
    reason: str | None = None

    async def problem(self, now: datetime) -> str | None:
        return self.reason

    def dead(self, now: datetime) -> bool:
        return self.reason is not None


@dataclass
class FakePlatform:
    """A platform that refuses some attempts to connect before it accepts one."""

    failures: list[Exception] = field(default_factory=list)
    opened: list[FakeGateway] = field(default_factory=list)
    messengers: dict[Platform, Messenger] = field(default_factory=dict)
    connected: list[Platform] = field(default_factory=list)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[FakeGateway]:
        if self.failures:
            raise self.failures.pop(0)
        self.opened.append(FakeGateway())
        yield self.opened[-1]

    async def note(self, platform: Platform) -> None:
        self.connected.append(platform)

    def connection(self) -> Connection[FakeGateway]:
        return Connection(
            Platform.DISCORD,
            self.open,
            self.messengers,
            connected=self.note,
            clock=FakeClock(),
            pause=timedelta(milliseconds=1),
        )


async def running(connection: Connection[FakeGateway], until: Callable[[], Awaitable[bool]]) -> None:
    """Run the connection until the condition is true."""
    stop = asyncio.Event()
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        group.create_task(connection.run(stop))
        await eventually(until)
        stop.set()


@pytest.mark.parametrize("failure", [REFUSED, OSError("no route"), RuntimeError("a fault in the SDK")])
async def test_a_platform_that_refuses_at_the_start_is_connected_once_it_accepts(failure: Exception) -> None:
    platform = FakePlatform(failures=[failure] * 4)
    connection = platform.connection()

    async def is_connected() -> bool:
        return bool(platform.connected) and await connection.problem() is None

    assert await connection.problem() == "Discord is not connected yet"
    await running(connection, is_connected)

    assert platform.failures == []
    assert platform.messengers == {Platform.DISCORD: platform.opened[0].messenger}


async def test_a_refused_token_is_reported_once_in_words(caplog: pytest.LogCaptureFixture) -> None:
    platform = FakePlatform(failures=[REFUSED] * 5)
    connection = platform.connection()
    reasons: set[str | None] = set()

    async def is_connected() -> bool:
        reasons.add(await connection.problem())
        return bool(platform.connected)

    with caplog.at_level(logging.ERROR):
        await running(connection, is_connected)

    assert str(REFUSED) in reasons
    (logged,) = [record.getMessage() for record in caplog.records]
    assert logged.startswith("Discord did not accept DISCORD_TOKEN. Copy it again. Everything else continues")


async def test_a_dead_connection_is_replaced_and_its_messenger_is_not_used_meanwhile() -> None:
    platform = FakePlatform()
    connection = platform.connection()

    async def is_replaced() -> bool:
        if len(platform.opened) == 1:
            platform.opened[0].reason = "The connection ended"
        return len(platform.connected) == 2

    await running(connection, is_replaced)

    assert platform.messengers == {Platform.DISCORD: platform.opened[1].messenger}
