"""The newer time zone database counts, the host's or the installed one."""

import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import tzdata

from bot.time_zones import use_newer_time_zones


@pytest.fixture(autouse=True)
def _reset() -> Iterator[None]:
    yield
    use_newer_time_zones()


def test_an_older_host_does_not_decide() -> None:
    chosen = use_newer_time_zones(installed="9999z")

    assert not chosen.is_host
    assert zoneinfo.TZPATH == ()
    assert str(chosen).startswith("version 9999z, installed with the bot (the host has ")


@pytest.mark.skipif(not use_newer_time_zones(installed="1970a").is_host, reason="this host has no time zone database")
def test_a_newer_host_decides() -> None:
    chosen = use_newer_time_zones(installed="1970a")

    assert chosen.is_host
    assert zoneinfo.TZPATH
    assert chosen.other == "1970a"


@pytest.mark.skipif(tzdata.IANA_VERSION < "2026b", reason="the installed tzdata is older than the change of rules")
def test_vancouver_keeps_daylight_saving_time_from_2026_on() -> None:
    use_newer_time_zones()

    local = datetime(2026, 12, 1, 18, tzinfo=UTC).astimezone(zoneinfo.ZoneInfo("America/Vancouver"))

    assert local.hour == 11
