"""Tells the open pages of this process that a message was posted or edited. Only a hint: the messages are rows."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Changes:
    """Wakes whoever listens. `close` ends every listener, so that a server with open streams can stop."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Event] = set()
        self._closed = False

    @property
    def closed(self) -> bool:
        return self._closed

    @property
    def listeners(self) -> int:
        return len(self._listeners)

    def wake(self) -> None:
        for listener in self._listeners:
            listener.set()

    def close(self) -> None:
        self._closed = True
        self.wake()

    @contextmanager
    def listen(self) -> Iterator[asyncio.Event]:
        """An event that is set at every change; who waits on it clears it."""
        listener = asyncio.Event()
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
