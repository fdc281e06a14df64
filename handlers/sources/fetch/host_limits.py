"""Limits requests per host: few at a time, with a delay between them, and none while the host asks to wait."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

_MOST_HOSTS: Final = 2000
"""Number of hosts at which idle ones are first forgotten, and then whenever the number has doubled."""
_LONGEST_BLOCK: Final = timedelta(hours=6).total_seconds()


@dataclass(slots=True)
class _Host:
    """Times are those of the running event loop, in seconds."""

    slots: asyncio.Semaphore
    next_start: float = 0.0
    blocked_until: float = 0.0
    users: int = field(default=0)


class HostLimits:
    """The limits of all hosts."""

    def __init__(self, *, per_host: int, delay: timedelta) -> None:
        """`per_host`: concurrent requests to one host. `delay`: time between the starts of two of them."""
        self._per_host = per_host
        self._delay = delay.total_seconds()
        self._hosts: dict[str, _Host] = {}
        self._most_hosts = _MOST_HOSTS

    @asynccontextmanager
    async def enter(self, host: str) -> AsyncGenerator[timedelta | None, None]:
        """Wait until a request to the host may start, and count it until the block ends.

        Yields None if it may start, or the time for which the host is still blocked.
        """
        limits = self._host(host)
        limits.users += 1
        try:
            async with limits.slots:
                now = asyncio.get_running_loop().time()
                if limits.blocked_until > now:
                    yield timedelta(seconds=limits.blocked_until - now)
                    return
                start = max(now, limits.next_start)
                limits.next_start = start + self._delay
                if start > now:
                    await asyncio.sleep(start - now)
                yield None
        finally:
            limits.users -= 1

    def block(self, host: str, wait: timedelta) -> None:
        """Start no request to the host for this time, six hours at most."""
        self._host(host).blocked_until = asyncio.get_running_loop().time() + min(wait.total_seconds(), _LONGEST_BLOCK)

    def _host(self, name: str) -> _Host:
        host = self._hosts.get(name)
        if host is None:
            if len(self._hosts) >= self._most_hosts:
                self._forget_idle()
            host = self._hosts[name] = _Host(asyncio.Semaphore(self._per_host))
        return host

    def _forget_idle(self) -> None:
        now = asyncio.get_running_loop().time()
        self._hosts = {
            name: host
            for name, host in self._hosts.items()
            if host.users or host.next_start > now or host.blocked_until > now
        }
        self._most_hosts = max(_MOST_HOSTS, 2 * len(self._hosts))
