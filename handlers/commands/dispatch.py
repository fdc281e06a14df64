"""Dispatch: `Commands` takes every command and button click of all platforms and returns a Reply."""

import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from handlers.answers.answer import Listing, Notice, Reply
from handlers.answers.errors import QueryError, UserError
from handlers.answers.parts import Button, Tone
from handlers.commands import (
    digest,
    news,
    sources,
    sources_add,
    sources_opml,
    subscribe,
    topics,
    topics_change,
    topics_test,
    unsubscribe,
)
from handlers.commands.after_answer import DeferredWrites
from handlers.commands.arguments import ParsedCommand, parse_command
from handlers.commands.autocomplete import Candidate, complete
from handlers.commands.brief import brief
from handlers.commands.buttons import click
from handlers.commands.call import Call, Tools, require_reader, require_right
from handlers.commands.check import check
from handlers.commands.fair_queue import FairQueue
from handlers.commands.find import find
from handlers.commands.home import Home, home
from handlers.commands.personal import only_personal, require_personal_click, require_personal_command
from handlers.commands.request import Request, storable, storable_request
from handlers.commands.scope import ensure_scope, find_scope, reopened
from handlers.commands.subscriptions import subscriptions
from handlers.commands.trend import trend
from handlers.commands.why import why
from handlers.delivery.recheck import ChannelAccess
from handlers.ingest.ingest import Ingest
from handlers.ports import Wake
from handlers.sources.fetch.client import Fetcher
from handlers.topics.query.query import located_message, point_at
from handlers.workspaces.channel_changes import ChangedChannel, change_channel
from handlers.workspaces.onboarding import JoinedChannel, greet
from handlers.workspaces.uninstall import channel_gone, close_absent, workspace_gone
from storage.addresses import text_without_credentials
from storage.records import Platform
from storage.sealing import SealError
from storage.store import Store

logger = logging.getLogger(__name__)

UseCase = Callable[[Tools, Call], Awaitable[Reply]]

USE_CASES: Final[Mapping[str, UseCase]] = {
    "subscribe": subscribe.subscribe,
    "unsubscribe": unsubscribe.unsubscribe,
    "subscriptions": subscriptions,
    "brief": brief,
    "digest show": digest.show,
    "digest now": digest.preview,
    "digest at": digest.at,
    "digest off": digest.turn_off,
    "topics list": topics.list_topics,
    "topics show": topics.show,
    "topics add": topics_change.add,
    "topics edit": topics_change.edit,
    "topics remove": topics_change.remove,
    "topics test": topics_test.test,
    "sources list": sources.list_sources,
    "sources add": sources_add.add,
    "sources remove": sources.remove,
    "sources pause": sources.pause,
    "sources resume": sources.resume,
    "sources check": sources_opml.check,
    "sources import": sources_opml.import_opml,
    "sources export": sources_opml.export,
    "find": find,
    "check": check,
    "trend": trend,
    "why": why,
    "news help": news.show_help,
    "news health": news.show_health,
    "news zone": news.set_zone,
    "news quiet": news.set_quiet,
    "news language": news.set_languages,
    "news changes": news.set_changes,
}
"""The function of each command and subcommand. Each raises UserError or QueryError for a person's mistake."""

AT_ONCE: Final = 3
"""Commands and button clicks that run at the same time. They share one processor, so more would only slow each other
down. SQLite has four reading connections; one is left for the rest of the bot."""
_SLOW: Final = frozenset({"sources add", "sources check", "sources import", "check"})
"""Commands that wait for other servers or read long files. A queue of their own keeps them from delaying the others."""


class Commands:
    """Answers commands and button clicks. Any number of calls may wait; `AT_ONCE` of them run at the same time."""

    def __init__(
        self,
        store: Store,
        *,
        ingest: Ingest,
        fetcher: Fetcher,
        access: ChannelAccess | None = None,
        wake: Wake | None = None,
    ) -> None:
        """Without `access`, no platform is asked whether the bot may post in a channel."""
        self._tools = Tools(
            store=store,
            ingest=ingest,
            fetcher=fetcher,
            deferred=DeferredWrites(store),
            access=access or ChannelAccess(store, {}),
            wake=wake,
        )
        self._queue, self._slow_queue = FairQueue(AT_ONCE), FairQueue(AT_ONCE)

    async def answer(self, request: Request) -> Reply:
        """Return the answer to a command. A person's mistake is answered too, with a refusal. Raises: StorageError."""
        return only_personal(request, await self._answer(storable_request(request)))

    async def _answer(self, request: Request) -> Reply:
        form_call: Call | None = None
        try:
            parsed = parse_command(request.command, request.words, request.options)
            require_personal_command(request, parsed.command.name)
            queue = self._slow_queue if parsed.name in _SLOW else self._queue
            async with queue.slot(f"{request.platform}:{request.workspace}"):
                call = await _call(self._tools, request, parsed)
                if parsed.changes:
                    require_right(call, parsed.command.affects)
                logger.info("Answering /%s", parsed.name)
                if any(option.in_form for option in parsed.accepted_options):
                    form_call = call
                reply = await USE_CASES[parsed.name](self._tools, call)
            await self._tools.deferred.flush(call.workspace.id)
            return reply
        except (UserError, QueryError, SealError) as error:
            refusal = _refusal(error)
            return Reply(
                answer=refusal if form_call is None else await _with_form(self._tools, refusal, form_call, parsed)
            )

    async def click(self, request: Request, action: str) -> Reply:
        """Do what a button's action says, and return the answer. A repeated click is harmless. Raises: StorageError."""
        return only_personal(request, await self._click(storable_request(request), storable(action)))

    async def _click(self, request: Request, action: str) -> Reply:
        try:
            require_personal_click(request, action)
            async with self._queue.slot(f"{request.platform}:{request.workspace}"):
                call = await _call(self._tools, request, None)
                reply = await click(self._tools, call, action)
            await self._tools.deferred.flush(call.workspace.id)
            return reply
        except (UserError, QueryError, SealError) as error:
            return Reply(answer=_refusal(error))

    async def home(self, request: Request) -> Home:
        """Return what the person may see in Home. Raises: StorageError."""
        try:
            call = await _call(self._tools, storable_request(request), None)
            shown = await home(self._tools, call)
            await self._tools.deferred.flush(call.workspace.id)
            return shown
        except UserError as error:
            return Home(listings=(Listing(title="Wirewatch", summary=error.text, rows=()),))

    async def complete(self, request: Request, *, command: str, option: str, typed: str) -> tuple[Candidate, ...]:
        """Return suggestions for an option: at most 25, of at most 100 characters each. Raises: StorageError."""
        return await complete(
            self._tools.store, storable_request(request), command=command, option=option, typed=storable(typed)
        )

    async def greet(
        self,
        platform: Platform,
        workspace: str,
        workspace_name: str,
        channel: str,
        channel_name: str,
        now: datetime,
    ) -> bool:
        """Enqueue the greeting of a channel that the bot was added to. Return False if it has been greeted before."""
        joined = JoinedChannel(
            platform=platform,
            workspace=workspace,
            workspace_name=workspace_name,
            channel=channel,
            channel_name=channel_name,
        )
        created = await greet(self._tools.store, joined, now)
        self._tools.wake_up()
        return created

    async def channel_gone(self, platform: Platform, workspace: str, channel: str, event: str, now: datetime) -> None:
        """Record that the bot cannot post in the channel after an event of the table of refusals, such as "10003"."""
        await channel_gone(self._tools.store, platform, workspace, channel, event, now)
        self._tools.wake_up()

    async def channel_changed(self, changed: ChangedChannel) -> None:
        """Record the new id or name of a channel. Everything that belongs to it follows."""
        await change_channel(self._tools.store, changed)

    async def check_channel(self, platform: Platform, workspace: str, channel: str, now: datetime) -> None:
        """Ask the platform whether the bot may post again in a channel that was blocked or closed."""
        await self._tools.access.check_closed(platform, workspace, channel, now)
        self._tools.wake_up()

    async def workspace_gone(self, platform: Platform, workspace: str, reason: str, now: datetime) -> int:
        """Record that the workspace has removed the bot. Return how many subscriptions this pauses.

        The next request from the workspace restores it. After 30 days without one, all its data is deleted.
        """
        return await workspace_gone(self._tools.store, platform, workspace, reason, now)

    async def close_absent_workspaces(
        self, platform: Platform, present: Collection[str], reason: str, now: datetime
    ) -> int:
        """Record as removed all workspaces of the platform that are not in `present`. Return how many there were.

        `present` are the external ids of the workspaces that the bot is in, as the platform lists them on connection.
        """
        return await close_absent(self._tools.store, platform, present, reason, now)


async def _call(tools: Tools, request: Request, parsed: ParsedCommand | None) -> Call:
    """Return the request with its workspace and channels. Raises: UserError for an unknown channel."""
    if not request.workspace:
        raise UserError("I work in the channels of a server, not in direct messages. Run the command in a channel.")
    require_reader(request.person, request.workspace_name, "" if parsed is None else parsed.name)
    # Most requests come from channels that are stored already: they need not wait for the database's writer.
    async with tools.store.read() as tx:
        scope = await find_scope(tx, request, parsed)
    if scope is None:
        async with tools.store.begin() as tx:
            scope = await ensure_scope(tx, request, parsed)
    workspace, here, channel = scope
    channel = await reopened(tools, channel, request.now)
    here = channel if here.id == channel.id else await reopened(tools, here, request.now)
    return Call(
        workspace=workspace,
        here=here,
        channel=channel,
        person=request.person,
        now=request.now,
        options=parsed.options if parsed is not None else {},
        attachments=request.attachments,
        mention=request.mention,
    )


async def _with_form(tools: Tools, refusal: Notice, call: Call, parsed: ParsedCommand) -> Notice:
    """Return the refusal with a button that opens a form with the options as they were typed."""
    async with tools.store.begin() as tx:
        values = {name: text_without_credentials(value) for name, value in parsed.options.items()}
        body = {"form": {"command": parsed.name, "values": values}}
        key = await tx.drafts.save(call.workspace.id, body, call.now)
    again = Button(label="Try again", action=f"form:{key}", primary=True)
    return replace(refusal, buttons=(again, *refusal.buttons))


def _refusal(error: UserError | QueryError | SealError) -> Notice:
    """Return the message for a person's mistake."""
    if isinstance(error, SealError):
        return Notice(text=str(error), tone=Tone.REFUSED)
    if isinstance(error, UserError):
        # The text may quote what the person typed, such as an address with a password in it.
        text, code = text_without_credentials(error.text), error.code and text_without_credentials(error.code)
        return Notice(text=text, tone=Tone.REFUSED, code=code, buttons=error.buttons)
    code = point_at(error)
    if error.suggestion:
        code += f"\n\nDid you mean\n{error.suggestion}"
    help_button = Button(label="Help", action="show:help")
    return Notice(
        text=located_message(error),
        tone=Tone.REFUSED,
        code=code,
        buttons=(help_button,) if not error.suggestion else (),
    )
