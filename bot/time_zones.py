"""Chooses the time zone database: the newer of the host's and that of the installed package `tzdata`.

Python prefers the host's, which may be years old, so that a digest comes an hour early or late after a change of rules.
"""

import zoneinfo
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import tzdata

_VERSION_FILES: Final = ("tzdata.zi", "+VERSION")
"""Files of a compiled database whose first line ends with its version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeZoneDatabase:
    """The time zone database in use, and the one that is not. Versions are those of IANA, such as "2026f"."""

    version: str
    is_host: bool
    """Whether it is the host's. Otherwise it is that of the package `tzdata`."""
    other: str | None
    """The version of the other one; None if the host has none or does not state its version."""

    def __str__(self) -> str:
        """Return it for people, as "version 2026f, installed with the bot (the host has 2025b)"."""
        if self.is_host:
            return f"version {self.version} of the host (installed with the bot: {self.other})"
        host = f"the host has {self.other}" if self.other else "the host has none, or one of unknown version"
        return f"version {self.version}, installed with the bot ({host})"


def use_newer_time_zones(*, installed: str = tzdata.IANA_VERSION) -> TimeZoneDatabase:
    """Make `zoneinfo` read the newer database from now on, and return which one that is. May be called again."""
    zoneinfo.reset_tzpath()
    host = next((version for folder in zoneinfo.TZPATH if (version := _version_of(Path(folder)))), None)
    is_host = host is not None and host >= installed
    if not is_host:
        zoneinfo.reset_tzpath(to=())
    zoneinfo.ZoneInfo.clear_cache()
    return TimeZoneDatabase(
        version=host if host is not None and is_host else installed,
        is_host=is_host,
        other=installed if is_host else host,
    )


def _version_of(folder: Path) -> str | None:
    """Return the version of the database in this folder; None if there is none or it does not state its version."""
    for name in _VERSION_FILES:
        try:
            with (folder / name).open(encoding="utf-8") as file:
                words = file.readline().split()
        except (OSError, UnicodeDecodeError):
            continue
        if words:
            return words[-1]
    return None
