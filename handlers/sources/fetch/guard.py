"""Keeps connections out of the host's own network: the name is resolved once, and its addresses are checked."""

import socket
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from handlers.sources.fetch.addresses import Refusal, refusal


class ForbiddenAddress(OSError):
    """The address must not be fetched."""

    def __init__(self, host: str, why: Refusal) -> None:
        super().__init__(host)
        self.why = why


class GuardedResolver(AbstractResolver):
    """Resolves names to addresses that may be fetched. Refuses a name if one of its addresses may not."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._resolver = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        results = await self._resolver.resolve(host, port, family)
        for result in results:
            _check(result["host"], allow_private=self._allow_private)
        return results

    async def close(self) -> None:
        await self._resolver.close()


def guarded_socket(address: tuple[Any, ...], *, allow_private: bool) -> socket.socket:
    """Return a socket for this address. The last check, as aiohttp connects the socket to the same address."""
    family, kind, protocol, _, target = address
    _check(target[0], allow_private=allow_private)
    return socket.socket(family=family, type=kind, proto=protocol)


def _check(address: str, *, allow_private: bool) -> None:
    why = refusal(address, allow_private=allow_private)
    if why is not None:
        raise ForbiddenAddress(address, why)
