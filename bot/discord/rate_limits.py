"""Discord's rate limits, as the headers of its answers describe them. Pure: the time is an argument, in seconds.

A request waits only if its bucket has no requests left; how far away the end of the bucket's window is does not matter:
https://discord.com/developers/docs/topics/rate-limits#header-format
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_DEFAULT_WAIT_S: Final = 60.0
"""The wait after a 429 that does not say how long to wait."""
_MOST_BUCKETS: Final = 2_000


@dataclass(slots=True)
class _Bucket:
    remaining: float
    reset_at: float
    limit: float

    def wait(self, now: float) -> float:
        if now >= self.reset_at:
            self.remaining = self.limit
        return 0.0 if self.remaining > 0 else self.reset_at - now


class RateLimits:
    """The buckets of one bot. A route's bucket is known after its first answer."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        """The name of each route's bucket, by the route."""
        self._buckets: dict[tuple[str, str], _Bucket] = {}
        """By bucket or route, and the channel or server that the request is about."""
        self._global_until = 0.0

    def wait(self, route: str, major: str, now: float, *, is_global: bool = True) -> float:
        """Return for how many seconds a request must wait; 0 if it may be sent now.

        `major` is the channel, server or webhook in the route. Without `is_global`, the limit of the whole bot does not
        apply, as for interactions.
        """
        for_all = self._global_until - now if is_global else 0.0
        bucket = self._buckets.get(self._key(route, major))
        return max(0.0, for_all, 0.0 if bucket is None else bucket.wait(now))

    def count(self, route: str, major: str, now: float) -> None:
        """Count a request that is sent now, before its answer says what is left."""
        bucket = self._buckets.get(self._key(route, major))
        if bucket is not None and now < bucket.reset_at:
            bucket.remaining -= 1

    def read(self, route: str, major: str, headers: Mapping[str, str], now: float) -> None:
        """Read the bucket of the route from the headers of an answer."""
        name = headers.get("X-RateLimit-Bucket")
        if name is not None:
            self._names[route] = name
        remaining, after = (
            _number(headers.get("X-RateLimit-Remaining")),
            _number(headers.get("X-RateLimit-Reset-After")),
        )
        if remaining is None or after is None:
            return
        if len(self._buckets) >= _MOST_BUCKETS:
            self._buckets = {key: bucket for key, bucket in self._buckets.items() if bucket.reset_at > now}
        key = self._key(route, major)
        known = self._buckets.get(key)
        if known is not None and now < known.reset_at:
            # Answers to requests that are sent together may arrive in any order.
            remaining = min(remaining, known.remaining)
        limit = _number(headers.get("X-RateLimit-Limit"))
        self._buckets[key] = _Bucket(remaining=remaining, reset_at=now + after, limit=max(1.0, limit or 1.0))

    def refuse(self, route: str, major: str, headers: Mapping[str, str], body: object, now: float) -> float:
        """Read an answer with status 429, and return for how many seconds requests to the route must wait."""
        values = body if isinstance(body, Mapping) else {}
        wait = _number(values.get("retry_after"))
        if wait is None:
            wait = _number(headers.get("Retry-After"))
        wait = _DEFAULT_WAIT_S if wait is None else wait
        if values.get("global") or headers.get("X-RateLimit-Scope") == "global":
            self._global_until = max(self._global_until, now + wait)
        else:
            self._buckets[self._key(route, major)] = _Bucket(remaining=0.0, reset_at=now + wait, limit=1.0)
        return wait

    def _key(self, route: str, major: str) -> tuple[str, str]:
        return self._names.get(route, route), major


def _number(value: object) -> float | None:
    """Return a header's or field's number; None if it is missing, negative or no number."""
    try:
        number = float(value) if isinstance(value, str | int | float) else -1.0
    except ValueError:
        return None
    return number if 0 <= number < 1e9 else None
