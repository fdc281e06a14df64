"""What Slack tells us: where we were invited, what was closed to us, words and files meant for us. Each once."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final

from bot.slack.attachments import is_readable
from bot.slack.failures import FAILURES
from bot.slack.forms import Interactions
from bot.slack.idempotency import is_first
from bot.slack.respond import Responder
from bot.slack.teams import Clients
from bot.slack.translate import Translator
from handlers.answers.answer import Listing
from handlers.commands.dispatch import Commands
from storage.records import Platform
from storage.store import Store

logger = logging.getLogger(__name__)

GONE: Final = {
    "channel_archive": "it was archived",
    "channel_deleted": "it was deleted",
    "channel_left": "I was removed from it",
    "group_archive": "it was archived",
    "group_deleted": "it was deleted",
    "group_left": "I was removed from it",
}
UNINSTALLED: Final = ("app_uninstalled", "tokens_revoked")
EVENTS: Final = (
    "app_home_opened",
    "member_joined_channel",
    "app_mention",
    "message",
    "file_shared",
    *GONE,
    *UNINSTALLED,
)
"""Every kind that `Events` takes."""
_AT_IT: Final = timedelta(minutes=1)
"""An event whose work was cut short may be begun anew after that. Slack sends one again at once, after 1 minute and
after 5: https://docs.slack.dev/apis/events-api#retries"""

Handler = Callable[[dict[str, Any], dict[str, Any]], Awaitable[None]]


class Events:
    """Events from Slack. One that is sent again is not acted on again, whichever process has it."""

    def __init__(
        self,
        *,
        clients: Clients,
        commands: Commands,
        store: Store,
        translate: Translator,
        respond: Responder,
        interactions: Interactions,
        uninstalled: Callable[[str], Awaitable[None]],
        clock: Callable[[], datetime],
    ) -> None:
        self._clients = clients
        self._commands = commands
        self._store = store
        self._translate = translate
        self._respond = respond
        self._interactions = interactions
        self._uninstalled = uninstalled
        self._clock = clock

    async def received(self, body: dict[str, Any], event: dict[str, Any], context: Any) -> None:
        """Every event comes in here."""
        handler = self._handler(event)
        if handler is None:
            return
        about = {"team": context.team_id}
        event_id, now = str(body.get("event_id") or "")[:64], self._clock()
        if not event_id:
            if await is_first(context):
                await handler(event, about)
            return
        async with self._store.begin() as tx:
            if not await tx.seen_events.begin(Platform.SLACK, event_id, now=now, until=now + _AT_IT):
                return
        await handler(event, about)
        async with self._store.begin() as tx:
            await tx.seen_events.finish(Platform.SLACK, event_id)

    def _handler(self, event: dict[str, Any]) -> Handler | None:
        kind = event["type"]
        if kind in GONE:
            return self._gone
        if kind in UNINSTALLED:
            # A person's token alone ends nothing: we have none.
            return self._left if kind == "app_uninstalled" or (event.get("tokens") or {}).get("bot") else None
        if kind == "app_home_opened":
            return self._home_opened if event.get("tab") == "home" else None
        return {
            "member_joined_channel": self._joined,
            "app_mention": self._mentioned,
            "message": self._written_to,
            "file_shared": self._file_dropped,
        }.get(kind)

    async def _home_opened(self, event: dict[str, Any], about: dict[str, Any]) -> None:
        speaker = await self._clients.of(about["team"])
        request = await self._translate.at_home(speaker, event["user"], now=self._clock())
        await self._interactions.show_home(speaker, request)

    async def _joined(self, event: dict[str, Any], about: dict[str, Any]) -> None:
        speaker = await self._clients.of(about["team"])
        if event.get("user") != speaker.bot_user:
            return
        await self._commands.greet(
            platform=Platform.SLACK,
            workspace=speaker.team_id,
            workspace_name=speaker.team_name,
            channel=event["channel"],
            channel_name=await self._translate.people.channel_name(speaker, event["channel"]),
            now=self._clock(),
        )

    async def _gone(self, event: dict[str, Any], about: dict[str, Any]) -> None:
        await self._commands.channel_gone(
            platform=Platform.SLACK,
            workspace=about["team"],
            channel=event["channel"],
            reason=GONE[event["type"]],
            now=self._clock(),
        )

    async def _left(self, event: dict[str, Any], about: dict[str, Any]) -> None:
        await self.left(about["team"])

    async def left(self, team_id: str) -> None:
        """This workspace has removed the app."""
        await self._uninstalled(team_id)
        await self._commands.workspace_gone(
            platform=Platform.SLACK, workspace=team_id, reason="the app was uninstalled", now=self._clock()
        )

    async def _mentioned(self, event: dict[str, Any], about: dict[str, Any]) -> None:
        speaker = await self._clients.of(about["team"])
        attachments, refusal = await self._interactions.attachments(speaker, event.get("files") or ())
        request = await self._translate.said(speaker, event, attachments, now=self._clock())
        answer = refusal or (await self._commands.answer(request)).answer
        await self._respond.alone(speaker, event["channel"], event.get("user", ""), answer, event.get("thread_ts"))

    async def _written_to(self, event: dict[str, Any], about: dict[str, Any]) -> None:
        """A direct message. Those of channels are not asked for."""
        from_person = event.get("subtype") in (None, "file_share") and not event.get("bot_id") and event.get("user")
        if event.get("channel_type") != "im" or not from_person:
            return
        speaker = await self._clients.of(about["team"])
        attachments, refusal = await self._interactions.attachments(speaker, event.get("files") or ())
        request = await self._translate.said(speaker, event, attachments, now=self._clock())
        answer = refusal or (await self._commands.answer(request)).answer
        await self._respond.in_channel(speaker, event["channel"], answer, event.get("thread_ts"))

    async def _file_dropped(self, event: dict[str, Any], about: dict[str, Any]) -> None:
        """A document in a channel that we are in: its thread says which topics it hits. Silent where it hits none."""
        speaker = await self._clients.of(about["team"])
        channel, user = str(event.get("channel_id") or ""), str(event.get("user_id") or "")
        if not channel or channel.startswith("D") or user == speaker.bot_user:
            return
        try:
            file = (await speaker.client.files_info(file=event["file_id"]))["file"]
        except FAILURES as error:
            logger.warning("Slack does not show a file that was dropped: %s", type(error).__name__)
            return
        shared = _shared(file, channel)
        if shared is None or not is_readable(file):
            return
        attachments, refusal = await self._interactions.attachments(speaker, [file])
        if refusal is not None:
            logger.info("A file that was dropped could not be read: %s", refusal.text)
            return
        said = {"type": "message", "channel": channel, "user": user, "text": ""}
        request = await self._translate.said(speaker, said, attachments, now=self._clock())
        answer = (await self._commands.answer(request)).answer
        if isinstance(answer, Listing) and answer.rows:
            await self._respond.in_channel(speaker, channel, answer, shared)


def _shared(file: dict[str, Any], channel: str) -> str | None:
    """The `ts` of the message that shows the file, or of the thread that it is in."""
    shares = file.get("shares") or {}
    for places in (shares.get("public") or {}, shares.get("private") or {}):
        for share in places.get(channel, ()):
            return str(share.get("thread_ts") or share["ts"])
    return None
