"""Politeness towards one host: few requests at a time, a pause between them, none where it told us to wait."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

_KEPT: Final = 2000
"""Hosts remembered before idle ones are forgotten."""
_LONGEST: Final = timedelta(hours=6).total_seconds()


@dataclass(slots=True)
class _Lane:
    slots: asyncio.Semaphore
    next_start: float = 0.0
    closed_until: float = 0.0
    users: int = field(default=0)


class Lanes:
    """One lane a host. Times are those of the running loop, in seconds."""

    def __init__(self, *, a_host: int, delay: timedelta) -> None:
        self._a_host = a_host
        self._delay = delay.total_seconds()
        self._lanes: dict[str, _Lane] = {}

    @asynccontextmanager
    async def enter(self, host: str) -> AsyncGenerator[timedelta | None, None]:
        """Wait for a place. Gives how long the host is still closed, or None when one may go."""
        lane = self._lane(host)
        lane.users += 1
        try:
            async with lane.slots:
                now = asyncio.get_running_loop().time()
                if lane.closed_until > now:
                    yield timedelta(seconds=lane.closed_until - now)
                    return
                start = max(now, lane.next_start)
                lane.next_start = start + self._delay
                if start > now:
                    await asyncio.sleep(start - now)
                yield None
        finally:
            lane.users -= 1

    def close(self, host: str, wait: timedelta) -> None:
        """The host asked to be left alone for this long."""
        self._lane(host).closed_until = asyncio.get_running_loop().time() + min(wait.total_seconds(), _LONGEST)

    def _lane(self, host: str) -> _Lane:
        lane = self._lanes.get(host)
        if lane is None:
            if len(self._lanes) >= _KEPT:
                now = asyncio.get_running_loop().time()
                self._lanes = {
                    name: lane
                    for name, lane in self._lanes.items()
                    if lane.users or lane.next_start > now or lane.closed_until > now
                }
            lane = self._lanes[host] = _Lane(asyncio.Semaphore(self._a_host))
        return lane
