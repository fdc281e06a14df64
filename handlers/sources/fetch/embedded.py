"""Finds the IPv4 addresses inside IPv6 addresses: a gateway or the host itself sends packets on to them."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final

_NAT64: Final = IPv6Network("64:ff9b::/96")
"""https://www.rfc-editor.org/rfc/rfc6052#section-2.1"""
_LOCAL_NAT64: Final = IPv6Network("64:ff9b:1::/48")
"""https://www.rfc-editor.org/rfc/rfc8215; a network may use a longer prefix within it."""
_PREFIXES: Final = (48, 56, 64, 96)
"""Bits of the prefixes that `_LOCAL_NAT64` may have: https://www.rfc-editor.org/rfc/rfc6052#section-2.2"""
_NOWHERE: Final = IPv4Network("0.0.0.0/8")
"""No gateway sends anything there."""

Address = IPv4Address | IPv6Address


def targets(address: Address) -> tuple[Address, ...]:
    """Return the addresses that packets to this address may reach: those inside it, else the address itself."""
    if isinstance(address, IPv4Address):
        return (address,)
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address.teredo is not None:
        return address.teredo  # the server, and the client behind it
    if address in _NAT64:
        return (_ipv4(address, 96),)
    if address in _LOCAL_NAT64:
        # Which prefix the network uses is not known, so each reading counts that can be meant.
        readings = tuple(_ipv4(address, prefix) for prefix in _PREFIXES)
        return tuple(reading for reading in readings if reading not in _NOWHERE) or readings
    return (address,)


def _ipv4(address: IPv6Address, prefix: int) -> IPv4Address:
    """Return the IPv4 address after a prefix of this many bits. Bits 64 to 71 are not part of it."""
    octets = address.packed
    if prefix < 96:
        octets = octets[:8] + octets[9:]
    return IPv4Address(octets[prefix // 8 :][:4])
