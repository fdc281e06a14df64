"""The console's channel pages: messages, commands, buttons and dropped files."""

import asyncio
from dataclasses import asdict, dataclass, replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Path, Query
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from markupsafe import Markup
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request as WebRequest
from starlette.responses import Response

from bot.console.completion import MAX_SUGGESTIONS, Suggestion, plan
from bot.console.timeline import START, by_day, channel_url, new_key, write_cursor
from bot.web.body_limits import MEGABYTE, UPLOAD_LIMIT
from bot.web.context import WebContext
from bot.web.documents import describe, ingest_dropped, read_body
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    """The channel that a request is about, and the time zone of the browser."""

    context: WebContext
    workspace: Workspace
    channel: Channel
    zone: str

    async def run(self, line: str) -> Reply:
        """Run a command line. Without a slash it gives a notice that suggests one."""
        if not line.startswith("/"):
            meant = line if line.partition(" ")[0].casefold() in _COMMANDS else f"find {line}"
            return Reply(
                answer=Notice(
                    text="Commands begin with a slash: /brief shows the news on a topic, /find searches the archive.",
                    tone=Tone.REFUSED,
                    code=f"/{text_without_credentials(meant)}" if line and "\n" not in line else None,
                )
            )
        command, _, words = line[1:].partition(" ")
        request = self.context.request(self.workspace, self.channel, command=command, words=words, zone=self.zone)
        return await self.context.commands.answer(request)

    async def click(self, action: str) -> Reply:
        request = self.context.request(self.workspace, self.channel, command="", zone=self.zone)
        return await self.context.commands.click(request, action)

    async def drop(self, name: str, content_type: str | None, body: bytes) -> Reply:
        """Import the feeds of an OPML file, or ingest a document."""
        if name.casefold().endswith(".opml"):
            attachment = Attachment(name=name, content_type=content_type or "text/x-opml", body=body)
            request = self.context.request(
                self.workspace,
                self.channel,
                command="sources",
                words="import",
                zone=self.zone,
                attachments=(attachment,),
            )
            return await self.context.commands.answer(request)
        drafts = await read_body(self.context, body, content_type=content_type, name=name)
        arrived = await ingest_dropped(self.context, drafts, self.workspace)
        return Reply(answer=await asyncio.to_thread(describe, name, arrived))

    async def respond(self, web: WebRequest, reply: Reply, *, command: str = "") -> Response:
        """Show the answer to the asker alone, or post it to the channel when the asker shares it.

        The page's script gets an HTML fragment as JSON; a browser without scripts gets the whole page.
        """
        answer = await self._private_answer(reply, command)
        if "application/json" in web.headers.get("accept", ""):
            return JSONResponse({"html": answer, "replaces": reply.replaces})
        return HTMLResponse(await _page(self.context, self.channel.id, private_answers=(answer,)))

    async def _private_answer(self, reply: Reply, command: str) -> Markup:
        answer, context = reply.answer, self.context
        if reply.public and isinstance(answer, Alert | Note | Digest | Notice | Brief | Trend):
            await context.messenger.post(self.channel, answer, key=new_key())
            answer = Notice(text=f"Shared in {self.channel.label}.", tone=Tone.DONE)
        return context.timeline.private_answer(
            answer,
            channel=self.channel,
            zone=self.zone or self.workspace.time_zone,
            now=context.clock(),
            command=command,
        )

    async def suggestions(self, line: str) -> list[Suggestion]:
        """Return what continues the line; not what is already typed."""
        found = plan(line)
        suggestions = list(found.suggestions)
        for lookup in found.lookups:
            command = lookup.command.partition(" ")[0]
            request = self.context.request(self.workspace, self.channel, command=command, zone=self.zone)
            candidates = await self.context.commands.complete(
                request, command=lookup.command, option=lookup.option, typed=lookup.typed
            )
            suggestions += [
                Suggestion(insert=f"{lookup.before}{candidate.value}", label=candidate.label)
                for candidate in candidates
            ]
        if found.channel is not None:
            before, typed = found.channel
            async with self.context.store.read() as tx:
                channels = await self.context.channels(tx, self.workspace)
            names = [channel.name for channel in channels if channel.name.casefold().startswith(typed.casefold())]
            suggestions += [
                Suggestion(insert=f"{before}#{name}".replace("##", "#"), label=f"#{name}") for name in names
            ]
        return [item for item in suggestions if item.insert.rstrip() != line.rstrip() or not line.strip()]


def console_routes(context: WebContext) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def first() -> Response:
        async with context.store.read() as tx:
            channels = await context.channels(tx, await context.workspace(tx))
        return RedirectResponse(channel_url(channels[0]) if channels else "/status", status_code=303)

    @router.get("/channels/{channel_id}")
    async def show_channel(channel_id: Id, before: Before = None) -> HTMLResponse:
        return HTMLResponse(await _page(context, channel_id, before=before))

    @router.get("/channels/{channel_id}/complete")
    async def complete(channel_id: Id, line: str = "", zone: str = "") -> dict[str, Any]:
        visit = await _visit(context, channel_id, zone)
        suggestions = await visit.suggestions(line[:500])
        return {"suggestions": [asdict(suggestion) for suggestion in suggestions[:MAX_SUGGESTIONS]]}

    @router.post("/channels/{channel_id}/say")
    async def say(
        web: WebRequest, channel_id: Id, words: Annotated[str, Form()], zone: Annotated[str, Form()] = ""
    ) -> Response:
        visit = await _visit(context, channel_id, zone)
        reply = await visit.run(words.strip()[:4_000])
        return await visit.respond(web, reply, command=text_without_credentials(words.strip()))

    @router.post("/channels/{channel_id}/click")
    async def click(
        web: WebRequest, channel_id: Id, action: Annotated[str, Form()], zone: Annotated[str, Form()] = ""
    ) -> Response:
        visit = await _visit(context, channel_id, zone)
        return await visit.respond(web, await visit.click(action[:200]))

    @router.post("/channels/{channel_id}/files")
    async def files(web: WebRequest, channel_id: Id) -> Response:
        visit = await _visit(context, channel_id)
        async with web.form(max_files=1, max_fields=4) as form:
            file, zone = form.get("file"), form.get("zone")
            if not isinstance(file, UploadFile) or not file.filename:
                raise HTTPException(422, "The request contains no file.")
            if (file.size or 0) > UPLOAD_LIMIT:
                raise HTTPException(413, f"This file is larger than {UPLOAD_LIMIT // MEGABYTE} MB.")
            name = file.filename.replace("\\", "/").rpartition("/")[2][:200]
            content_type = None if file.content_type in (None, "", _NO_TYPE) else file.content_type
            body = await file.read()
        visit = replace(visit, zone=zone if isinstance(zone, str) else "")
        return await visit.respond(web, await visit.drop(name, content_type, body))

    return router


async def _visit(context: WebContext, channel_id: int, zone: str = "") -> _Visit:
    """Read the channel from the database. Raises: HTTPException 404 where the console has no such channel."""
    async with context.store.read() as tx:
        workspace = await context.workspace(tx)
        channel = await context.channel(tx, workspace, channel_id)
    return _Visit(context=context, workspace=workspace, channel=channel, zone=zone)


async def _page(
    context: WebContext, channel_id: int, *, before: int | None = None, private_answers: tuple[Markup, ...] = ()
) -> str:
    """Return a channel's page: the newest messages, or those before the message `before`."""
    async with context.store.read() as tx:
        workspace = await context.workspace(tx)
        channel = await context.channel(tx, workspace, channel_id)
        frame = await context.frame(tx, workspace, page="channel", current=channel)
        messages, earlier = await context.timeline.page(tx, workspace, channel, before=before)
        newest = [message for entry in frame["channels"] for message in await tx.console.history(entry["id"], limit=1)]
        subscriptions = await tx.subscriptions.of_channel(channel.id)
        topics = await tx.topics.by_ids([subscription.topic_id for subscription in subscriptions])
    changed = [float(message.version.partition("-")[0]) for message in messages]
    changed += [message.changed_at.timestamp() for message in newest]
    return context.render(
        "channel.html",
        channel={"id": channel.id, "name": channel.name, "url": channel_url(channel)},
        days=by_day(messages),
        earlier=earlier,
        newest=before is None,
        private_answers=private_answers,
        cursor=f"{max(changed):.6f}" if changed else write_cursor(START),
        topics=sorted(topics.values(), key=lambda topic: topic.title.casefold()),
        digest=None if channel.digest_time is None else f"{channel.digest_time:%H:%M}",
        **frame,
    )
