"""The rate limits of the Discord server: buckets that are described in the headers of every answer.

https://discord.com/developers/docs/topics/rate-limits#header-format
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web

from tests.support.discord_replies import json_reply


@dataclass
class Bucket:
    """A limit over a fixed window, for one route and channel."""

    limit: int
    window_s: float
    clock: Callable[[], float]
    """Seconds."""
    used: int = 0
    began: float = 0.0
    refused: int = 0
    """Requests with no request left, which a careful client never sends."""

    def take(self) -> bool:
        """Count a request. Return whether it is allowed."""
        now = self.clock()
        if self.used == 0 or now >= self.began + self.window_s:
            self.began, self.used = now, 0
        if self.used >= self.limit:
            self.refused += 1
            return False
        self.used += 1
        return True

    @property
    def headers(self) -> dict[str, str]:
        after = max(0.0, self.began + self.window_s - self.clock())
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(0, self.limit - self.used)),
            "X-RateLimit-Reset-After": f"{after:.3f}",
        }


@dataclass
class Limits:
    """The buckets of a server, by method and route."""

    buckets: dict[str, Bucket] = field(default_factory=dict)

    def refuse(self, name: str) -> web.Response | None:
        """Return the answer to a request that the limits do not allow; None if they allow it."""
        bucket = self.buckets.get(name)
        if bucket is None or bucket.take():
            return None
        after = float(bucket.headers["X-RateLimit-Reset-After"])
        body = {"message": "You are being rate limited.", "retry_after": after, "global": False}
        headers = bucket.headers | {"Via": "1.1 google", "Retry-After": str(int(after) + 1)}
        return json_reply(body, status=429, headers=headers | {"X-RateLimit-Bucket": name})

    def describe(self, name: str, response: web.StreamResponse) -> None:
        """Add the headers of the route's bucket to an answer."""
        if name in self.buckets:
            response.headers.update(self.buckets[name].headers | {"X-RateLimit-Bucket": name})
