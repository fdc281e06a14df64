"""A command on its way to its use case: who asks, about which channel, with which arguments; and the tools at hand."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from handlers.arrive import Arrive
from handlers.errors import UserError
from handlers.moments import zone_of
from handlers.ports import Attachment, Wake
from handlers.requests import Person
from handlers.sources.http import Fetcher
from storage.records import ChangeRule, Channel, ChannelState, Platform, Workspace
from storage.store import Store, Tx

HIGHEST_ID: Final = 2**31 - 1
"""PostgreSQL's ids end there, and it refuses to look for a larger one."""
_RIGHTS: Final[Mapping[Platform, tuple[str, str]]] = {
    Platform.DISCORD: ("Manage Channels", "the server's admins and everyone with that permission here have it"),
    Platform.SLACK: ("membership of the channel", "its members and this workspace's admins have it"),
    Platform.CONSOLE: ("the right to manage channels", "whoever runs this bot has it"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What use cases work with; opened by the composition root."""

    store: Store
    arrive: Arrive
    fetcher: Fetcher
    wake: Wake | None = None

    def woken(self) -> None:
        """Something is owed."""
        if self.wake is not None:
            self.wake()


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One command or press, its tenant known and its permission checked."""

    workspace: Workspace
    here: Channel
    """Where it was said."""
    channel: Channel
    """The channel it is about; the same, unless another was named."""
    person: Person
    now: datetime
    options: Mapping[str, str]
    attachments: tuple[Attachment, ...] = ()

    @property
    def zone_name(self) -> str:
        """The reader's own zone where the platform tells it, else the workspace's."""
        return zone_of(self.person.time_zone or self.workspace.time_zone).key

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.zone_name)

    @property
    def allowed(self) -> bool:
        return self.person.may_manage or self.workspace.change_rule is ChangeRule.ANYONE

    def option(self, name: str) -> str:
        return self.options.get(name, "")


def require_right(call: Call) -> None:
    """Raises: UserError that names the right that is missing, and who has it."""
    if call.allowed:
        return
    right, holders = _RIGHTS[call.workspace.platform]
    raise UserError(
        f"This changes what #{call.channel.name} gets, and for that you need {right}; {holders}. "
        "Ask one of them, or have one of them run /news changes anyone."
    )


def require_open(channel: Channel) -> None:
    """Raises: UserError for a channel that the platform closed to us."""
    if channel.state is ChannelState.GONE:
        why = channel.gone_reason or "it was deleted or archived"
        raise UserError(
            f"I can't post in #{channel.name}: {why.rstrip('.')}. Add me again, then repeat the command there."
        )


async def other_channel(tx: Tx, workspace: Workspace, name: str) -> Channel:
    """A channel of this workspace by its name or external id. Raises: UserError."""
    channels = await tx.channels.of(workspace.id)
    wanted = name.lstrip("#").casefold()
    for channel in channels:
        if wanted in (channel.external_id.casefold(), channel.name.lstrip("#").casefold()):
            return channel
    known = ", ".join(f"#{channel.name}" for channel in channels[:5] if channel.state is ChannelState.ACTIVE)
    raise UserError(f"I know no channel #{name.lstrip('#')} here. Add me to it first; I know {known or 'none yet'}.")


def number(text: str, among: Collection[int] | None = None) -> int:
    """An id from a button. Raises: UserError for anything else."""
    id = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1
    if 0 <= id <= HIGHEST_ID and (among is None or id in among):
        return id
    raise UserError("This button is from an older version of the message. Run the command again for a fresh one.")
