"""Live changes of the console's messages, sent to open pages as Server-Sent Events."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.console.timeline import Change, ChangeTracker
from bot.web.context import WebContext
from handlers.commands.call import HIGHEST_ID
from storage.store import Tx

_POLL_EVERY: Final = timedelta(seconds=1)
"""The database is read this often even without a notification, because another process may post."""
_HEARTBEAT_AFTER: Final = 15
"""Reads without changes after which a comment is sent, so that a proxy keeps the connection open."""
_MAX_STREAMS: Final = 64
"""Open streams per process."""
_RETRY: Final = timedelta(seconds=2)
"""How long a browser waits before it reconnects."""


def live_routes(context: WebContext) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/events")
    async def events(
        request: Request, channel: Annotated[int, Query(ge=0, le=HIGHEST_ID)], after: str = ""
    ) -> StreamingResponse:
        if context.messenger.changes.closed:
            raise HTTPException(503, "The bot is stopping.")
        if context.messenger.changes.listeners >= _MAX_STREAMS:
            raise HTTPException(503, f"{_MAX_STREAMS} pages are already open. Close one and try again.")
        cursor = request.headers.get("last-event-id") or after
        return StreamingResponse(
            _stream(context, channel, cursor), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
        )

    return router


async def _stream(context: WebContext, channel_id: int, cursor: str) -> AsyncIterator[str]:
    """Yield events after the cursor until the server stops or somebody signs out.

    The server cancels it when the page disconnects.
    """
    sessions = context.access.sessions
    async with context.store.read() as tx:
        generation = await sessions.generation(tx)
        workspace = await context.workspace(tx)
        ids = [channel.id for channel in await context.channels(tx, workspace)]
    tracker = ChangeTracker(ids, cursor)
    yield f"retry: {int(_RETRY.total_seconds() * 1000)}\n\n"
    quiet = 0
    with context.messenger.changes.listen() as changed:
        while not context.messenger.changes.closed:
            changed.clear()
            async with context.store.read() as tx:
                if await sessions.generation(tx) != generation:
                    return
                frames = [await _frame(context, tx, change, channel_id) for change in await tracker.changes(tx)]
            for frame in frames:
                yield frame
            quiet = 0 if frames else quiet + 1
            if quiet >= _HEARTBEAT_AFTER:
                quiet = 0
                yield ": heartbeat\n\n"
            try:
                await asyncio.wait_for(changed.wait(), _POLL_EVERY.total_seconds())
            except TimeoutError:
                continue


async def _frame(context: WebContext, tx: Tx, change: Change, channel_id: int) -> str:
    """Return the change as an event: with its HTML for the channel that the page shows, else only the ids."""
    data: dict[str, object] = {"channel": change.channel_id, "id": change.message_id}
    if change.channel_id == channel_id:
        workspace = await context.workspace(tx)
        channel = await context.channel(tx, workspace, channel_id)
        message = await tx.console.get(change.message_id)
        if message is not None:
            rendered = await context.timeline.render(tx, workspace, channel, message)
            data |= {"html": context.timeline.message_html(rendered), "announce": rendered.summary}
    return f"id: {change.cursor}\ndata: {json.dumps(data)}\n\n"
