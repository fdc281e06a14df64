"""Live pages by Server-Sent Events: every change of the console's messages, from where the page last stood."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.console.timeline import Change, Follow
from bot.web.context import Desk
from handlers.commands.call import HIGHEST_ID
from storage.store import Tx

_LOOK_EVERY: Final = timedelta(seconds=1)
"""Another process may have posted: nothing in this one would wake us."""
_BEAT_EVERY: Final = 15
"""Looks without news between two signs of life, so that a proxy keeps the connection."""
_MOST_PAGES: Final = 64
"""Open streams of one process."""
_RETRY: Final = timedelta(seconds=2)


def live_routes(desk: Desk) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/events")
    async def events(
        request: Request, channel: Annotated[int, Query(ge=0, le=HIGHEST_ID)], after: str = ""
    ) -> StreamingResponse:
        if desk.messenger.changes.closed:
            raise HTTPException(503, "The bot is stopping.")
        if desk.messenger.changes.listeners >= _MOST_PAGES:
            raise HTTPException(503, f"{_MOST_PAGES} pages are open already. Close one.")
        cursor = request.headers.get("last-event-id") or after
        return StreamingResponse(
            _stream(desk, channel, cursor), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
        )

    return router


async def _stream(desk: Desk, channel_id: int, cursor: str) -> AsyncIterator[str]:
    """Ends when the server stops; the server cancels it when the page is gone."""
    async with desk.store.read() as tx:
        workspace = await desk.workspace(tx)
        ids = [channel.id for channel in await desk.channels(tx, workspace)]
    follow = Follow(ids, cursor)
    yield f"retry: {int(_RETRY.total_seconds() * 1000)}\n\n"
    quiet = 0
    with desk.messenger.changes.listen() as woken:
        while not desk.messenger.changes.closed:
            woken.clear()
            async with desk.store.read() as tx:
                frames = [await _frame(desk, tx, change, channel_id) for change in await follow.changes(tx)]
            for frame in frames:
                yield frame
            quiet = 0 if frames else quiet + 1
            if quiet >= _BEAT_EVERY:
                quiet = 0
                yield ": still here\n\n"
            try:
                await asyncio.wait_for(woken.wait(), _LOOK_EVERY.total_seconds())
            except TimeoutError:
                continue


async def _frame(desk: Desk, tx: Tx, change: Change, channel_id: int) -> str:
    """The change for a page: its HTML where it is of the channel shown, else only that it happened."""
    data: dict[str, object] = {"channel": change.channel_id, "id": change.message_id}
    if change.channel_id == channel_id:
        workspace = await desk.workspace(tx)
        channel = await desk.channel(tx, workspace, channel_id)
        message = await tx.console.get(change.message_id)
        if message is not None:
            shown = await desk.timeline.show(tx, workspace, channel, message)
            data |= {"html": desk.timeline.message(shown), "announce": shown.headline}
    return f"id: {change.cursor}\ndata: {json.dumps(data)}\n\n"
