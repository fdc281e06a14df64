"""Holds request bodies until they have arrived and their signatures can be verified, within a limit of memory."""

from collections.abc import Iterator
from contextlib import contextmanager


class UnverifiedBody:
    """The received parts of one request body."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.size = 0
        """Bytes in memory."""
        self.is_dropped = False

    def append(self, part: bytes) -> None:
        self._parts.append(part)
        self.size += len(part)

    def drop(self) -> None:
        """Free the memory. The body can no longer be read."""
        self._parts.clear()
        self.size = 0
        self.is_dropped = True

    def read(self) -> bytes | None:
        """Return all received parts, or None if the body was dropped."""
        return None if self.is_dropped else b"".join(self._parts)


class UnverifiedBodies:
    """All bodies that are still arriving. Together they use at most `limit` bytes.

    Beyond the limit the largest body is dropped. Requests from Slack are small, so they survive even if somebody else
    sends many large bodies at the same time.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._bodies: set[UnverifiedBody] = set()
        self.size = 0
        """Bytes in memory."""

    @contextmanager
    def receive(self) -> Iterator[UnverifiedBody]:
        """Yield a new body, which counts towards the limit until the block ends."""
        body = UnverifiedBody()
        self._bodies.add(body)
        try:
            yield body
        finally:
            self._bodies.discard(body)
            self.size -= body.size

    def append(self, body: UnverifiedBody, part: bytes) -> None:
        """Append the next part to a body. A dropped body stays dropped."""
        if body.is_dropped:
            return
        body.append(part)
        self.size += len(part)
        while self.size > self._limit:
            largest = max(self._bodies, key=lambda candidate: candidate.size)
            self.size -= largest.size
            largest.drop()
