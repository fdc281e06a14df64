"""Decides which of the waiting requests may start: one at a time to each host, with a gap between the starts of two."""

import heapq
from collections import deque
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class _Host(Generic[T]):
    """The requests that wait for one host. Times are in seconds of the caller's clock."""

    waiting: deque[T] = field(default_factory=deque)
    started_at: float = 0.0
    """When the last request started."""
    pause: float = 0.0
    """Time between the starts of the last two requests: the gap, or longer if the host answers slowly."""
    promised_until: float = 0.0
    """The time until which later requests have been promised a start."""


class HostQueue(Generic[T]):
    """Waiting requests by host. Hosts whose turn it is are served in the order in which they became ready."""

    def __init__(self, *, gap: float, longest_line: int) -> None:
        """`gap`: seconds between the starts of two requests. `longest_line`: requests that may wait for one host."""
        self._gap = gap
        self._longest_line = longest_line
        self._lines: dict[str, _Host[T]] = {}
        self._ready: deque[str] = deque()
        self._resting: list[tuple[float, str]] = []
        """A heap of the hosts whose gap is not over, by its end."""
        self.waiting = 0
        """The number of requests that wait."""

    def add(self, host: str, request: T, now: float) -> float | None:
        """Let the request wait for its host, and return None.

        If too many wait for the host already, return the seconds after which it is likely to be this request's turn.
        """
        line = self._lines.get(host)
        if line is None:
            line = self._lines[host] = _Host()
            self._ready.append(host)
        if len(line.waiting) >= self._longest_line:
            pause = max(self._gap, line.pause)
            line.promised_until = max(line.promised_until, now + pause * len(line.waiting)) + pause
            return line.promised_until - now
        line.waiting.append(request)
        self.waiting += 1
        return None

    def take(self, now: float) -> tuple[str, T] | None:
        """Return a request that may start now, with its host, and count it as running until `finish`."""
        while self._resting and self._resting[0][0] <= now:
            _, host = heapq.heappop(self._resting)
            if self._lines[host].waiting:
                self._ready.append(host)
            else:
                del self._lines[host]
        if not self._ready:
            return None
        host = self._ready.popleft()
        line = self._lines[host]
        line.started_at = now
        self.waiting -= 1
        return host, line.waiting.popleft()

    def finish(self, host: str, now: float) -> None:
        """Count the running request of this host as ended."""
        line = self._lines[host]
        line.pause = max(self._gap, now - line.started_at)
        heapq.heappush(self._resting, (line.started_at + line.pause, host))

    def rest(self, now: float) -> float | None:
        """Return the seconds until the gap of a host ends for which requests wait; None if no gap must end."""
        return max(self._resting[0][0] - now, 0.0) if self._resting and self.waiting else None

    def clear(self) -> list[T]:
        """Remove and return the requests that wait. Running ones still end with `finish`."""
        left = [request for line in self._lines.values() for request in line.waiting]
        for host in self._ready:
            del self._lines[host]
        for line in self._lines.values():
            line.waiting.clear()
        self._ready.clear()
        self.waiting = 0
        return left
