"""Notifies the open pages of this process that a message was posted or edited."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class ChangeNotifier:
    """Wakes the listeners. A wake-up carries no data: each page reads the changes from the database.

    `close` ends every listener, so that a server with open streams can stop.
    """

    def __init__(self) -> None:
        self._listeners: set[asyncio.Event] = set()
        self._closed = False

    @property
    def closed(self) -> bool:
        return self._closed

    @property
    def listeners(self) -> int:
        """The number of open listeners."""
        return len(self._listeners)

    def notify(self) -> None:
        for listener in self._listeners:
            listener.set()

    def close(self) -> None:
        self._closed = True
        self.notify()

    @contextmanager
    def listen(self) -> Iterator[asyncio.Event]:
        """Yield an event that is set at every change. The caller clears it before it looks for changes."""
        listener = asyncio.Event()
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
