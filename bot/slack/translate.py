"""Slack's payloads as Requests. Decides nothing; asks Slack for what a payload does not say."""

import html
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from bot.slack.directory import People
from bot.slack.teams import Speaker
from bot.slack.views import Place, read_place
from handlers.commands.request import Mentioned, Person, Request
from handlers.commands.table import COMMANDS
from handlers.ports import Attachment
from storage.records import Platform

# With should_escape, text carries <#C123|name>, <@U123|name>, <https://address|shown>.
_CHANNEL: Final = re.compile(r"(?:\bin\s+)?<#([A-Z0-9]+)(?:\|([^>]*))?>", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"<((?:https?|mailto):[^|>\s]+)(?:\|[^>]*)?>")
_MENTION: Final = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>")
_NAMED: Final = re.compile(
    r"\bmention\s+<(?:!subteam\^(?P<group>S[A-Z0-9]+)|@(?P<person>[UW][A-Z0-9]+)|!(?P<all>channel|here|everyone))"
    r"(?:\|@?(?P<label>[^>]*))?>",
    re.IGNORECASE,
)
_NAMES: Final = frozenset(command.name for command in COMMANDS)


class Translator:
    """Turns payloads into Requests. Direct messages are a place of their own: "@" and the person's id."""

    def __init__(self, people: People) -> None:
        self.people = people

    async def command(self, speaker: Speaker, payload: Mapping[str, Any], *, now: datetime) -> Request:
        """A slash command's payload."""
        user, user_name = payload["user_id"], payload.get("user_name", "")
        place = await self._place(speaker, payload["channel_id"], payload.get("channel_name", ""), user, user_name)
        name, text = payload["command"].removeprefix("/"), payload.get("text", "")
        mention, text = await self._mention(speaker, name, text)
        words, target = _words(text)
        return await self.request(
            speaker,
            place,
            user,
            user_name,
            command=name,
            words=words,
            target=target,
            mention=mention,
            now=now,
        )

    async def click(self, speaker: Speaker, payload: Mapping[str, Any], *, now: datetime) -> Request:
        """A press or a filled-in form: in a message, a modal, or Home. The command's name is "press"."""
        user = payload.get("user") or {}
        user_name = user.get("username") or user.get("name", "")
        channel = payload.get("channel") or {}
        place = read_place((payload.get("view") or {}).get("private_metadata") or "")
        if place is None:
            place = await self._place(speaker, channel.get("id", ""), channel.get("name", ""), user["id"], user_name)
        manages = await self.people.channels_of(speaker, user["id"])
        return await self.request(speaker, place, user["id"], user_name, command="click", manages=manages, now=now)

    async def said(
        self, speaker: Speaker, event: Mapping[str, Any], attachments: tuple[Attachment, ...] = (), *, now: datetime
    ) -> Request:
        """ "@Wirewatch brief huawei", or the same in a direct message, as the command.

        Words that begin with no command, beside a file, check that file; without one, they ask for help.
        """
        user = event.get("user", "")
        text = _MENTION.sub(" ", event.get("text", "")).strip()
        first, _, rest = text.partition(" ")
        name = first.casefold().removeprefix("/")
        mention, said = await self._mention(speaker, name, event.get("text", ""))
        if mention is not None:
            rest = _MENTION.sub(" ", said).strip().partition(" ")[2]
        if name not in _NAMES:
            name, rest = ("check", "") if attachments else ("news", "")
        words, target = _words(rest)
        return await self.request(
            speaker,
            await self._place(speaker, event["channel"], "", user, ""),
            user,
            "",
            command=name,
            words=words,
            target=target,
            mention=mention,
            attachments=attachments,
            now=now,
        )

    async def at_home(self, speaker: Speaker, user: str, *, now: datetime) -> Request:
        """This person, in their own Home."""
        place = await self._place(speaker, "", "", user, "")
        manages = await self.people.channels_of(speaker, user)
        return await self.request(speaker, place, user, "", command="click", manages=manages, now=now)

    async def request(
        self,
        speaker: Speaker,
        place: Place,
        user: str,
        user_name: str,
        *,
        command: str,
        words: str = "",
        options: Mapping[str, str] | None = None,
        target: tuple[str, str] | None = None,
        mention: Mentioned | None = None,
        manages: frozenset[str] | None = None,
        attachments: tuple[Attachment, ...] = (),
        now: datetime,
    ) -> Request:
        """A Request of this person in this place."""
        if target is not None and manages is None and await self.people.is_member(speaker, target[0], user):
            manages = frozenset({target[0]})
        known = await self.people.about(speaker, user)
        return Request(
            platform=Platform.SLACK,
            workspace=speaker.team_id,
            workspace_name=speaker.team_name,
            channel=place.channel,
            channel_name=place.name,
            person=Person(
                external_id=user,
                name=user_name or known.name,
                may_manage=place.own,  # who speaks in a channel is a member of it
                manages=manages if manages is not None else frozenset(),
                time_zone=known.zone,
            ),
            command=command,
            words=words,
            options=options,
            target_channel=target,
            mention=mention,
            attachments=attachments,
            now=now,
        )

    async def _mention(self, speaker: Speaker, command: str, text: str) -> tuple[Mentioned | None, str]:
        """Whom "mention @desk" names, and the text without these words; other commands name nobody."""
        found = _NAMED.search(text) if command == "subscribe" else None
        if found is None:
            return None, text
        rest = f"{text[: found.start()]} {text[found.end() :]}"
        label = html.unescape(found["label"] or "")
        if found["all"]:
            return Mentioned(external_id="", name=f"@{found['all'].lower()}", barred="that is everybody."), rest
        if found["group"]:
            return Mentioned(external_id=found["group"].upper(), name=f"@{label}" if label else "the user group"), rest
        person = found["person"].upper()
        name = label or (await self.people.about(speaker, person)).name
        return Mentioned(external_id=person, name=f"@{name}", person=person), rest

    async def _place(self, speaker: Speaker, channel: str, channel_name: str, user: str, user_name: str) -> Place:
        if not channel or channel.startswith("D"):
            name = user_name or (await self.people.about(speaker, user)).name
            return Place(channel=f"@{user}", name=f"@{name}", own=True)
        name = await self.people.channel_name(speaker, channel, channel_name)
        return Place(channel=channel, name=name, own=True)


def place_of(request: Request) -> Place:
    """The channel that the request is about, to be kept in a view."""
    if request.target_channel is not None and request.target_channel[0] != request.channel:
        return Place(channel=request.target_channel[0], name=request.target_channel[1], own=False)
    return Place(channel=request.channel, name=request.channel_name, own=request.person.may_manage)


def plain_words(text: str) -> str:
    """What a message says, without Slack's escapes."""
    return html.unescape(_MENTION.sub(" ", _ADDRESS.sub(r"\1", text))).strip()


def _words(text: str) -> tuple[str, tuple[str, str] | None]:
    """What was typed, without Slack's escapes, and the channel that it names."""
    target: tuple[str, str] | None = None
    found = _CHANNEL.search(text)
    if found is not None:
        target = (found[1], found[2] or found[1])
        text = f"{text[: found.start()]} {text[found.end() :]}"
    text = _ADDRESS.sub(r"\1", text)
    return html.unescape(" ".join(text.split())), target
