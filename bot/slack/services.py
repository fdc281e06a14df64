"""What all listeners of Slack's payloads share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeGuard

from bot.slack.attachments import Attachments
from bot.slack.idempotency import SocketPayloads
from bot.slack.respond import Responder
from bot.slack.teams import SlackTeam, Teams, origin
from bot.slack.translate import Translator
from handlers.answers.answer import Answer, Notice
from handlers.answers.parts import Tone
from handlers.commands.dispatch import Commands
from handlers.commands.request import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackServices:
    teams: Teams
    commands: Commands
    translator: Translator
    responder: Responder
    attachments: Attachments
    payloads: SocketPayloads
    clock: Callable[[], datetime]
    """Returns the time in UTC."""

    async def team(self, context: Any, body: Mapping[str, Any]) -> SlackTeam:
        """Return the workspace that a payload comes from. Raises: PostError."""
        return await self.teams.get(*origin(context, body))

    async def publish_home(self, team: SlackTeam, request: Request) -> None:
        """Show the person's Home as it is now."""
        await self.responder.publish_home(team, request.person.external_id, await self.commands.home(request))


def is_refusal(answer: Answer) -> TypeGuard[Notice]:
    """Return whether the answer is a notice that refuses what the person asked for."""
    return isinstance(answer, Notice) and answer.tone is Tone.REFUSED
