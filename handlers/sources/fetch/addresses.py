"""Decides which network addresses may be fetched: public ones only, never the host's own network.

Also parses URLs without changing how they are written.
"""

import ipaddress
import re
from enum import StrEnum
from typing import Final

from yarl import URL

from handlers.sources.fetch.cloud_services import SERVICE_ADDRESSES
from handlers.sources.fetch.embedded import targets

PORTS: Final = frozenset({80, 443, 8000, 8008, 8080, 8443, 8888})
"""Ports of web servers. Mail servers, databases and caches use others, and do not serve feeds."""

_REFUSED: Final = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local; cloud metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",  # unspecified, loopback, IPv4-compatible
        "::ffff:0:0:0/96",  # IPv4-translated
        "100::/64",
        "2001::/23",  # ORCHID and other protocol assignments
        "2001:db8::/32",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)
"""Special-purpose networks. What carries an IPv4 address inside is judged by that one.

https://www.iana.org/assignments/iana-ipv4-special-registry, https://www.iana.org/assignments/iana-ipv6-special-registry
"""

_ENCODED: Final = re.compile(
    r"(?:https?://(?:[^\s/?#@]*@)?[a-z0-9][a-z0-9.-]*(?::\d{1,5})?)?(?:/(?:[\w.~:/?#\[\]@!$&'()*+,;=-]|%[0-9a-fA-F]{2})*)?",
    re.ASCII,
)
"""URLs, and locations of redirects within a host, that are sent as they are."""


class Refusal(StrEnum):
    """Why an address is not fetched."""

    PRIVATE = "private"
    CLOUD_SERVICE = "cloud service"


def refusal(address: str, *, allow_private: bool) -> Refusal | None:
    """Return why this IP address, with or without a scope, is not fetched; None if it may be.

    Whether an address is private does not matter if `allow_private` is true.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return Refusal.PRIVATE
    reached = targets(ip)
    if not SERVICE_ADDRESSES.isdisjoint(reached):
        return Refusal.CLOUD_SERVICE
    return None if allow_private or all(map(_is_public, reached)) else Refusal.PRIVATE


def _is_public(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return ip.is_global and not any(ip in network for network in _REFUSED if network.version == ip.version)


def is_literal(host: str) -> bool:
    """Whether the host of a URL is an IP address and not a name."""
    try:
        ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return False
    return True


def as_given(url: str) -> URL:
    """Return the URL without changing its encoding: a server may have signed the query as it is written.

    What may not be sent as it is, such as a space or a letter that is not ASCII, is encoded.

    Raises: ValueError.
    """
    return URL(url, encoded=_ENCODED.fullmatch(url) is not None)
