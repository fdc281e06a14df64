"""The HTTP API for programs: post documents, read the console's messages."""

import asyncio
from typing import Any, Final

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.console.phrases import web_address
from bot.console.render import headline
from bot.console.stored_post import post_of
from bot.web.context import Desk
from bot.web.documents import DocumentIn, read_body, read_json, take_posted
from handlers.commands.json_output import ingest_line
from handlers.drafts import Draft
from storage.records import Channel, ConsoleMessage

_READABLE: Final = frozenset(
    {
        "text/plain",
        "text/markdown",
        "text/html",
        "application/xhtml+xml",
        "message/rfc822",
        "application/pdf",
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/xml",
        "text/xml",
        "application/feed+json",
    }
)
_BODY_SCHEMA: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": DocumentIn.model_json_schema()}}
        | {kind: {"schema": {"type": "string", "format": "binary"}} for kind in sorted(_READABLE)},
    }
}


def api_routes(desk: Desk) -> APIRouter:
    router = APIRouter(prefix="/api", tags=["api"])

    @router.post(
        "/documents",
        status_code=202,
        summary="Read, store and match a document",
        description="JSON, or the document itself with its content type. A feed may give several articles: the first "
        'is the answer, the others stand under "more".',
        openapi_extra=_BODY_SCHEMA,
        responses={401: {}, 413: {}, 415: {}, 422: {}},
    )
    async def post_document(request: Request, name: str = "", url: str | None = None) -> JSONResponse:
        drafts = await _read(request, name[:200], web_address(url))
        arrived = await take_posted(desk, drafts)
        read = [ingest_line(one) for one in arrived if one.article is not None]
        if not read:
            reason = next((one.reason for one in arrived if one.reason), "It has no article in it.")
            return JSONResponse({"detail": reason, "state": "failed"}, status_code=422)
        return JSONResponse(read[0] | ({"more": read[1:]} if len(read) > 1 else {}), status_code=202)

    @router.get("/channels", summary="The console's channels")
    async def channels() -> dict[str, Any]:
        async with desk.store.read() as tx:
            workspace = await desk.workspace(tx)
            return {"channels": [_channel(channel) for channel in await desk.channels(tx, workspace)]}

    @router.get("/messages", summary="The newest messages of the console's channels, oldest first")
    async def messages(channel: str | None = None, limit: int = Query(50, ge=1, le=200)) -> dict[str, Any]:
        async with desk.store.read() as tx:
            workspace = await desk.workspace(tx)
            wanted = [
                one
                for one in await desk.channels(tx, workspace)
                if channel is None or channel.removeprefix("#") in (one.name, one.external_id, str(one.id))
            ]
            if not wanted and channel is not None:
                raise HTTPException(404, "There is no such channel. GET /api/channels lists them.")
            found = []
            for one in wanted:
                for message in await tx.console.history(one.id, limit=limit):
                    notes = await tx.console.thread(message.id)
                    found.append(_message(one, message) | {"thread": [_message(one, note) for note in notes]})
        found.sort(key=lambda message: message["id"])
        return {"messages": found[-limit:]}

    return router


async def _read(request: Request, name: str, url: str | None) -> tuple[Draft, ...]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    if kind == "application/json":
        try:
            document = DocumentIn.model_validate_json(await request.body())
        except ValidationError as error:
            raise HTTPException(422, _first_problem(error)) from error
        return await asyncio.to_thread(read_json, document)
    if kind not in _READABLE:
        raise HTTPException(415, f"Send JSON, or a document as one of: {', '.join(sorted(_READABLE))}.")
    body = await request.body()
    return await read_body(body, content_type=request.headers["content-type"], name=name or url or "HTTP API", url=url)


def _first_problem(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    said = first["msg"].removeprefix("Value error, ")
    return f"{place}: {said}" if place else said


def _channel(channel: Channel) -> dict[str, Any]:
    return {"id": channel.id, "name": channel.name}


def _message(channel: Channel, message: ConsoleMessage) -> dict[str, Any]:
    return {
        "id": message.id,
        "channel": channel.name,
        "posted_at": message.posted_at.isoformat(),
        "changed_at": message.changed_at.isoformat(),
        "text": headline(post_of(message.body)),
        "post": message.body,
    }
