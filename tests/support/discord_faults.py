"""Faults of the Discord server: how the next call of a route fails."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.support.discord_replies import json_reply


@dataclass
class Fault:
    """A fault. With `after`, the call is carried out first: only its response is lost."""

    status: int = 200
    code: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    retry_after: float | None = None
    drop: bool = False
    after: bool = False
    wait: float = 0.0
    """Seconds before the response. A fault with nothing else does not fail: it is slow."""
    body: str | None = None
    """Sent instead of Discord's JSON, as a proxy in front of Discord does."""
    content_type: str = "text/html"

    async def meet(
        self, request: web.Request, act: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Respond to the request with this fault. `act` carries the request out."""
        if self.after:
            await act(request)
        await asyncio.sleep(self.wait)
        if self == Fault(wait=self.wait):
            return await act(request)
        if self.drop:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        if self.body is not None:
            headers = self.headers | {"Content-Type": self.content_type}
            return web.Response(status=self.status, body=self.body.encode(), headers=headers)
        body: dict[str, Any] = {"message": "fault", "code": self.code}
        if self.retry_after is not None:
            body |= {"retry_after": self.retry_after, "global": False}
        return json_reply(body, status=self.status, headers=self.headers)
