"""Keeps a platform connected: a platform that is down or refuses the bot never ends the bot, and is tried again."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Final, Generic, Protocol, TypeVar

from handlers.answers.errors import WirewatchError
from handlers.ports import Messenger
from storage.errors import StorageError
from storage.records import Platform

logger = logging.getLogger(__name__)

FIRST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(minutes=5)


class Gateway(Protocol):
    """An open connection to a platform."""

    @property
    def messenger(self) -> Messenger: ...

    async def problem(self, now: datetime) -> str | None:
        """Return why the bot receives nothing at present, or None. `now` is in UTC."""
        ...

    def dead(self, now: datetime) -> bool:
        """Return whether only a new connection helps."""
        ...


G = TypeVar("G", bound=Gateway)


class Connection(Generic[G]):
    """One platform's connection. While it is open, its messenger is in `messengers`."""

    def __init__(
        self,
        platform: Platform,
        opening: Callable[[], AbstractAsyncContextManager[G]],
        messengers: MutableMapping[Platform, Messenger],
        *,
        connected: Callable[[Platform], Awaitable[None]],
        clock: Callable[[], datetime],
        pause: timedelta = FIRST_PAUSE,
    ) -> None:
        """`opening` connects, and raises WirewatchError if it cannot. `connected` is called after each connection.

        `pause` is the time between the first two attempts, and between two looks at an open connection. `clock` must go
        on evenly: how long a connection has been down is measured by it.
        """
        self.platform = platform
        self.gateway: G | None = None
        self._opening = opening
        self._messengers = messengers
        self._connected = connected
        self._clock = clock
        self._pause = pause
        self._problem = f"{platform.title()} is not connected yet"
        self._logged = ""
        self.tried = asyncio.Event()
        """Set once the first attempt to connect has succeeded or failed."""

    async def problem(self) -> str | None:
        """Return why the bot receives nothing from the platform at present, for people; None if it does."""
        return self._problem if self.gateway is None else await self.gateway.problem(self._clock())

    async def run(self, stop: asyncio.Event) -> None:
        """Connect, and connect again whenever the connection is lost for good, until `stop` is set."""
        pause = self._pause
        while not stop.is_set():
            try:
                async with self._opening() as gateway:
                    pause = self._pause
                    await self._use(gateway, stop)
            except (WirewatchError, StorageError, OSError, TimeoutError) as error:
                self._report(str(error))
            except Exception as error:  # a fault in an SDK must not end the other platforms
                logger.exception("The connection to %s failed", self.platform.title())
                self._report(f"{self.platform.title()} failed: {type(error).__name__}")
            self.tried.set()
            if not stop.is_set():
                await _sleep(pause, stop)
                pause = min(2 * pause, LONGEST_PAUSE)

    async def _use(self, gateway: G, stop: asyncio.Event) -> None:
        """Let the rest of the bot use the gateway until `stop` is set or only a new connection helps."""
        self.gateway = gateway
        self._messengers[self.platform] = gateway.messenger
        try:
            await self._connected(self.platform)
            self.tried.set()
            while not stop.is_set():
                await _sleep(self._pause, stop)
                now = self._clock()
                problem = await gateway.problem(now)
                if problem is None:
                    self._logged = ""
                elif gateway.dead(now) and not stop.is_set():
                    self._report(problem)
                    return
        finally:
            if not stop.is_set():  # at the end, posts in progress still use the messenger
                self.gateway = None
                self._messengers.pop(self.platform, None)

    def _report(self, problem: str) -> None:
        """Remember the problem, and log it once."""
        self._problem = problem
        if problem != self._logged:
            logger.error("%s. Everything else continues, and the bot connects when it can", problem.rstrip(". "))
            self._logged = problem


async def _sleep(wait: timedelta, stop: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), wait.total_seconds())
