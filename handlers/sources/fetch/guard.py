"""Keeps connections out of the host's own network: the name is resolved once, and its addresses are checked."""

import socket
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from handlers.sources.fetch.addresses import is_public


class ForbiddenAddress(OSError):
    """The address is not on the public internet."""


class GuardedResolver(AbstractResolver):
    """Resolves names to public addresses. Refuses a name if one of its addresses is not public."""

    def __init__(self) -> None:
        self._resolver = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        results = await self._resolver.resolve(host, port, family)
        if not all(is_public(result["host"]) for result in results):
            raise ForbiddenAddress(host)
        return results

    async def close(self) -> None:
        await self._resolver.close()


def guarded_socket(address: tuple[Any, ...]) -> socket.socket:
    """Return a socket for this address. The last check, as aiohttp connects the socket to the same address."""
    family, kind, protocol, _, target = address
    if not is_public(target[0]):
        raise ForbiddenAddress(target[0])
    return socket.socket(family=family, type=kind, proto=protocol)
