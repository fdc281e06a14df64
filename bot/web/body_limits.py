"""The body of a request: how large it may be, and how long the server waits for it."""

import asyncio
from datetime import timedelta
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope

from bot.web.access import DOCUMENTS

STALL: Final = timedelta(seconds=30)
"""How long the server waits for the next part of a request."""
MEGABYTE: Final = 1_000_000
UPLOAD_LIMIT: Final = 20 * MEGABYTE
JSON_LIMIT: Final = 2 * MEGABYTE
FORM_LIMIT: Final = 64_000
_MULTIPART_EXTRA: Final = 16_000
"""Bytes that a multipart form adds around a file."""
_SLOWEST: Final = 1_000
"""Bytes per second. A body that comes more slowly than this, after the first `STALL`, is refused."""


def _limit_of(path: str, content_type: str) -> int:
    """Return the limit in bytes of a body for this path."""
    if path == DOCUMENTS:
        return JSON_LIMIT if content_type.startswith("application/json") else UPLOAD_LIMIT
    if path.startswith("/channels/") and path.endswith("/files"):
        return UPLOAD_LIMIT + _MULTIPART_EXTRA
    return JSON_LIMIT if path == "/slack/events" else FORM_LIMIT


def limited(receive: Receive, scope: Scope, stall: timedelta) -> Receive:
    """Wrap `receive` so that it raises HTTPException for a body that is too large, or whose next part does not come.

    After the body it waits without limit.
    """
    loop = asyncio.get_running_loop()
    headers = Headers(scope=scope)
    limit = _limit_of(scope["path"], headers.get("content-type", ""))
    declared = int(headers.get("content-length", "0"))  # the server has checked that it is a number
    began = loop.time()
    seen = 0
    is_complete = False

    async def receive_limited() -> Message:
        nonlocal seen, is_complete
        if is_complete:
            return await receive()
        if declared > limit:
            raise _too_large(limit)
        latest = began + stall.total_seconds() + seen / _SLOWEST
        try:
            async with asyncio.timeout_at(min(latest, loop.time() + stall.total_seconds())):
                message = await receive()
        except TimeoutError as error:
            raise _closing(408, "The rest of the request did not arrive in time. Nothing was stored.") from error
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            is_complete = not message.get("more_body", False)
            if seen > limit:
                raise _too_large(limit)
        return message

    return receive_limited


def _too_large(limit: int) -> HTTPException:
    """Return the error for a body that exceeds the limit in bytes."""
    size = f"{limit // MEGABYTE} MB" if limit >= MEGABYTE else f"{limit // 1000} kB"
    return _closing(413, f"This is larger than the limit of {size}. Nothing was stored.")


def _closing(status: int, text: str) -> HTTPException:
    return HTTPException(status, text, headers={"Connection": "close"})
