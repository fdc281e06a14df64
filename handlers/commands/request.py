"""A command as it arrives: who, where, which words. The same for all platforms."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from handlers.ports import Attachment
from storage.records import Platform

_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
"""PostgreSQL refuses the zero character; a lone surrogate cannot be written as UTF-8 at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    external_id: str
    name: str
    may_manage: bool
    """May change what the place gets where it was said (Discord: Manage Channels; Slack: member; console: always)."""
    manages: frozenset[str] | None = None
    """External ids of channels in which this person may change things; None: the platform does not tell."""
    time_zone: str | None = None
    """IANA name, where the platform tells it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentioned:
    """Whom a command names to be mentioned: a role, a user group, a person."""

    external_id: str
    name: str
    """With the "@"."""
    person: str | None = None
    """External id of the person that it is; None: it is many."""
    barred: str | None = None
    """Why the platform would not let us, or who asks, mention them: a sentence with what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    platform: Platform
    workspace: str
    """External id."""
    workspace_name: str
    channel: str
    """External id of the channel it was said in."""
    channel_name: str
    person: Person
    command: str
    """A name of COMMANDS, without the slash."""
    words: str = ""
    """What followed the command, as typed. Ignored where `options` is given."""
    options: Mapping[str, str] | None = None
    """Typed options by name (Discord); a subcommand stands under "do"."""
    target_channel: tuple[str, str] | None = None
    """(external id, name) of another channel it is about, already resolved by the platform (`in #channel`)."""
    mention: Mentioned | None = None
    """Whom it asks to mention, already resolved by the platform."""
    attachments: tuple[Attachment, ...] = field(default=())
    now: datetime


def storable(text: str) -> str:
    """The text with a mark in place of characters that no database takes."""
    return _UNSTORABLE.sub("\ufffd", text)


def storable_request(request: Request) -> Request:
    """The same request, all its texts storable: what a platform sends comes from outside."""
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
