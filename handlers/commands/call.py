"""A command on its way to its use case: who asks, about which channel, with which arguments; and the tools at hand."""

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from handlers.answers.answer import Reply
from handlers.answers.errors import UserError
from handlers.answers.times import zone_of
from handlers.commands.after_answer import Notes
from handlers.commands.answer_cache import Kept
from handlers.commands.request import Mentioned, Person
from handlers.ingest.ingest import Ingest
from handlers.ports import Attachment, Wake
from handlers.queries.search import SearchCache
from handlers.queries.subjects import Subject
from handlers.reports.brief import ComposedBrief
from handlers.sources.fetch.client import Fetcher
from storage.records import ChangeRule, Channel, ChannelState, Platform, Workspace
from storage.store import Store, Tx

HIGHEST_ID: Final = 2**31 - 1
"""PostgreSQL's ids end there, and it refuses to look for a larger one."""
_RIGHTS: Final[Mapping[Platform, tuple[str, str]]] = {
    Platform.DISCORD: ("Manage Channels", "the server's admins and everyone with that permission here have it"),
    Platform.SLACK: ("membership of the channel", "its members and this workspace's admins have it"),
    Platform.CONSOLE: ("the right to manage channels", "whoever runs this bot has it"),
}


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SHORTEST_STEP: Final = timedelta(minutes=1)
_KEPT: Final = 128
"""Answers of a kind that are kept; a month of a busy topic is some 100 kB."""

KeptBrief = tuple[ComposedBrief, str, str]
"""A brief, the key of its draft, and what stands for its subject in a button."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What use cases work with; opened by the composition root."""

    store: Store
    ingest: Ingest
    fetcher: Fetcher
    notes: Notes
    wake: Wake | None = None
    briefs: Kept[KeptBrief] = field(default_factory=lambda: Kept(_KEPT))
    trends: Kept[Reply] = field(default_factory=lambda: Kept(_KEPT))
    searches: Kept[Reply] = field(default_factory=lambda: Kept(_KEPT))
    search_cache: SearchCache = field(default_factory=SearchCache)
    forecasts: Kept[Mapping[int, float | None]] = field(default_factory=lambda: Kept(_KEPT))

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
    mention: Mentioned | None = None

    def asked_for(self, length: timedelta) -> tuple[int, datetime, str, date, int]:
        """What an answer about the last so much time hangs on: the workspace, the zone, its day, and the moment.

        The moment to a thousandth of the period: what was published before it leaves the answer so much later at most,
        and what comes new changes the version beside this. A workspace's id may come again once it was removed, never
        with the same time.
        """
        workspace, today = self.workspace, self.now.astimezone(self.zone).date()
        step = max(length / 1_000, _SHORTEST_STEP)
        return workspace.id, workspace.created_at, self.zone_name, today, (self.now - _EPOCH) // step

    @property
    def zone_name(self) -> str:
        """The reader's own zone where the platform tells it, else the workspace's."""
        return zone_of(self.person.time_zone or self.workspace.time_zone).key

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.zone_name)

    @property
    def allowed(self) -> bool:
        """May change what the channel that it is about gets, wherever it was said."""
        if self.workspace.platform is Platform.CONSOLE:
            return True
        if self.channel.person is not None:
            return self.channel.person == self.person.external_id
        return self.workspace.change_rule is ChangeRule.ANYONE or self.manages(self.channel)

    def manages(self, channel: Channel) -> bool:
        """This person's own right, whatever the workspace allows to others."""
        if channel.id == self.here.id and self.person.may_manage:
            return True
        return self.person.manages is not None and channel.external_id in self.person.manages

    def sees(self, channel: Channel) -> bool:
        """The channel's name may be shown to this person: elsewhere it may be private."""
        if self.workspace.platform is Platform.CONSOLE:
            return True
        own = channel.person == self.person.external_id
        return own or channel.id in (self.here.id, self.channel.id) or self.manages(channel)

    def option(self, name: str) -> str:
        return self.options.get(name, "")


async def version_of(tx: Tx, call: Call, *subjects: Subject) -> tuple[str, ...] | None:
    """Of what an answer about these hangs on; None: it must not be kept."""
    ids = [one.topic.id for one in subjects if one.topic is not None]
    return await tx.answer_versions.current(call.workspace.id, ids if len(ids) == len(subjects) else None, now=call.now)


def require_right(call: Call, what: str = "") -> None:
    """`what` it changes, where that is not what the channel gets: then the right is that of the place.

    Raises: UserError that names the right that is missing, and who has it.
    """
    right, holders = _RIGHTS[call.workspace.platform]
    if what and _is_private(call):
        raise UserError(f"This changes {what}, and for that you need {right}. Say it in a channel where you have it.")
    if call.allowed:
        return
    if call.channel.person is not None:
        raise UserError("These are another person's direct messages: only that person may change them.")
    place = f" in {call.channel.label}" if what or call.channel.id != call.here.id else ""
    raise UserError(
        f"This changes {what or f'what {call.channel.label} gets'}, and for that you need {right}{place}; {holders}. "
        "Ask one of them, or have one of them run /news changes anyone."
    )


def may_see_secrets(call: Call) -> bool:
    """Whether this person may see the passwords and keys in the addresses of this workspace's own sources.

    That takes the right to manage the channel where it is asked. What the workspace allows to anyone does not count,
    and neither do direct messages, where everybody has every right.
    """
    return call.workspace.platform is Platform.CONSOLE or (call.here.person is None and call.manages(call.here))


def _is_private(call: Call) -> bool:
    """One's own direct messages, where Discord gives everybody every right: none over what is the whole server's."""
    is_ours = call.channel.person is not None and call.workspace.platform is Platform.DISCORD
    return is_ours and call.workspace.change_rule is not ChangeRule.ANYONE


def require_member(platform: Platform, person: Person, name: str, *, external_id: str) -> None:
    """Raises: UserError for a Slack channel that the person links but is not known to be in: it may be private."""
    if platform is Platform.SLACK and external_id not in (person.manages or ()):
        raise UserError(
            f"I can't see that you are a member of #{name.lstrip('#')}, so nothing was done. Join it and repeat the "
            "command, or ask one of its members to. If you are a member, add me to it first: /invite."
        )


def require_open(channel: Channel) -> None:
    """Raises: UserError for a channel that the platform closed to us."""
    if channel.state is ChannelState.GONE:
        why = channel.gone_reason or "it was deleted or archived"
        raise UserError(
            f"I can't post in {channel.label}: {why.rstrip('.')}. Add me again, then repeat the command there."
        )


async def other_channel(tx: Tx, workspace: Workspace, person: Person, name: str) -> Channel:
    """A channel of this workspace by its name or external id. Raises: UserError.

    Slack shows nobody a channel that they are not in; here it is as if there were none.
    """
    known = [one for one in await tx.channels.of(workspace.id) if one.person in (None, person.external_id)]
    if workspace.platform is Platform.SLACK:
        known = [one for one in known if one.external_id in (person.manages or ())]
    wanted = name.lstrip("#").casefold()
    names = {one.name.lstrip("#").casefold(): one for one in known if one.state is ChannelState.ACTIVE}
    for channel in known:
        if wanted in (channel.external_id.casefold(), channel.name.lstrip("#").casefold()):
            return channel
    near = difflib.get_close_matches(wanted, names, n=1) if workspace.platform is Platform.CONSOLE else []
    hint = (
        f"Did you mean #{names[near[0]].name.lstrip('#')}?" if near else "Add me to it, then repeat the command there."
    )
    raise UserError(f"I know no channel #{name.lstrip('#')} here. {hint}")


def number(text: str, among: Collection[int] | None = None) -> int:
    """An id from a button. Raises: UserError for anything else."""
    id = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1
    if 0 <= id <= HIGHEST_ID and (among is None or id in among):
        return id
    raise UserError("This button is from an older version of the message. Run the command again for a fresh one.")
