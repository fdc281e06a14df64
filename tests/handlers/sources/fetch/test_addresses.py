"""Network addresses: which hosts are public, and that no other host can be reached by any notation or redirect."""

from datetime import timedelta
from typing import Any

import pytest

from handlers.answers.errors import FetchError
from handlers.sources.fetch.addresses import refusal
from handlers.sources.fetch.client import Limits, open_fetcher
from handlers.sources.fetch.cloud_services import SERVICES
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
        ("fe80::1%eth0", False),
        ("ff02::1", False),
        ("::8.8.8.8", False),
        ("::ffff:0:8.8.8.8", False),
        ("no address", False),
        # IPv4-mapped
        ("::ffff:8.8.8.8", True),
        ("::ffff:10.0.0.8", False),
        # NAT64
        ("64:ff9b::8.8.8.8", True),
        ("64:ff9b::10.0.0.8", False),
        ("64:ff9b::127.0.0.1", False),
        ("64:ff9b::0.0.0.0", False),
        # NAT64 of a network, after prefixes of 48, 56, 64 and 96 bits
        ("64:ff9b:1:808:8:800::", True),
        ("64:ff9b:1:8:8:808::", True),
        ("64:ff9b:1:0:8:808:800:0", True),
        ("64:ff9b:1::8.8.8.8", True),
        ("64:ff9b:1:a00:0:800::", False),
        ("64:ff9b:1:a:0:8::", False),
        ("64:ff9b:1:0:a:0:800:0", False),
        ("64:ff9b:1::10.0.0.8", False),
        ("64:ff9b:1:808:8:800:a00:8", False),
        ("64:ff9b:1::", False),
        # 6to4
        ("2002:808:808::1", True),
        ("2002:a00:8::1", False),
        # Teredo: the server, and the client with its bits inverted
        ("2001:0:808:808::f7f7:f7f7", True),
        ("2001:0:a00:8::f7f7:f7f7", False),
        ("2001:0:808:808::f5ff:fff7", False),
    ],
)
def test_an_address_is_public_if_what_it_reaches_is_on_the_internet(address: str, public: bool) -> None:
    assert (refusal(address, allow_private=False) is None) is public


@pytest.mark.parametrize("host", [host for service in SERVICES for host in service.hosts])
@pytest.mark.parametrize("allow_private", [False, True])
async def test_services_of_cloud_platforms_are_never_fetched(host: str, allow_private: bool) -> None:
    shown = f"[{host}]" if ":" in host else host
    async with open_fetcher(user_agent="test", limits=LIMITS, allow_private=allow_private) as fetcher:
        with pytest.raises(FetchError, match="service of a cloud platform"):
            await fetcher.fetch(f"http://{shown}/latest/meta-data", max_bytes=10_000)


@pytest.mark.parametrize(
    "host",
    [
        "METADATA.google.internal",
        "metadata.google.internal.",
        "[::ffff:169.254.169.254]",
        "[64:ff9b::a9fe:a9fe]",
        "[64:ff9b:1::168.63.129.16]",
        "[2002:a83f:8110::]",
        "0xa83f8110",
    ],
)
async def test_services_of_cloud_platforms_are_recognized_in_any_notation(host: str) -> None:
    async with open_fetcher(user_agent="test", limits=LIMITS, allow_private=True) as fetcher:
        with pytest.raises(FetchError, match="service of a cloud platform"):
            await fetcher.fetch(f"http://{host}/", max_bytes=10_000)


async def test_a_redirect_to_a_service_of_a_cloud_platform_is_not_followed(server: LocalServer) -> None:
    address = server.redirect("/", "http://169.254.169.254/latest/")
    async with open_fetcher(user_agent="test", limits=LIMITS, allow_private=True) as fetcher:
        with pytest.raises(FetchError, match="service of a cloud platform"):
            await fetcher.fetch(address, max_bytes=10_000)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.platform)
def test_every_service_names_the_page_of_its_platform(service: Any) -> None:
    assert service.source.startswith("https://")
    assert service.hosts
