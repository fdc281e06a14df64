"""Handles Slack's events: invitations, messages, dropped files, changes of channels. Each is handled once."""

import logging
from datetime import timedelta
from typing import Any, Final

from bot.slack.attachments import is_document
from bot.slack.channel_events import CHANNEL_EVENTS, ChannelEvents, Handler
from bot.slack.failures import FAILURES
from bot.slack.idempotency import is_first
from bot.slack.services import SlackServices
from bot.slack.teams import SlackTeam, origin
from handlers.answers.answer import Answer, Listing, Notice
from storage.records import Platform
from storage.store import Store

logger = logging.getLogger(__name__)

UNINSTALLED: Final = ("app_uninstalled", "tokens_revoked")
EVENTS: Final = (
    "app_home_opened",
    "member_joined_channel",
    "app_mention",
    "message",
    "file_shared",
    "team_access_revoked",
    *CHANNEL_EVENTS,
    *UNINSTALLED,
)
"""Every type of event that `Events` handles."""
_LEASE: Final = timedelta(minutes=1)
"""After this time an event may be handled again if the process that began to handle it was killed. Slack repeats an
event at once, after 1 minute and after 5: https://docs.slack.dev/apis/events-api#retries"""


class Events:
    """Handles each event in one process only, even if Slack repeats it."""

    def __init__(self, services: SlackServices, store: Store) -> None:
        self._services = services
        self._store = store
        self._channels = ChannelEvents(services)

    async def handle(self, body: dict[str, Any], event: dict[str, Any], context: Any) -> None:
        """Handle any event of `EVENTS`."""
        handler = self._handler(event)
        if handler is None:
            return
        team_id, organisation = origin(context, body)
        if context.is_enterprise_install and organisation:
            if event["type"] in UNINSTALLED:
                team_id = organisation
            else:  # a workspace whose first payload this is begins to use the organisation's token
                await self._services.teams.get(team_id, organisation)
        event_id, now = str(body.get("event_id") or "")[:64], self._services.clock()
        if not event_id:
            if await is_first(context, body, self._services.payloads):
                await handler(event, team_id)
            return
        async with self._store.begin() as tx:
            if not await tx.seen_events.begin(Platform.SLACK, event_id, now=now, until=now + _LEASE):
                return
        await handler(event, team_id)
        async with self._store.begin() as tx:
            await tx.seen_events.finish(Platform.SLACK, event_id)

    async def uninstall(self, team_id: str) -> None:
        """Delete the token of a workspace that has removed the app, and close the workspace."""
        await self._services.teams.uninstall(team_id)
        await self._services.commands.workspace_gone(
            platform=Platform.SLACK, workspace=team_id, reason="the app was uninstalled", now=self._services.clock()
        )

    def _handler(self, event: dict[str, Any]) -> Handler | None:
        kind = event["type"]
        if kind in CHANNEL_EVENTS:
            return self._channels.handler(kind)
        if kind in UNINSTALLED:
            # The revoked token of a person changes nothing, because the bot stores no such tokens.
            is_ours = kind == "app_uninstalled" or (event.get("tokens") or {}).get("bot")
            return self._uninstalled if is_ours else None
        if kind == "app_home_opened":
            return self._home_opened if event.get("tab") == "home" else None
        return {
            "member_joined_channel": self._member_joined,
            "app_mention": self._mentioned,
            "message": self._message,
            "file_shared": self._file_shared,
            "team_access_revoked": self._access_revoked,
        }.get(kind)

    async def _home_opened(self, event: dict[str, Any], team_id: str) -> None:
        team = await self._services.teams.get(team_id)
        request = await self._services.translator.home(team, event["user"], now=self._services.clock())
        await self._services.publish_home(team, request)

    async def _member_joined(self, event: dict[str, Any], team_id: str) -> None:
        """Greet a channel that the bot was invited to. Other members who join are ignored."""
        services = self._services
        team = await services.teams.get(team_id)
        if event.get("user") != team.bot_user_id:
            return
        await services.commands.greet(
            platform=Platform.SLACK,
            workspace=team.id,
            workspace_name=team.name,
            channel=event["channel"],
            channel_name=await services.translator.directory.channel_name(team, event["channel"]),
            now=services.clock(),
        )

    async def _uninstalled(self, event: dict[str, Any], team_id: str) -> None:
        """Uninstall the workspace, or all workspaces of an organisation that had installed the app as a whole."""
        for each in await self._services.teams.of_organisation(team_id) or (team_id,):
            await self.uninstall(each)

    async def _access_revoked(self, event: dict[str, Any], team_id: str) -> None:
        """Uninstall the workspaces from which an organisation withdraws the app."""
        for each in event.get("team_ids") or ():
            await self.uninstall(str(each))

    async def _mentioned(self, event: dict[str, Any], team_id: str) -> None:
        team = await self._services.teams.get(team_id)
        answer = await self._answer(team, event)
        await self._services.responder.to_person(
            team, event["channel"], event.get("user", ""), answer, event.get("thread_ts")
        )

    async def _message(self, event: dict[str, Any], team_id: str) -> None:
        """Answer a direct message from a person. The app does not subscribe to the messages of channels."""
        from_person = event.get("subtype") in (None, "file_share") and not event.get("bot_id") and event.get("user")
        if event.get("channel_type") != "im" or not from_person:
            return
        team = await self._services.teams.get(team_id)
        answer = await self._answer(team, event)
        await self._services.responder.to_channel(team, event["channel"], answer, event.get("thread_ts"))

    async def _answer(self, team: SlackTeam, event: dict[str, Any]) -> Answer:
        """Answer a message as the command that it begins with."""
        services = self._services
        attachments = await services.attachments.download(team, event.get("files") or ())
        if isinstance(attachments, Notice):
            return attachments
        request = await services.translator.message(team, event, attachments, now=services.clock())
        return (await services.commands.answer(request)).answer

    async def _file_shared(self, event: dict[str, Any], team_id: str) -> None:
        """Say in the thread of a document which topics it matches. Nothing is said if it matches none."""
        services = self._services
        team = await services.teams.get(team_id)
        channel, user = str(event.get("channel_id") or ""), str(event.get("user_id") or "")
        if not channel or channel.startswith("D") or user == team.bot_user_id:
            return
        try:
            file = (await team.client.files_info(file=event["file_id"]))["file"]
        except FAILURES as error:
            logger.warning("Slack does not show a shared file: %s", type(error).__name__)
            return
        thread = _thread_of(file, channel)
        if thread is None or not is_document(file):
            return
        attachments = await services.attachments.download(team, [file])
        if isinstance(attachments, Notice):
            logger.info("A shared file could not be downloaded")
            return
        message = {"type": "message", "channel": channel, "user": user, "text": ""}
        request = await services.translator.message(team, message, attachments, now=services.clock())
        answer = (await services.commands.answer(request)).answer
        if isinstance(answer, Listing) and answer.rows:
            await services.responder.to_channel(team, channel, answer, thread)


def _thread_of(file: dict[str, Any], channel: str) -> str | None:
    """Return the `ts` of the message that shares the file in the channel, or of the thread that the message is in."""
    shares = file.get("shares") or {}
    for by_channel in (shares.get("public") or {}, shares.get("private") or {}):
        for share in by_channel.get(channel, ()):
            return str(share.get("thread_ts") or share["ts"])
    return None
