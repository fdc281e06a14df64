"""Bodies of requests whose signatures cannot be checked yet, because they are still arriving: bounded in memory."""

from collections.abc import Iterator
from contextlib import contextmanager


class Body:
    """One request's body, as far as it has arrived."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.size = 0
        """Bytes that are held."""
        self.is_dropped = False

    def keep(self, part: bytes) -> None:
        self._parts.append(part)
        self.size += len(part)

    def drop(self) -> None:
        self._parts.clear()
        self.size = 0
        self.is_dropped = True

    def whole(self) -> bytes | None:
        """The body, or None where it was dropped."""
        return None if self.is_dropped else b"".join(self._parts)


class Unverified:
    """All bodies that are arriving. Together they hold at most `most` bytes.

    When they would hold more, the largest is dropped. Slack's requests are small, so they are kept however many large
    ones somebody else sends at the same time.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._arriving: set[Body] = set()
        self.held = 0
        """Bytes."""

    @contextmanager
    def receive(self) -> Iterator[Body]:
        """A new body, counted until the block ends."""
        body = Body()
        self._arriving.add(body)
        try:
            yield body
        finally:
            self._arriving.discard(body)
            self.held -= body.size

    def keep(self, body: Body, part: bytes) -> None:
        """Add the next part to a body, unless that was dropped."""
        if body.is_dropped:
            return
        body.keep(part)
        self.held += len(part)
        while self.held > self._most:
            largest = max(self._arriving, key=lambda arriving: arriving.size)
            self.held -= largest.size
            largest.drop()
