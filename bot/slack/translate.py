"""Translates Slack's payloads into Requests, and asks Slack for what a payload leaves out. Decides nothing."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.slack.directory import Directory, Memberships
from bot.slack.teams import SlackTeam
from bot.slack.view_state import Conversation, read_view_state
from handlers.commands.request import Mentioned, Person, Request, Role
from handlers.commands.table import ALIAS, COMMANDS
from handlers.ports import Attachment
from storage.records import Platform

# With should_escape, text contains <#C123|name>, <@U123|name>, <https://address|text>.
_CHANNEL: Final = re.compile(r"(?:\bin\s+)?<#([A-Z0-9]+)(?:\|([^>]*))?>", re.IGNORECASE)
_LINK: Final = re.compile(r"<((?:https?|mailto):[^|>\s]+)(?:\|[^>]*)?>")
_MENTION: Final = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>")
_MENTION_OPTION: Final = re.compile(
    r"\bmention\s+<(?:!subteam\^(?P<group>S[A-Z0-9]+)|@(?P<person>[UW][A-Z0-9]+)|!(?P<all>channel|here|everyone))"
    r"(?:\|@?(?P<label>[^>]*))?>",
    re.IGNORECASE,
)
_COMMANDS: Final = frozenset(command.name for command in COMMANDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asker:
    """Who asks, and where."""

    team: SlackTeam
    conversation: Conversation
    user_id: str
    user_name: str = ""
    """Empty if the payload leaves it out."""
    memberships: Memberships | None = None
    """The person's channels; None if nobody looked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _CommandText:
    """What a person typed after a command, without Slack's escapes."""

    words: str = ""
    target: tuple[str, str] | None = None
    """(id, name) of the channel that the text names."""
    mention: Mentioned | None = None


class Translator:
    """Turns payloads into Requests. Direct messages count as a channel whose id is "@" and the person's user id."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory

    async def command(self, team: SlackTeam, payload: Mapping[str, Any], *, now: datetime) -> Request:
        """Translate a slash command."""
        user_id, user_name = payload["user_id"], payload.get("user_name", "")
        asker = await self._asker(team, payload["channel_id"], payload.get("channel_name", ""), user_id, user_name)
        name, text = payload["command"].removeprefix("/"), payload.get("text", "")
        if name == ALIAS:
            first, _, text = text.strip().partition(" ")
            name = first.removeprefix("/").casefold() or "news"
        mention, rest = await self._mention(team, name, text)
        return await self._request(asker, name, _command_text(rest, mention), now=now)

    async def interaction(self, team: SlackTeam, payload: Mapping[str, Any], *, now: datetime) -> Request:
        """Translate a click, a form or a shortcut, in a message, a modal or Home. The command's name is "click"."""
        user = payload.get("user") or {}
        user_name = user.get("username") or user.get("name", "")
        channel = payload.get("channel") or {}
        state = read_view_state((payload.get("view") or {}).get("private_metadata") or "")
        memberships = await self.directory.memberships(team, user["id"])
        if state is None:
            asker = await self._asker(
                team, channel.get("id", ""), channel.get("name", ""), user["id"], user_name, memberships
            )
        else:
            asker = _Asker(
                team=team,
                conversation=state.conversation,
                user_id=user["id"],
                user_name=user_name,
                memberships=memberships,
            )
        return await self._request(asker, "click", _CommandText(), now=now)

    async def message(
        self, team: SlackTeam, event: Mapping[str, Any], attachments: tuple[Attachment, ...] = (), *, now: datetime
    ) -> Request:
        """Translate "@Wirewatch brief huawei", or the same words in a direct message, as the command /brief.

        Text that begins with no command is /check if the message has files, and otherwise /news, which shows help.
        """
        user_id = event.get("user", "")
        text = _MENTION.sub(" ", event.get("text", "")).strip()
        first, _, rest = text.partition(" ")
        name = first.casefold().removeprefix("/")
        mention, unmentioned = await self._mention(team, name, event.get("text", ""))
        if mention is not None:
            rest = _MENTION.sub(" ", unmentioned).strip().partition(" ")[2]
        if name not in _COMMANDS:
            name, rest = ("check", "") if attachments else ("news", "")
        asker = await self._asker(team, event["channel"], "", user_id)
        return await self._request(asker, name, _command_text(rest, mention), attachments, now=now)

    async def home(self, team: SlackTeam, user_id: str, *, now: datetime) -> Request:
        """Return a request of this person from their Home."""
        memberships = await self.directory.memberships(team, user_id)
        asker = await self._asker(team, "", "", user_id, "", memberships)
        return await self._request(asker, "click", _CommandText(), now=now)

    async def _request(
        self,
        asker: _Asker,
        command: str,
        text: _CommandText,
        attachments: tuple[Attachment, ...] = (),
        *,
        now: datetime,
    ) -> Request:
        team, conversation = asker.team, asker.conversation
        profile = await self.directory.profile(team, asker.user_id)
        memberships = asker.memberships or await self._named_memberships(asker, text.target)
        created = memberships.created
        if not conversation.id.startswith("@") and conversation.id not in created and profile.role is Role.MEMBER:
            is_creator = await self.directory.creator(team, conversation.id) == asker.user_id
            created |= {conversation.id} if is_creator else frozenset()
        return Request(
            platform=Platform.SLACK,
            workspace=team.id,
            workspace_name=team.name,
            channel=conversation.id,
            channel_name=conversation.name,
            person=Person(
                external_id=asker.user_id,
                name=asker.user_name or profile.name,
                may_manage=conversation.is_member,
                manages=memberships.channels,
                role=profile.role,
                is_admin=profile.is_admin,
                created=created,
                time_zone=profile.time_zone,
            ),
            command=command,
            words=text.words,
            options=None,
            target_channel=text.target,
            mention=text.mention,
            attachments=attachments,
            now=now,
        )

    async def _named_memberships(self, asker: _Asker, target: tuple[str, str] | None) -> Memberships:
        """Return whether the person is a member of the channel that a command names, and created it."""
        if target is None or not await self.directory.is_member(asker.team, target[0], asker.user_id):
            return Memberships()
        is_creator = await self.directory.creator(asker.team, target[0]) == asker.user_id
        own = frozenset({target[0]})
        return Memberships(channels=own, created=own if is_creator else frozenset())

    async def _mention(self, team: SlackTeam, command: str, text: str) -> tuple[Mentioned | None, str]:
        """Return whom "mention @desk" names, and the text without these words. Only /subscribe has this option."""
        found = _MENTION_OPTION.search(text) if command == "subscribe" else None
        if found is None:
            return None, text
        rest = f"{text[: found.start()]} {text[found.end() :]}"
        label = html.unescape(found["label"] or "")
        if found["all"]:
            return Mentioned(external_id="", name=f"@{found['all'].lower()}", barred="that is everybody."), rest
        if found["group"]:
            return Mentioned(external_id=found["group"].upper(), name=f"@{label}" if label else "the user group"), rest
        person = found["person"].upper()
        name = label or (await self.directory.profile(team, person)).name
        return Mentioned(external_id=person, name=f"@{name}", person=person), rest

    async def _asker(
        self,
        team: SlackTeam,
        channel_id: str,
        channel_name: str,
        user_id: str,
        user_name: str = "",
        memberships: Memberships | None = None,
    ) -> _Asker:
        """Return the person in a channel; in their direct messages if `channel_id` is empty or one of these."""
        if not channel_id or channel_id.startswith("D"):
            name = user_name or (await self.directory.profile(team, user_id)).name
            conversation = Conversation(id=f"@{user_id}", name=f"@{name}", is_member=True)
        else:
            name = await self.directory.channel_name(team, channel_id, channel_name)
            conversation = Conversation(id=channel_id, name=name, is_member=True)
        return _Asker(
            team=team, conversation=conversation, user_id=user_id, user_name=user_name, memberships=memberships
        )


def conversation_of(request: Request) -> Conversation:
    """Return the conversation that the request is about: the one that it names, else the one that it came from."""
    if request.target_channel is not None and request.target_channel[0] != request.channel:
        return Conversation(id=request.target_channel[0], name=request.target_channel[1], is_member=False)
    return Conversation(id=request.channel, name=request.channel_name, is_member=request.person.may_manage)


def unescaped(text: str) -> str:
    """Return the text of a message without Slack's escapes and mentions."""
    return html.unescape(_MENTION.sub(" ", _LINK.sub(r"\1", text))).strip()


def _command_text(text: str, mention: Mentioned | None) -> _CommandText:
    target: tuple[str, str] | None = None
    found = _CHANNEL.search(text)
    if found is not None:
        target = (found[1], found[2] or found[1])
        text = f"{text[: found.start()]} {text[found.end() :]}"
    text = _LINK.sub(r"\1", text)
    return _CommandText(words=html.unescape(" ".join(text.split())), target=target, mention=mention)
