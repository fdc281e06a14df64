"""A command on its way to its use case: who calls it, for which channel, with which options; and the shared tools."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from handlers.answers.answer import Reply
from handlers.answers.errors import UserError
from handlers.answers.times import zone_of
from handlers.commands.after_answer import DeferredWrites
from handlers.commands.answer_cache import AnswerCache
from handlers.commands.request import Mentioned, Person, Role
from handlers.delivery.recheck import ChannelAccess
from handlers.ingest.ingest import Ingest
from handlers.ports import Attachment, Wake
from handlers.queries.search import SearchCache
from handlers.queries.subjects import Subject
from handlers.reports.brief import ComposedBrief
from handlers.sources.fetch.client import Fetcher
from storage.records import ChangeRule, Channel, ChannelState, Platform, Workspace
from storage.store import Store, Tx

HIGHEST_ID: Final = 2**31 - 1
"""The highest id in PostgreSQL, which refuses to look up a higher one."""
_ADMINS: Final = "Only this workspace's admins and owners"
_ASK_ADMINS: Final = "Ask one of them to do it, or to run /news changes members."
_DISCORD_RIGHT: Final = "the Manage Channels permission"
_FOR_GUESTS: Final = frozenset({"news help", "subscriptions", "digest show"})
_GUEST_HELP: Final = "/news, /subscriptions and /digest"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SHORTEST_STEP: Final = timedelta(minutes=1)
_CACHE_SIZE: Final = 128
"""Answers in each cache. A brief over a month of a busy topic takes about 100 kB."""

CachedBrief = tuple[ComposedBrief, str, str]
"""A brief, the key of its draft, and the reference to its subject in buttons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What use cases work with. `Commands` makes one for all calls."""

    store: Store
    ingest: Ingest
    fetcher: Fetcher
    deferred: DeferredWrites
    access: ChannelAccess
    wake: Wake | None = None
    brief_cache: AnswerCache[CachedBrief] = field(default_factory=lambda: AnswerCache(_CACHE_SIZE))
    trend_cache: AnswerCache[Reply] = field(default_factory=lambda: AnswerCache(_CACHE_SIZE))
    find_cache: AnswerCache[Reply] = field(default_factory=lambda: AnswerCache(_CACHE_SIZE))
    search_cache: SearchCache = field(default_factory=SearchCache)
    forecast_cache: AnswerCache[Mapping[int, float | None]] = field(default_factory=lambda: AnswerCache(_CACHE_SIZE))

    def wake_up(self) -> None:
        """Tell the delivery loop that work is waiting."""
        if self.wake is not None:
            self.wake()


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A command or a button click whose workspace, channels and options are known."""

    workspace: Workspace
    here: Channel
    """The channel that the request comes from."""
    channel: Channel
    """The channel that the request is about: `here`, unless the person named another one."""
    person: Person
    now: datetime
    """UTC."""
    options: Mapping[str, str]
    attachments: tuple[Attachment, ...] = ()
    mention: Mentioned | None = None

    def cache_key(self, period: timedelta) -> tuple[int, datetime, str, date, int]:
        """Return what an answer about the last `period` depends on besides its subject and the stored data.

        These are the workspace, the reader's time zone, the day there, and the time in steps of a thousandth of the
        period, at least one minute. Articles that leave the period are therefore dropped at most one step late; new
        articles change the data version, which is not part of this key. A removed workspace's id may be assigned again,
        but never with the same creation time.
        """
        workspace, today = self.workspace, self.now.astimezone(self.zone).date()
        step = max(period / 1_000, _SHORTEST_STEP)
        return workspace.id, workspace.created_at, self.zone_name, today, (self.now - _EPOCH) // step

    @property
    def zone_name(self) -> str:
        """The IANA name of the person's time zone if the platform provides it, otherwise of the workspace's."""
        return zone_of(self.person.time_zone or self.workspace.time_zone).key

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.zone_name)

    @property
    def allowed(self) -> bool:
        """Whether the person may change what `channel` gets, no matter where the request comes from."""
        if self.workspace.platform is Platform.CONSOLE:
            return True
        if self.channel.person is not None:
            return self.channel.person == self.person.external_id
        return self.workspace.change_rule is ChangeRule.ANYONE or self.manages(self.channel)

    def manages(self, channel: Channel) -> bool:
        """Whether the person has the right to manage the channel, regardless of what the workspace allows to anyone."""
        if not self._belongs_to(channel):
            return False
        return not self.is_strict or self.person.is_admin or channel.external_id in self.person.created

    @property
    def is_strict(self) -> bool:
        """Whether only admins, owners and the creator of a channel may change it, which is a setting on Slack."""
        return self.workspace.platform is Platform.SLACK and self.workspace.change_rule is ChangeRule.MANAGERS

    def _belongs_to(self, channel: Channel) -> bool:
        """Whether the person is a member of the channel (Slack), or may manage it (Discord)."""
        if channel.id == self.here.id and self.person.may_manage:
            return True
        return self.person.manages is not None and channel.external_id in self.person.manages

    def sees(self, channel: Channel) -> bool:
        """Whether the channel's name may be shown to the person. Other channels may be private."""
        if self.workspace.platform is Platform.CONSOLE:
            return True
        own = channel.person == self.person.external_id
        return own or channel.id in (self.here.id, self.channel.id) or self._belongs_to(channel)

    def option(self, name: str) -> str:
        """Return the option's value, or an empty string."""
        return self.options.get(name, "")


async def data_version(tx: Tx, call: Call, *subjects: Subject) -> tuple[str, ...] | None:
    """Return the version of the stored data that answers about these subjects depend on.

    None means that an answer must not be cached. If one of the subjects is a query, every stored article counts.
    """
    ids = [subject.topic.id for subject in subjects if subject.topic is not None]
    return await tx.answer_versions.current(call.workspace.id, ids if len(ids) == len(subjects) else None, now=call.now)


def require_right(call: Call, affects: str = "") -> None:
    """Check that the person may make a change.

    `affects` names what is changed if that is not what the channel gets, such as "this workspace's topics". The right
    to manage the channel is needed in either case. Raises: UserError that names the right and who has it.
    """
    if affects and _is_private(call):
        raise UserError(
            f"This changes {affects}, which takes {_DISCORD_RIGHT}. Do it in a channel where you have that permission."
        )
    if affects and call.is_strict and not call.person.is_admin:
        raise UserError(f"This changes {affects}. {_ADMINS} can do that. {_ASK_ADMINS}")
    if call.allowed:
        return
    if call.channel.person is not None:
        raise UserError("These direct messages belong to another person. Only that person can change what they get.")
    change = f"This changes {affects or f'what {call.channel.label} gets'}."
    ask = "Ask one of them to do it, or to run /news changes anyone."
    if call.is_strict:
        raise UserError(f"{change} {_ADMINS}, and the person who created the channel, can do that. {_ASK_ADMINS}")
    if call.workspace.platform is Platform.SLACK:
        raise UserError(f"{change} Only members of {call.channel.label} and this workspace's admins can do that. {ask}")
    place = f" in {call.channel.label}" if affects or call.channel.id != call.here.id else ""
    raise UserError(
        f"{change} You need {_DISCORD_RIGHT}{place}, which the server's admins have and can give to others. {ask}"
    )


def require_reader(person: Person, workspace_name: str, command: str) -> None:
    """Check that the person may use the command, such as "news help"; empty for a button or Home.

    People of other organisations get no answer; guests learn only what the channel gets that they are in. Raises:
    UserError.
    """
    if person.role is Role.MEMBER or (person.role is not Role.STRANGER and command in _FOR_GUESTS):
        return
    name = workspace_name or "this workspace"
    match person.role:
        case Role.STRANGER:
            raise UserError(f"I answer only the people of {name}. Ask one of them. Nothing was changed.")
        case Role.GUEST:
            raise UserError(
                f"You are a guest of {name}. Guests can use {_GUEST_HELP} in channels that they are in, and change "
                "nothing. Ask a member for more."
            )
        case Role.UNKNOWN:
            raise UserError(
                "The platform does not say at the moment whether you are a member of this workspace. Nothing was "
                "changed. Try again in a minute."
            )


def may_see_secrets(call: Call) -> bool:
    """Return whether the person may see the passwords and keys in the addresses of this workspace's own sources.

    This takes the right to manage the channel that the request comes from. What the workspace allows to anyone does
    not count, and neither do direct messages, where every person has every right.
    """
    return call.workspace.platform is Platform.CONSOLE or (call.here.person is None and call.manages(call.here))


def _is_private(call: Call) -> bool:
    """Return whether the call is about the person's own direct messages on Discord.

    Discord gives people every right there, which must not extend to what belongs to the whole server.
    """
    is_own = call.channel.person is not None and call.workspace.platform is Platform.DISCORD
    return is_own and call.workspace.change_rule is not ChangeRule.ANYONE


def require_member(platform: Platform, person: Person, name: str, *, external_id: str) -> None:
    """Raise UserError for a Slack channel that the person is not known to be a member of: it may be private."""
    if platform is Platform.SLACK and external_id not in (person.manages or ()):
        raise UserError(
            f"I can't see that you are a member of #{name.lstrip('#')}, so nothing was changed. Join the channel and "
            "run the command again, or ask a member to. If you are already a member, first add me to it: /invite."
        )


def require_open(channel: Channel) -> None:
    """Raise UserError for a channel that the bot can no longer post in."""
    if channel.state is ChannelState.GONE:
        reason = (channel.gone_reason or "it was deleted or archived").rstrip(".")
        raise UserError(f"I can't post in {channel.label}: {reason}. Add me again, then run the command there.")


async def check_post(tools: Tools, channel: Channel, now: datetime) -> str:
    """Ask the platform whether the bot may post in the channel, and return a sentence for the answer if it may not."""
    channel = await tools.access.check(channel, now)
    if channel.state is ChannelState.ACTIVE:
        tools.wake_up()
        return ""
    reason = (channel.gone_reason or "it is closed").rstrip(". ")
    if channel.state is ChannelState.GONE:
        return f" I can't post in {channel.label}: {reason}."
    return (
        f" I can't post in {channel.label} yet: {reason}. I keep what is due, and try again every hour and whenever "
        "somebody runs a command there."
    )


async def find_channel(tx: Tx, workspace: Workspace, person: Person, name: str) -> Channel:
    """Return a channel of the workspace by its name or external id.

    Channels that Slack does not show to the person are treated as if they did not exist. Raises: UserError.
    """
    channels = await tx.channels.of(workspace.id)
    visible = [channel for channel in channels if channel.person in (None, person.external_id)]
    if workspace.platform is Platform.SLACK:
        visible = [channel for channel in visible if channel.external_id in (person.manages or ())]
    wanted = name.lstrip("#").casefold()
    for channel in visible:
        if wanted in (channel.external_id.casefold(), channel.name.lstrip("#").casefold()):
            return channel
    active = [channel for channel in visible if channel.state is ChannelState.ACTIVE]
    by_name = {channel.name.lstrip("#").casefold(): channel for channel in active}
    similar = difflib.get_close_matches(wanted, by_name, n=1) if workspace.platform is Platform.CONSOLE else []
    hint = (
        f"Did you mean #{by_name[similar[0]].name.lstrip('#')}?"
        if similar
        else "Add me to the channel, then run the command there."
    )
    raise UserError(f"I know no channel #{name.lstrip('#')} here. {hint}")
