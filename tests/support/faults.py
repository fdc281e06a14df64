"""What goes wrong on the way to a platform: late, refused, failed, or done and never said; and the moments of posts."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum

from aiohttp import web


class Ill(StrEnum):
    SLOW = "slow"
    BUSY = "429, not done"
    FAILED = "500, not done"
    LOST = "500, though done"
    DROPPED = "done, then the connection is cut"


RECEIVED, STORED, ANSWERED = POINTS = ("received", "stored", "answered")


def _ignore(point: str) -> None:
    pass


@dataclass(slots=True)
class Trouble:
    """By chance, from a seed. `rate` is how often a call goes wrong, 0 to 1; without it nothing does."""

    chance: random.Random = field(default_factory=lambda: random.Random(0))
    rate: float = 0.0
    at: Callable[[str], None] = _ignore
    """Called with each of POINTS when a post is there, so that the one who posts can be killed exactly then."""
    met: Counter[Ill] = field(default_factory=Counter)

    async def meet(
        self,
        request: web.Request,
        act: Callable[[], Awaitable[web.StreamResponse]],
        *,
        is_post: bool,
        busy: Callable[[], web.StreamResponse],
        failed: Callable[[], web.StreamResponse],
    ) -> web.StreamResponse:
        """Do what is asked, or fail at it. `act` does it, whatever becomes of whoever asked."""
        tell = self.at if is_post else _ignore
        if request.content_type != "multipart/form-data":  # aiohttp reads a form only once
            await request.read()
        tell(RECEIVED)
        ill = self._ill()
        if ill is Ill.BUSY:
            return busy()
        if ill is Ill.FAILED:
            return failed()
        if ill is Ill.SLOW:
            await asyncio.sleep(self.chance.uniform(0.01, 0.15))
        answer = await act()
        tell(STORED)
        if ill is Ill.LOST:
            return failed()
        if ill is Ill.DROPPED and request.transport is not None:
            request.transport.close()
        else:
            asyncio.get_running_loop().call_later(self.chance.uniform(0.0, 0.01), tell, ANSWERED)
        return answer

    def _ill(self) -> Ill | None:
        if self.chance.random() >= self.rate:
            return None
        ill = self.chance.choice(list(Ill))
        self.met[ill] += 1
        return ill
