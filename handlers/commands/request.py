"""A command or a button click as it arrives, in the same form for all platforms."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from handlers.ports import Attachment
from storage.records import Platform

_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
"""PostgreSQL rejects the null character, and a lone surrogate cannot be encoded as UTF-8."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who sends a request, and what they may change."""

    external_id: str
    name: str
    may_manage: bool
    """May change what the channel of the request gets. Discord: Manage Channels; Slack: members; console: always."""
    manages: frozenset[str] | None = None
    """External ids of the channels that the person may change; None: the platform does not say."""
    time_zone: str | None = None
    """IANA name, if the platform provides it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentioned:
    """The role, user group or person that a command asks to mention."""

    external_id: str
    name: str
    """With the "@"."""
    person: str | None = None
    """The person's external id; None: a role or a group."""
    barred: str | None = None
    """Why the platform would not let the bot or this person mention them: a sentence that says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A command or a button click with the person and the place it comes from."""

    platform: Platform
    workspace: str
    """External id."""
    workspace_name: str
    channel: str
    """External id of the channel that the request comes from."""
    channel_name: str
    person: Person
    command: str
    """The name of a command in COMMANDS, without the slash."""
    words: str = ""
    """The text after the command, as typed. Ignored if `options` is set."""
    options: Mapping[str, str] | None = None
    """Typed options by name (Discord). The option "do" names the subcommand."""
    target_channel: tuple[str, str] | None = None
    """(external id, name) of the channel in "in #channel", if the platform resolved it."""
    mention: Mentioned | None = None
    """Who should be mentioned, if the platform resolved it."""
    attachments: tuple[Attachment, ...] = field(default=())
    now: datetime
    """UTC."""

    @property
    def is_personal(self) -> bool:
        """Whether the person is alone with the bot in a place that it is not a member of (`personal.py`)."""
        return self.workspace.startswith("@")


def storable(text: str) -> str:
    """Return the text with a replacement character (U+FFFD) for each character that no database can store."""
    return _UNSTORABLE.sub("\ufffd", text)


def storable_request(request: Request) -> Request:
    """Return the request with all its texts storable; they come from outside."""
    options, target, person, mention = request.options, request.target_channel, request.person, request.mention
    manages = None if person.manages is None else frozenset(map(storable, person.manages))
    return replace(
        request,
        workspace=storable(request.workspace),
        workspace_name=storable(request.workspace_name),
        channel=storable(request.channel),
        channel_name=storable(request.channel_name),
        person=replace(person, external_id=storable(person.external_id), name=storable(person.name), manages=manages),
        command=storable(request.command),
        words=storable(request.words),
        options=None if options is None else {storable(name): storable(value) for name, value in options.items()},
        target_channel=None if target is None else (storable(target[0]), storable(target[1])),
        mention=None if mention is None else replace(mention, name=storable(mention.name)),
    )
