"""The HTTP API for programs: post documents and read the console's messages."""

import asyncio
from typing import Any, Final

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.console.phrases import web_address
from bot.console.render import summary_line
from bot.console.stored_post import read_post
from bot.web.context import WebContext
from bot.web.documents import DocumentIn, ingest_posted, read_body, read_json, without_user
from handlers.commands.json_output import ingest_line
from handlers.drafts import Draft
from handlers.sources.documents.office.media_types import OFFICE_TYPES
from storage.addresses import text_without_credentials, without_credentials
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
        *OFFICE_TYPES,
    }
)
_BODY_SCHEMA: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": DocumentIn.model_json_schema()}}
        | {kind: {"schema": {"type": "string", "format": "binary"}} for kind in sorted(_READABLE)},
    }
}


def api_routes(context: WebContext) -> APIRouter:
    router = APIRouter(prefix="/api", tags=["api"])

    @router.post(
        "/documents",
        status_code=202,
        summary="Read, store and match a document",
        description="Send JSON, or the document itself with its content type. A feed may contain several articles: the "
        'response is the first article, with the others under "more".',
        openapi_extra=_BODY_SCHEMA,
        responses={401: {}, 413: {}, 415: {}, 422: {}},
    )
    async def post_document(request: Request, name: str = "", url: str | None = None) -> JSONResponse:
        address = web_address(url)
        drafts = await _read(context, request, text_without_credentials(name[:200]), address and without_user(address))
        arrived = await ingest_posted(context, drafts)
        articles = [ingest_line(result) for result in arrived if result.state != "failed"]
        if not articles:
            reason = next((result.reason for result in arrived if result.reason), "The document contains no article.")
            return JSONResponse({"detail": reason, "state": "failed"}, status_code=422)
        more = {"more": articles[1:]} if len(articles) > 1 else {}
        return JSONResponse(articles[0] | more, status_code=202)

    @router.get("/channels", summary="The console's channels")
    async def channels() -> dict[str, Any]:
        async with context.store.read() as tx:
            workspace = await context.workspace(tx)
            return {"channels": [_channel(channel) for channel in await context.channels(tx, workspace)]}

    @router.get("/messages", summary="The newest messages of the console's channels, oldest first")
    async def messages(channel: str | None = None, limit: int = Query(50, ge=1, le=200)) -> dict[str, Any]:
        async with context.store.read() as tx:
            workspace = await context.workspace(tx)
            wanted = [
                found
                for found in await context.channels(tx, workspace)
                if channel is None or channel.removeprefix("#") in (found.name, found.external_id, str(found.id))
            ]
            if not wanted and channel is not None:
                raise HTTPException(404, "There is no such channel. GET /api/channels lists them.")
            rows = []
            for place in wanted:
                for message in await tx.console.history(place.id, limit=limit):
                    notes = await tx.console.thread(message.id)
                    rows.append(_message(place, message) | {"thread": [_message(place, note) for note in notes]})
        rows.sort(key=lambda row: row["id"])
        return {"messages": rows[-limit:]}

    return router


async def _read(context: WebContext, request: Request, name: str, url: str | None) -> tuple[Draft, ...]:
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
    name = name or without_credentials(url or "HTTP API")
    return await read_body(context, body, content_type=request.headers["content-type"], name=name, url=url)


def _first_problem(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    field = ".".join(str(part) for part in first["loc"])
    problem = first["msg"].removeprefix("Value error, ")
    return f"{field}: {problem}" if field else problem


def _channel(channel: Channel) -> dict[str, Any]:
    return {"id": channel.id, "name": channel.name}


def _message(channel: Channel, message: ConsoleMessage) -> dict[str, Any]:
    return {
        "id": message.id,
        "channel": channel.name,
        "posted_at": message.posted_at.isoformat(),
        "changed_at": message.changed_at.isoformat(),
        "text": summary_line(read_post(message.body)),
        "post": message.body,
    }
