"""The one door: every command and every button of every platform comes in here and leaves as a Reply."""

import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from handlers.answers.answer import Listing, Notice, Reply
from handlers.answers.errors import QueryError, UserError
from handlers.answers.parts import Button, Tone
from handlers.commands import digest as digest_command
from handlers.commands import news, subscribe
from handlers.commands import sources as sources_command
from handlers.commands import sources_opml as sources_exchange
from handlers.commands import topics as topics_command
from handlers.commands import topics_test as topic_test
from handlers.commands.after_answer import Notes
from handlers.commands.arguments import Spoken, read_words
from handlers.commands.autocomplete import complete
from handlers.commands.brief import brief
from handlers.commands.buttons import click
from handlers.commands.call import Call, Tools, other_channel, require_member, require_right
from handlers.commands.check import check
from handlers.commands.fair_queue import Turns
from handlers.commands.find import find
from handlers.commands.home import home
from handlers.commands.request import Request, storable, storable_request
from handlers.commands.subscriptions import subscriptions
from handlers.commands.trend import trend
from handlers.commands.why import why
from handlers.ingest.ingest import Ingest
from handlers.ports import Wake
from handlers.sources.fetch.client import Fetcher
from handlers.topics.query.query import point_at
from handlers.workspaces.onboarding import JoinedChannel, greet
from handlers.workspaces.uninstall import channel_gone, close_absent, restore_workspace, workspace_gone
from storage.addresses import text_without_credentials
from storage.records import Channel, Platform, Workspace
from storage.sealing import SealError
from storage.store import Store, Tx

logger = logging.getLogger(__name__)

UseCase = Callable[[Tools, Call], Awaitable[Reply]]

USE_CASES: Final[Mapping[str, UseCase]] = {
    "subscribe": subscribe.subscribe,
    "unsubscribe": subscribe.unsubscribe,
    "subscriptions": subscriptions,
    "brief": brief,
    "digest show": digest_command.show,
    "digest now": digest_command.at_once,
    "digest at": digest_command.at,
    "digest off": digest_command.off,
    "topics list": topics_command.show_all,
    "topics show": topics_command.show,
    "topics add": topics_command.add,
    "topics edit": topics_command.edit,
    "topics remove": topics_command.remove,
    "topics test": topic_test.test,
    "sources list": sources_command.show_all,
    "sources add": sources_command.add,
    "sources remove": sources_command.remove,
    "sources pause": sources_command.pause,
    "sources resume": sources_command.resume,
    "sources check": sources_exchange.check,
    "sources import": sources_exchange.import_opml,
    "sources export": sources_exchange.export,
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


AT_ONCE: Final = 3
"""Commands and presses that are worked on at the same time: their work shares one processor, so that more would only
make each of them late. SQLite has four connections that read: one is left for what else the bot does."""
_ELSEWHERE: Final = frozenset({"sources add", "sources check", "sources import", "check"})
"""These wait for others' servers, or read long files: they do not hold up what is answered from the database."""


class Commands:
    """Answers requests and presses. Any number may be asked at once; a few are worked on at a time."""

    def __init__(self, store: Store, *, ingest: Ingest, fetcher: Fetcher, wake: Wake | None = None) -> None:
        self._tools = Tools(store=store, ingest=ingest, fetcher=fetcher, notes=Notes(store), wake=wake)
        self._turns, self._turns_elsewhere = Turns(AT_ONCE), Turns(AT_ONCE)

    async def answer(self, request: Request) -> Reply:
        """The answer to a command. A mistake of the person's is an answer too. Raises: StorageError."""
        request = storable_request(request)
        filled: Call | None = None
        try:
            spoken = read_words(request.command, request.words, request.options)
            turns = self._turns_elsewhere if spoken.name in _ELSEWHERE else self._turns
            async with turns.of(f"{request.platform}:{request.workspace}"):
                call = await self._call(request, spoken)
                if spoken.changes:
                    require_right(call, spoken.command.owns)
                logger.info("answers /%s", spoken.name)
                if any(option.asked for option in spoken.options_wanted):
                    filled = call
                reply = await USE_CASES[spoken.name](self._tools, call)
            await self._tools.notes.written(call.workspace.id)
            return reply
        except (UserError, QueryError, SealError) as error:
            refused = _refusal(error)
            return Reply(answer=refused if filled is None else await self._with_form(refused, filled, spoken))

    async def click(self, request: Request, action: str) -> Reply:
        """What a button does; doing it twice is harmless. Raises: StorageError."""
        try:
            async with self._turns.of(f"{request.platform}:{request.workspace}"):
                call = await self._call(storable_request(request), None)
                reply = await click(self._tools, call, storable(action))
            await self._tools.notes.written(call.workspace.id)
            return reply
        except (UserError, QueryError, SealError) as error:
            return Reply(answer=_refusal(error))

    async def home(self, request: Request) -> tuple[Listing, ...]:
        """What the workspace follows and this person may see of it: channels, digests, sources, stories of their own.

        Raises: StorageError.
        """
        return await home(self._tools, await self._call(storable_request(request), None))

    async def complete(self, request: Request, *, command: str, option: str, typed: str) -> tuple[str, ...]:
        """Words that this workspace could mean: at most 25, of at most 100 characters each."""
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
        """Enqueue a channel that the bot was added to its greeting, once in its life. False: it was greeted before."""
        joined = JoinedChannel(
            platform=platform,
            workspace=workspace,
            workspace_name=workspace_name,
            channel=channel,
            channel_name=channel_name,
        )
        created = await greet(self._tools.store, joined, now)
        if created:
            self._tools.woken()
        return created

    async def channel_gone(self, platform: Platform, workspace: str, channel: str, reason: str, now: datetime) -> int:
        """The platform closed this channel to us. Gives how many subscriptions are paused by it."""
        return await channel_gone(self._tools.store, platform, workspace, channel, reason, now)

    async def workspace_gone(self, platform: Platform, workspace: str, reason: str, now: datetime) -> int:
        """The platform closed the whole workspace to us. Gives how many subscriptions are paused by it.

        A request from it brings it back as it was; after 30 days without one all that is its own is removed.
        """
        return await workspace_gone(self._tools.store, platform, workspace, reason, now)

    async def workspaces_are(self, platform: Platform, present: Collection[str], reason: str, now: datetime) -> int:
        """The platform tells which workspaces we are in. Gives how many have removed us while nobody listened."""
        return await close_absent(self._tools.store, platform, present, reason, now)

    async def _with_form(self, refused: Notice, call: Call, spoken: Spoken) -> Notice:
        """The refusal, with a button to the form that has what was said."""
        async with self._tools.store.begin() as tx:
            body = {"form": {"command": spoken.name, "values": dict(spoken.options)}}
            key = await tx.drafts.save(call.workspace.id, body, call.now)
        return replace(
            refused, buttons=(Button(label="Try again", action=f"form:{key}", primary=True), *refused.buttons)
        )

    async def _call(self, request: Request, spoken: Spoken | None) -> Call:
        """The request with its tenant. Raises: UserError for a channel that is not known, or a place that is none."""
        if not request.workspace:
            raise UserError("I work in the channels of a server, not in direct messages. Say it in a channel there.")
        # Most are said where we have been before: those do not wait for whoever writes.
        async with self._tools.store.read() as tx:
            places = await _known_places(tx, request, spoken)
        if places is None:
            async with self._tools.store.begin() as tx:
                places = await _places(tx, request, spoken)
        workspace, here, channel = places
        return Call(
            workspace=workspace,
            here=here,
            channel=channel,
            person=request.person,
            now=request.now,
            options=spoken.options if spoken is not None else {},
            attachments=request.attachments,
            mention=request.mention,
        )


Places = tuple[Workspace, Channel, Channel]
"""The workspace, the channel in which it was said, and the channel that it is about."""


async def _known_places(tx: Tx, request: Request, spoken: Spoken | None) -> Places | None:
    """None where something is new, renamed, or comes back: that has to be written. Raises: UserError."""
    if request.target_channel is not None:
        return None
    workspace = await tx.workspaces.find(request.platform, request.workspace)
    if workspace is None or workspace.gone_at is not None or request.workspace_name not in ("", workspace.name):
        return None
    here = await tx.channels.find(workspace.id, request.channel)
    if here is None or request.channel_name not in ("", here.name):
        return None
    return workspace, here, await _about(tx, request, spoken, workspace, here)


async def _places(tx: Tx, request: Request, spoken: Spoken | None) -> Places:
    """Made where they are new. Raises: UserError."""
    workspace = await tx.workspaces.ensure(request.platform, request.workspace, request.workspace_name, now=request.now)
    workspace = await restore_workspace(tx, workspace, request.now)
    here = await tx.channels.ensure(workspace.id, request.channel, request.channel_name, now=request.now)
    if request.target_channel is not None and request.target_channel[0] != request.channel:
        external_id, name = request.target_channel
        require_member(request.platform, request.person, name, external_id=external_id)
        return workspace, here, await tx.channels.ensure(workspace.id, external_id, name, now=request.now)
    return workspace, here, await _about(tx, request, spoken, workspace, here)


async def _about(tx: Tx, request: Request, spoken: Spoken | None, workspace: Workspace, here: Channel) -> Channel:
    """The channel of "in #channel", which may be this one; without those words, this one. Raises: UserError."""
    name = None if spoken is None else spoken.channel
    if name is None or name.lstrip("#").casefold() in (here.external_id.casefold(), here.name.lstrip("#").casefold()):
        return here
    return await other_channel(tx, workspace, request.person, name)


def _refusal(error: UserError | QueryError | SealError) -> Notice:
    """The one place where a person's mistake becomes a message."""
    if isinstance(error, SealError):
        return Notice(text=str(error), tone=Tone.REFUSED)
    if isinstance(error, UserError):
        # It may repeat what was typed, and that an address with a password in it.
        text, code = text_without_credentials(error.text), error.code and text_without_credentials(error.code)
        return Notice(text=text, tone=Tone.REFUSED, code=code, buttons=error.buttons)
    line = error.query.count("\n", 0, error.column) + 1
    column = error.column - (error.query.rfind("\n", 0, error.column) + 1) + 1
    code = point_at(error)
    if error.suggestion:
        code += f"\n\nDid you mean\n{error.suggestion}"
    help_button = Button(label="Help", action="show:help")
    return Notice(
        text=f"Line {line}, column {column}: {error.message}",
        tone=Tone.REFUSED,
        code=code,
        buttons=(help_button,) if not error.suggestion else (),
    )
