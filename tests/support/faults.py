"""Fault injection for the fake chat platforms: slow, refused, failed and lost requests, and the stages of posts."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum

from aiohttp import web


class Fault(StrEnum):
    SLOW = "slow"
    BUSY = "429, not done"
    FAILED = "500, not done"
    LOST = "500, though done"
    DROPPED = "done, then the connection is cut"


RECEIVED, STORED, ANSWERED = STAGES = ("received", "stored", "answered")
"""The stages of a post."""


def _ignore(stage: str) -> None:
    pass


@dataclass(slots=True)
class FaultInjection:
    """Injects random faults."""

    chance: random.Random = field(default_factory=lambda: random.Random(0))
    """The seed decides which requests fail."""
    rate: float = 0.0
    """The share of requests that fail, 0 to 1."""
    on_stage: Callable[[str], None] = _ignore
    """Called with each of STAGES of a post, so that a test can kill the bot exactly then."""
    injected: Counter[Fault] = field(default_factory=Counter)

    async def handle(
        self,
        request: web.Request,
        act: Callable[[], Awaitable[web.StreamResponse]],
        *,
        is_post: bool,
        busy: Callable[[], web.StreamResponse],
        failed: Callable[[], web.StreamResponse],
    ) -> web.StreamResponse:
        """Handle a request with `act`, or answer with a fault. `act` finishes even if the client is killed."""
        report = self.on_stage if is_post else _ignore
        if request.content_type != "multipart/form-data":  # aiohttp reads a form only once
            await request.read()
        report(RECEIVED)
        fault = self._draw()
        if fault is Fault.BUSY:
            return busy()
        if fault is Fault.FAILED:
            return failed()
        if fault is Fault.SLOW:
            await asyncio.sleep(self.chance.uniform(0.01, 0.15))
        answer = await act()
        report(STORED)
        if fault is Fault.LOST:
            return failed()
        if fault is Fault.DROPPED and request.transport is not None:
            request.transport.close()
        else:
            asyncio.get_running_loop().call_later(self.chance.uniform(0.0, 0.01), report, ANSWERED)
        return answer

    def _draw(self) -> Fault | None:
        if self.chance.random() >= self.rate:
            return None
        fault = self.chance.choice(list(Fault))
        self.injected[fault] += 1
        return fault
