"""Fakes for a chat platform, whose failures a test scripts, and for the clock."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from handlers.answers.answer import Digest, Post
from handlers.ports import LookUp, PostError, Rendering
from handlers.rules.refusals import Refusal, RefusalKind, Scope
from storage.records import Channel, Platform

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""A Monday."""


class FakeClock:
    """A clock that moves only when a test advances it. A call returns the present time."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> datetime:
        self.now += by
        return self.now


@dataclass(slots=True)
class Posted:
    """A message on the platform, with its edits."""

    ref: str
    channel: str
    key: str
    post: Post
    thread: str | None
    rendering: Rendering = Rendering.FULL
    edits: list[Post] = field(default_factory=list)
    deleted: bool = False

    @property
    def shown(self) -> Post:
        return self.edits[-1] if self.edits else self.post


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """How a call fails: the platform refuses it, or without `kind`, its answer is lost.

    With `stored`, the platform has carried the call out all the same.
    """

    kind: RefusalKind | None = None
    scope: Scope = Scope.CHANNEL
    message: str = "the platform says no"
    retry_after: timedelta | None = None
    until: datetime | None = None
    stored: bool = False
    of_content: bool = False

    def error(self, platform: Platform) -> PostError:
        refusal = None
        if self.kind is not None:
            refusal = Refusal(
                platform=platform,
                code="fake",
                kind=self.kind,
                scope=self.scope,
                reason=self.message,
                source="",
                of_content=self.of_content,
            )
        return PostError(self.message, refusal=refusal, retry_after=self.retry_after, until=self.until)


DELETED = Failure(kind=RefusalKind.THIS_MESSAGE, scope=Scope.MESSAGE, message="the message was deleted")


class FakeMessenger:
    """A platform in memory that records what is posted. Each call uses up the next scripted failure of its kind."""

    def __init__(self, platform: Platform = Platform.CONSOLE, *, digest_groups: int = 10_000) -> None:
        self._platform = platform
        self._digest_groups = digest_groups
        self.messages: list[Posted] = []
        self.calls: list[str] = []
        """Every call, in order: "post", "edit", "find" or "check"."""
        self.post_failures: deque[Failure] = deque()
        self.edit_failures: deque[Failure] = deque()
        self.find_failures: deque[Failure] = deque()
        self.channel_failures: dict[str, Failure] = {}
        """By external channel id: how every call for that channel fails."""
        self.gate: asyncio.Event | None = None
        """If set, a post waits for it before the platform responds."""
        self.entered = asyncio.Event()
        """Set when a post has reached the platform."""
        self.at_once = 0
        self.most_at_once: dict[str, int] = {}

    @property
    def platform(self) -> Platform:
        return self._platform

    def split(self, post: Post) -> Sequence[Post]:
        """Split a digest that has too many groups. Nothing else is ever too long here."""
        if not isinstance(post, Digest) or len(post.groups) <= self._digest_groups:
            return (post,)
        size = self._digest_groups
        pieces = [post.groups[start : start + size] for start in range(0, len(post.groups), size)]
        return tuple(
            replace(post, groups=groups, part=(place, len(pieces))) for place, groups in enumerate(pieces, start=1)
        )

    async def post(
        self,
        channel: Channel,
        post: Post,
        *,
        key: str,
        thread: str | None = None,
        rendering: Rendering = Rendering.FULL,
    ) -> str:
        self.calls.append("post")
        self.entered.set()
        self.at_once += 1
        self.most_at_once[channel.external_id] = max(self.most_at_once.get(channel.external_id, 0), self.at_once)
        try:
            if self.gate is not None:
                await self.gate.wait()
            failure = self._failure(channel, self.post_failures)
            if failure is None or failure.stored:
                self._store(channel, post, key, thread, rendering)
            if failure is not None:
                raise failure.error(self._platform)
        finally:
            self.at_once -= 1
        return self.messages[-1].ref

    async def edit(
        self,
        channel: Channel,
        ref: str,
        post: Post,
        *,
        thread: str | None = None,
        rendering: Rendering = Rendering.FULL,
    ) -> None:
        self.calls.append("edit")
        failure = self._failure(channel, self.edit_failures)
        if failure is None or failure.stored:
            message = next(message for message in self.messages if message.ref == ref)
            assert message.thread == thread
            if message.deleted:
                raise DELETED.error(self._platform)
            message.edits.append(post)
        if failure is not None:
            raise failure.error(self._platform)

    async def find(self, channel: Channel, look_up: LookUp) -> str | None:
        self.calls.append("find")
        failure = self._failure(channel, self.find_failures)
        if failure is not None:
            raise failure.error(self._platform)
        return next(
            (
                message.ref
                for message in self.messages
                if message.channel == channel.external_id and message.key == look_up.key
            ),
            None,
        )

    async def check(self, channel: Channel) -> None:
        self.calls.append("check")
        failure = self.channel_failures.get(channel.external_id)
        if failure is not None:
            raise failure.error(self._platform)

    def in_channel(self, external_id: str) -> list[Posted]:
        """Return the messages of a channel that are not in a thread, in order."""
        return [message for message in self.messages if message.channel == external_id and message.thread is None]

    def thread_of(self, ref: str) -> list[Posted]:
        return [message for message in self.messages if message.thread == ref]

    def _failure(self, channel: Channel, scripted: deque[Failure]) -> Failure | None:
        if channel.external_id in self.channel_failures:
            return self.channel_failures[channel.external_id]
        return scripted.popleft() if scripted else None

    def _store(self, channel: Channel, post: Post, key: str, thread: str | None, rendering: Rendering) -> None:
        ref = f"m{len(self.messages) + 1}"
        self.messages.append(
            Posted(ref=ref, channel=channel.external_id, key=key, post=post, thread=thread, rendering=rendering)
        )
