"""Whose turn it is: a few commands are worked on at a time, the others wait; no workspace's crowd holds up another."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """At most so many at a time. Workspaces take turns; within one, who came first goes first."""

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @asynccontextmanager
    async def of(self, workspace: str) -> AsyncIterator[None]:
        """Wait for a turn; it ends with the block."""
        if self._free:
            self._free -= 1
        else:
            turn = asyncio.get_running_loop().create_future()
            self._waiting.setdefault(workspace, deque()).append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                if not turn.cancelled():  # it was given, and nobody takes it
                    self._next()
                raise
        try:
            yield
        finally:
            self._next()

    def _next(self) -> None:
        """Give the turn to the workspace that has waited longest for one; it then goes behind the others."""
        while self._waiting:
            workspace, line = self._waiting.popitem(last=False)
            turn = line.popleft()
            if line:
                self._waiting[workspace] = line
            if not turn.cancelled():
                turn.set_result(None)
                return
        self._free += 1
