"""A series of change files: an address of the newest one, and a history that names all of them by day.

Polled is the history, because two files may be published between two polls. OFAC publishes so: `/changes/latest`,
`/changes/history/YEAR/MONTH/DAY`, which is a JSON list of objects with a `publicationID` that rises, and
`/changes/ID`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from handlers.answers.errors import FetchError
from handlers.sources.fetch.client import Fetcher

_LATEST: Final = "/changes/latest"
_ZONE: Final = ZoneInfo("America/New_York")
"""Of the days in the history."""
_MOST_DAYS: Final = 31
_MAX_BYTES: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFile:
    """A file of the series that was not read yet."""

    number: int
    url: str


def is_series(url: str) -> bool:
    """Return whether the address is that of the newest file of a series."""
    return url.partition("?")[0].endswith(_LATEST)


async def unread_files(
    fetcher: Fetcher, url: str, *, last: int | None, since: datetime, now: datetime
) -> list[ChangeFile]:
    """Return the files after number `last`, oldest first. Without `last`, only the newest of the last month.

    `since`: when the history was read before. Times are in UTC.

    Raises: FetchError.
    """
    base = url.partition("?")[0].removesuffix("/latest")
    if last is None:
        return await _newest(fetcher, base, now)
    numbers: set[int] = set()
    for day in _days(since, now):
        numbers |= await _numbers(fetcher, base, day)
    return [ChangeFile(number=number, url=f"{base}/{number}") for number in sorted(numbers) if number > last]


async def _newest(fetcher: Fetcher, base: str, now: datetime) -> list[ChangeFile]:
    for day in reversed(list(_days(now - timedelta(days=_MOST_DAYS), now))):
        if numbers := await _numbers(fetcher, base, day):
            newest = max(numbers)
            return [ChangeFile(number=newest, url=f"{base}/{newest}")]
    return []


def _days(since: datetime, now: datetime) -> Iterator[date]:
    """Yield the days from the one before `since` to that of `now`: a file may be listed late."""
    last = now.astimezone(_ZONE).date()
    first = max(since.astimezone(_ZONE).date() - timedelta(days=1), last - timedelta(days=_MOST_DAYS))
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


async def _numbers(fetcher: Fetcher, base: str, day: date) -> set[int]:
    """Return the numbers of the files that were published on that day."""
    fetched = await fetcher.fetch(f"{base}/history/{day.year}/{day.month}/{day.day}", max_bytes=_MAX_BYTES)
    try:
        listed: Any = json.loads(fetched.body)
        return {int(item["publicationID"]) for item in listed}
    except (ValueError, TypeError, KeyError) as error:
        raise FetchError("The history of the changes cannot be read, so I do not know which files are new.") from error
