"""Which headers of proxies count: those that come from a proxy that the setting WIREWATCH_PROXIES names."""

import ipaddress
import logging
from collections.abc import Iterable, Iterator
from typing import Final

from starlette.datastructures import Headers
from starlette.types import Scope

logger = logging.getLogger(__name__)

_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Proxies:
    """The proxies in front of the web server, as addresses and networks: "10.0.0.4", "10.0.0.0/8".

    Raises: ValueError if one of them is neither.
    """

    def __init__(self, networks: Iterable[str] = ()) -> None:
        self._networks = tuple(ipaddress.ip_network(network) for network in networks)
        self._has_warned = False

    def apply(self, scope: Scope) -> None:
        """Set the client and the scheme of an HTTP request to what the named proxies say about it.

        The client is the last address in X-Forwarded-For that is not one of them, because each proxy appends the
        address that it got the request from. Headers that did not come through a named proxy are ignored.
        """
        headers = Headers(scope=scope)
        if not is_forwarded(headers):
            return
        peer = scope["client"][0] if scope.get("client") else ""
        if not self._names(peer):
            self._warn(peer)
            return
        addresses = [address for address in _listed(headers, "x-forwarded-for")]
        for address in reversed(addresses):
            scope["client"] = (_without_port(address), 0)
            if not self._names(_without_port(address)):
                break
        if "https" in (scheme.lower() for scheme in _listed(headers, "x-forwarded-proto")):
            scope["scheme"] = "https"

    def _names(self, text: str) -> bool:
        address = _parsed(text)
        return address is not None and any(address in network for network in self._networks)

    def _warn(self, peer: str) -> None:
        if not self._has_warned:
            self._has_warned = True
            logger.warning(
                "A request came through a proxy at %s, which WIREWATCH_PROXIES does not name: its headers are ignored",
                peer,
            )


def is_forwarded(headers: Headers) -> bool:
    """Return whether a proxy forwarded the request, or somebody claims so."""
    return any(name in headers for name in _FORWARDED)


def _listed(headers: Headers, name: str) -> Iterator[str]:
    """Yield the values of a header, which may be given several times and contain commas."""
    for value in headers.getlist(name):
        yield from filter(None, map(str.strip, value.split(",")))


def _without_port(text: str) -> str:
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text


def _parsed(text: str) -> Address | None:
    """Return the address, an IPv4 one also where it is written as IPv6 (::ffff:10.0.0.4); None if it is none."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, ipaddress.IPv6Address) else address
