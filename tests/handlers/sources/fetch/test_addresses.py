"""Network addresses: which hosts are public, and that no other host can be reached by any notation or redirect."""

from datetime import timedelta

import pytest

from handlers.answers.errors import FetchError
from handlers.sources.fetch.addresses import is_public
from handlers.sources.fetch.client import Limits, open_fetcher
from tests.support.http_server import LocalServer

LIMITS = Limits(delay=timedelta(0))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "localhost",
        "10.0.0.8",
        "192.168.1.1",
        "172.16.3.4",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fd00::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
    ],
)
async def test_the_network_of_the_host_cannot_be_reached(host: str) -> None:
    async with open_fetcher(user_agent="test", limits=LIMITS) as guarded:
        with pytest.raises(FetchError):
            await guarded.fetch(f"http://{host}/latest/meta-data", max_bytes=10_000)


async def test_a_name_that_resolves_to_a_private_address_is_refused(server: LocalServer) -> None:
    server.answer("/", b"secret")
    async with open_fetcher(user_agent="test", limits=LIMITS) as guarded:
        with pytest.raises(FetchError, match="inside a private network"):
            await guarded.fetch("http://localhost/", max_bytes=10_000)

    assert server.requests == []


async def test_ports_of_other_services_are_refused() -> None:
    async with open_fetcher(user_agent="test", limits=LIMITS) as guarded:
        with pytest.raises(FetchError, match="port 6379"):
            await guarded.fetch("http://example.org:6379/", max_bytes=10_000)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("198.18.0.1", False),
        ("255.255.255.255", False),
        ("64:ff9b::808:808", False),
        ("fe80::1%eth0", False),
        ("ff02::1", False),
        ("no address", False),
    ],
)
def test_only_addresses_on_the_internet_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public
