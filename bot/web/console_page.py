"""The channels in a browser: their pages, what is typed, buttons that are pressed, files that are dropped."""

import asyncio
from dataclasses import asdict
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Path, Query
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from markupsafe import Markup
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request as WebRequest
from starlette.responses import Response

from bot.console.completion import MOST, Suggestion, plan
from bot.console.timeline import START, by_day, channel_url, new_key, write_cursor
from bot.web.desk import Desk
from bot.web.documents import describe, read_body, take_dropped
from bot.web.security import MEGABYTE, UPLOAD_LIMIT
from handlers.answers.answer import Alert, Brief, Digest, Note, Notice, Reply, Trend
from handlers.answers.parts import Tone
from handlers.commands.call import HIGHEST_ID
from handlers.commands.table import COMMANDS
from handlers.ports import Attachment
from storage.addresses import text_without_credentials
from storage.records import Channel, Workspace

Id = Annotated[int, Path(ge=0, le=HIGHEST_ID)]
Before = Annotated[int | None, Query(ge=0, le=HIGHEST_ID)]
_COMMANDS: Final = frozenset(command.name for command in COMMANDS)
_NO_TYPE: Final = "application/octet-stream"


def console_routes(desk: Desk) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def first() -> Response:
        async with desk.store.read() as tx:
            channels = await desk.channels(tx, await desk.workspace(tx))
        return RedirectResponse(channel_url(channels[0]) if channels else "/status", status_code=303)

    @router.get("/channels/{channel_id}")
    async def show_channel(channel_id: Id, before: Before = None) -> HTMLResponse:
        return HTMLResponse(await _page(desk, channel_id, before=before))

    @router.get("/channels/{channel_id}/complete")
    async def complete(channel_id: Id, line: str = "", zone: str = "") -> dict[str, Any]:
        workspace, channel = await _place(desk, channel_id)
        found = await _suggestions(desk, workspace, channel, line[:500], zone)
        return {"suggestions": [asdict(suggestion) for suggestion in found[:MOST]]}

    @router.post("/channels/{channel_id}/say")
    async def say(
        web: WebRequest, channel_id: Id, words: Annotated[str, Form()], zone: Annotated[str, Form()] = ""
    ) -> Response:
        workspace, channel = await _place(desk, channel_id)
        reply = await _said(desk, workspace, channel, words.strip()[:4_000], zone)
        said = text_without_credentials(words.strip())
        return await _answer(desk, web, workspace, channel, reply, zone, said=said)

    @router.post("/channels/{channel_id}/press")
    async def click(
        web: WebRequest, channel_id: Id, action: Annotated[str, Form()], zone: Annotated[str, Form()] = ""
    ) -> Response:
        workspace, channel = await _place(desk, channel_id)
        request = desk.request(workspace, channel, command="", zone=zone)
        reply = await desk.commands.click(request, action[:200])
        return await _answer(desk, web, workspace, channel, reply, zone)

    @router.post("/channels/{channel_id}/files")
    async def files(web: WebRequest, channel_id: Id) -> Response:
        workspace, channel = await _place(desk, channel_id)
        async with web.form(max_files=1, max_fields=4) as form:
            file, zone = form.get("file"), form.get("zone")
            if not isinstance(file, UploadFile) or not file.filename:
                raise HTTPException(422, "No file came with this request.")
            if (file.size or 0) > UPLOAD_LIMIT:
                raise HTTPException(413, f"This file is larger than {UPLOAD_LIMIT // MEGABYTE} MB.")
            name = file.filename.replace("\\", "/").rpartition("/")[2][:200]
            kind = None if file.content_type in (None, "", _NO_TYPE) else file.content_type
            body = await file.read()
        time_zone = zone if isinstance(zone, str) else ""
        if name.casefold().endswith(".opml"):
            attachment = Attachment(name=name, content_type=kind or "text/x-opml", body=body)
            request = desk.request(
                workspace, channel, command="sources", words="import", zone=time_zone, attachments=(attachment,)
            )
            reply = await desk.commands.answer(request)
        else:
            arrived = await take_dropped(desk, await read_body(body, content_type=kind, name=name), workspace)
            reply = Reply(answer=await asyncio.to_thread(describe, name, arrived))
        return await _answer(desk, web, workspace, channel, reply, time_zone)

    return router


async def _place(desk: Desk, channel_id: int) -> tuple[Workspace, Channel]:
    async with desk.store.read() as tx:
        workspace = await desk.workspace(tx)
        return workspace, await desk.channel(tx, workspace, channel_id)


async def _page(desk: Desk, channel_id: int, *, before: int | None = None, whispers: tuple[Markup, ...] = ()) -> str:
    async with desk.store.read() as tx:
        workspace = await desk.workspace(tx)
        channel = await desk.channel(tx, workspace, channel_id)
        frame = await desk.frame(tx, workspace, page="channel", current=channel)
        shown, earlier = await desk.timeline.page(tx, workspace, channel, before=before)
        newest = [message for entry in frame["channels"] for message in await tx.console.history(entry["id"], limit=1)]
        subscriptions = await tx.subscriptions.of_channel(channel.id)
        topics = await tx.topics.by_ids([subscription.topic_id for subscription in subscriptions])
    changed = [float(message.version.partition("-")[0]) for message in shown]
    changed += [message.changed_at.timestamp() for message in newest]
    return desk.render(
        "channel.html",
        channel={"id": channel.id, "name": channel.name, "url": channel_url(channel)},
        days=by_day(shown),
        earlier=earlier,
        newest=before is None,
        whispers=whispers,
        cursor=f"{max(changed):.6f}" if changed else write_cursor(START),
        gets=sorted(topics.values(), key=lambda topic: topic.title.casefold()),
        digest=None if channel.digest_time is None else f"{channel.digest_time:%H:%M}",
        **frame,
    )


async def _said(desk: Desk, workspace: Workspace, channel: Channel, line: str, zone: str) -> Reply:
    if not line.startswith("/"):
        meant = line if line.partition(" ")[0].casefold() in _COMMANDS else f"find {line}"
        return Reply(
            answer=Notice(
                text="Commands begin with a slash. /brief says what happened about a topic, /find searches.",
                tone=Tone.REFUSED,
                code=f"/{text_without_credentials(meant)}" if line and "\n" not in line else None,
            )
        )
    command, _, words = line[1:].partition(" ")
    return await desk.commands.answer(desk.request(workspace, channel, command=command, words=words, zone=zone))


async def _answer(
    desk: Desk,
    web: WebRequest,
    workspace: Workspace,
    channel: Channel,
    reply: Reply,
    zone: str,
    said: str = "",
) -> Response:
    """To the person alone as a fragment, or to everyone as a post; the whole page where there is no script."""
    whisper = await _tell(desk, workspace, channel, reply, zone, said)
    if "application/json" in web.headers.get("accept", ""):
        return JSONResponse({"html": whisper, "replaces": reply.replaces})
    return HTMLResponse(await _page(desk, channel.id, whispers=(whisper,)))


async def _tell(desk: Desk, workspace: Workspace, channel: Channel, reply: Reply, zone: str, said: str) -> Markup:
    answer = reply.answer
    if reply.public and isinstance(answer, Alert | Note | Digest | Notice | Brief | Trend):
        await desk.messenger.post(channel, answer, key=new_key())
        answer = Notice(text=f"Shared in {channel.label}.", tone=Tone.DONE)
    return desk.timeline.whisper(answer, channel=channel, zone=zone or workspace.time_zone, now=desk.clock(), said=said)


async def _suggestions(desk: Desk, workspace: Workspace, channel: Channel, line: str, zone: str) -> list[Suggestion]:
    found = plan(line)
    suggestions = list(found.suggestions)
    for wanted in found.wanted:
        request = desk.request(workspace, channel, command=wanted.command.partition(" ")[0], zone=zone)
        values = await desk.commands.complete(request, command=wanted.command, option=wanted.option, typed=wanted.typed)
        suggestions += [Suggestion(insert=f"{wanted.before}{value}", label=value) for value in values]
    if found.channel is not None:
        before, typed = found.channel
        async with desk.store.read() as tx:
            channels = await desk.channels(tx, workspace)
        names = [one.name for one in channels if one.name.casefold().startswith(typed.casefold())]
        suggestions += [Suggestion(insert=f"{before}#{name}".replace("##", "#"), label=f"#{name}") for name in names]
    return [suggestion for suggestion in suggestions if suggestion.insert.rstrip() != line.rstrip() or not line.strip()]
