"""A queue that runs a few commands at a time and shares the slots fairly between workspaces."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class FairQueue:
    """Grants at most `slots` slots at a time, round-robin between workspaces, first come first served within one."""

    def __init__(self, slots: int) -> None:
        self._free = slots
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @asynccontextmanager
    async def slot(self, workspace: str) -> AsyncIterator[None]:
        """Wait for a slot, and hold it until the block ends."""
        if self._free:
            self._free -= 1
        else:
            granted = asyncio.get_running_loop().create_future()
            self._waiting.setdefault(workspace, deque()).append(granted)
            try:
                await granted
            except asyncio.CancelledError:
                if not granted.cancelled():  # the slot was granted just before the cancellation
                    self._release()
                raise
        try:
            yield
        finally:
            self._release()

    def _release(self) -> None:
        """Pass the slot to the workspace that has waited longest for one, and move that workspace to the end."""
        while self._waiting:
            workspace, callers = self._waiting.popitem(last=False)
            granted = callers.popleft()
            if callers:
                self._waiting[workspace] = callers
            if not granted.cancelled():
                granted.set_result(None)
                return
        self._free += 1
