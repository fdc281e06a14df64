"""Looks for posts whose answer was lost, within Slack's limits: one call finds all such posts of a channel.

Reading history is limited to 1 call a minute and 15 messages for apps that are distributed outside Slack's Marketplace:
https://docs.slack.dev/changelog/2025/05/29/tos-updates. Apps of one's own workspace are not limited in this way.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from bot.slack.failures import FAILURES, look_up_error
from bot.slack.teams import SlackTeam
from handlers.ports import LookUp, PostError, not_now
from storage.records import Platform

EVENT_TYPE: Final = "wirewatch_delivery"
"""Type of the metadata of our posts. Messages that are already posted contain it, so it must not change."""
_PAGE_SIZE: Final = 15
"""Messages that Slack returns in one call at most to a distributed app. Others need no more, as periods are short."""
_PACE: Final = timedelta(minutes=1)
"""The time between two calls of a distributed app in one workspace."""
_CLOCK_SKEW: Final = timedelta(minutes=1)
"""How far Slack's clock and ours may differ."""
_CACHED: Final = timedelta(hours=1)
"""Results that nobody asked for in this time are deleted."""

Place = tuple[str, str | None]
"""A channel's id, and the `ts` of the message whose thread is meant, if any."""


@dataclass(slots=True)
class _Search:
    """What is known about one period in one channel or thread."""

    since: datetime
    until: datetime
    used_at: datetime
    refs: dict[str, str] = field(default_factory=dict)
    """The `ts` of our messages by their key."""
    cursor: str = ""
    read_at: datetime | None = None
    """When the first page was read. Messages that were posted later may be missing."""
    is_complete: bool = False

    def covers(self, look_up: LookUp) -> bool:
        """Return whether the result of this search answers the lookup."""
        is_late = self.read_at is None or self.read_at >= min(look_up.until, look_up.now)
        return self.since <= look_up.since and self.until >= look_up.until and is_late


@dataclass(slots=True)
class _Queue:
    """The calls of one workspace."""

    is_limited: bool
    """Whether Slack limits the app. This is assumed of distributed apps, and learnt from a refusal for others."""
    free_at: datetime | None = None
    """When the next call is allowed that nobody has reserved."""
    reserved: dict[Place, datetime] = field(default_factory=dict)
    searches: dict[Place, _Search] = field(default_factory=dict)


class LookUps:
    """The lookups of all workspaces, each with a queue of its own."""

    def __init__(self, *, is_distributed: bool) -> None:
        self._is_distributed = is_distributed
        self._queues: dict[str, _Queue] = {}

    async def find(self, team: SlackTeam, channel_id: str, look_up: LookUp) -> str | None:
        """Return the `ts` of our message, or None if there is certainly no such message.

        Raises: PostError, also if the lookup has to wait for its turn or for its next page.
        """
        queue = self._queues.setdefault(team.id, _Queue(self._is_distributed))
        place = channel_id, look_up.thread
        search = queue.searches.get(place)
        if search is None or not search.covers(look_up):
            search = _Search(since=look_up.since, until=look_up.until, used_at=look_up.now)
            queue.searches[place] = search
        search.used_at = look_up.now
        while look_up.key not in search.refs and not search.is_complete:
            if queue.is_limited and search.read_at is None and look_up.now < look_up.until:
                raise _wait(look_up.until - look_up.now)  # a later call is certain to be the only one
            self._take_turn(queue, place, look_up.now)
            await self._read_page(team, queue, place, search, look_up.now)
        for old in [each for each, found in queue.searches.items() if look_up.now - found.used_at > _CACHED]:
            del queue.searches[old]
        return search.refs.get(look_up.key)

    def _take_turn(self, queue: _Queue, place: Place, now: datetime) -> None:
        """Return if the place may make a call now. Raises: PostError with the time to wait for its turn."""
        if not queue.is_limited:
            return
        turn = queue.reserved.get(place)
        if turn is None or turn + 10 * _PACE < now:  # nobody came for an old reservation
            turn = max(now, queue.free_at or now)
            queue.free_at = turn + _PACE
        if turn > now:
            queue.reserved[place] = turn
            raise _wait(turn - now)
        queue.reserved.pop(place, None)
        queue.free_at = max(queue.free_at or now, now + _PACE)

    async def _read_page(self, team: SlackTeam, queue: _Queue, place: Place, search: _Search, now: datetime) -> None:
        try:
            page = await _page(team, place, search)
        except FAILURES as error:
            failed = look_up_error(error)
            if failed.retry_after is not None:
                self._postpone(queue, now, failed.retry_after)
                self._take_turn(queue, place, now)
            raise failed from error
        search.read_at = search.read_at or now
        for message in page.get("messages") or ():
            metadata = message.get("metadata") or {}
            if metadata.get("event_type") == EVENT_TYPE:
                key = str((metadata.get("event_payload") or {}).get("key"))
                search.refs[key] = str(message["ts"])
        search.cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
        search.is_complete = not search.cursor

    def _postpone(self, queue: _Queue, now: datetime, wait: timedelta) -> None:
        """Keep the pace of a limited app from now on, and move all turns behind the time that Slack asks to wait."""
        queue.is_limited = True
        first = now + wait
        earliest = min([*queue.reserved.values(), queue.free_at or first])
        shift = max(timedelta(0), first - earliest)
        queue.reserved = {place: turn + shift for place, turn in queue.reserved.items()}
        queue.free_at = max(first, (queue.free_at or first) + shift)


def _wait(wait: timedelta) -> PostError:
    return not_now("A lookup waits for its turn, because Slack limits them.", platform=Platform.SLACK, retry_after=wait)


async def _page(team: SlackTeam, place: Place, search: _Search) -> Any:
    """Return a page of the messages of the channel or thread. Raises what slack_sdk raises."""
    channel_id, thread = place
    options: dict[str, Any] = {
        "channel": channel_id,
        "oldest": f"{(search.since - _CLOCK_SKEW).timestamp():.6f}",
        "latest": f"{(search.until + _CLOCK_SKEW).timestamp():.6f}",
        "inclusive": True,
        "limit": _PAGE_SIZE,
        "include_all_metadata": True,
    }
    if search.cursor:
        options["cursor"] = search.cursor
    if thread is not None:
        return await team.client.conversations_replies(ts=thread, **options)
    return await team.client.conversations_history(**options)
