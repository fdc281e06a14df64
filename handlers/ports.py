"""Protocols between `handlers/` and `bot/`: what a platform implements, and the error with which it reports failure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any, Protocol

from handlers.answers.answer import Post
from handlers.answers.errors import WirewatchError
from handlers.rules.refusals import Refusal, RefusalKind, Scope
from storage.records import Channel, Platform


class Rendering(IntEnum):
    """How much of a post is shown. If a platform refuses its content, the next form is tried."""

    FULL = 0
    WITHOUT_PICTURES = 1
    PLAIN_TEXT = 2  # the headline and the link


class PostError(WirewatchError):
    """A platform did not confirm a post, a lookup or a check. The message names what is missing, for admins.

    With `refusal`, the platform itself refused, so nothing was posted. Without it there was no answer, or none that can
    be understood: the message may be posted.
    """

    def __init__(
        self,
        message: str,
        *,
        refusal: Refusal | None = None,
        retry_after: timedelta | None = None,
        until: datetime | None = None,
    ) -> None:
        super().__init__(message)
        self.refusal = refusal
        self.retry_after = retry_after
        """How long the platform asks to wait."""
        self.until = until
        """When the refusal ends by itself (UTC), if the platform says so."""


def refused(refusal: Refusal, **details: Any) -> PostError:
    """Return the error for a refusal, with the reason as its message. `details` are other arguments of PostError."""
    return PostError(details.pop("message", None) or f"{refusal.reason}.", refusal=refusal, **details)


def not_now(
    message: str, *, platform: Platform, alone: bool = False, retry_after: timedelta | None = None
) -> PostError:
    """Return the error for a request that was not sent at all, or that changes nothing, because it has to wait.

    With `alone`, only this message waits; others can be posted to the channel.
    """
    scope = Scope.MESSAGE if alone else Scope.CHANNEL
    refusal = Refusal(
        platform=platform, code="", kind=RefusalKind.UNTIL_TIME, scope=scope, reason=message.rstrip("."), source=""
    )
    return PostError(message, refusal=refusal, retry_after=retry_after)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp:
    """A post to look for, which may have been made. Times are UTC."""

    key: str
    thread: str | None = None
    """The ref of the message in whose thread it would be."""
    since: datetime
    until: datetime
    """The period in which it would have been made. It includes all such posts in the same place, so that a platform
    with a tight limit is asked once for all of them."""
    now: datetime


class Messenger(Protocol):
    """Posts to the channels of one platform. Slack, Discord and the console implement it."""

    @property
    def platform(self) -> Platform: ...

    def split(self, post: Post) -> Sequence[Post]:
        """Return the same content as one or more posts, each within the platform's limits. No I/O."""
        ...

    async def post(
        self,
        channel: Channel,
        post: Post,
        *,
        key: str,
        thread: str | None = None,
        rendering: Rendering = Rendering.FULL,
    ) -> str:
        """Post to the channel, or to a thread in it, and return the external ref of the message.

        `find` must find the message by `key`, which has at most 25 characters. A repeated call posts again.

        Raises: PostError.
        """
        ...

    async def edit(
        self,
        channel: Channel,
        ref: str,
        post: Post,
        *,
        thread: str | None = None,
        rendering: Rendering = Rendering.FULL,
    ) -> None:
        """Replace the content of a message. `thread` is the one that it was posted to. A repeated call changes nothing.

        Raises: PostError.
        """
        ...

    async def find(self, channel: Channel, look_up: LookUp) -> str | None:
        """Return the external ref of the bot's message. Returns None if there is certainly no such message.

        Raises: PostError if this cannot be determined now. What it refuses is the lookup, not the post.
        """
        ...

    async def check(self, channel: Channel) -> None:
        """Ask the platform whether the bot may post in the channel, as far as the platform can tell. Posts nothing.

        Raises: PostError if it may not, or if the platform does not answer.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file dropped in chat or on the console page."""

    name: str
    content_type: str
    body: bytes


class Wake(Protocol):
    """Tells the delivery loop that a delivery is pending. Only a hint: the delivery is a row in the database."""

    def __call__(self) -> None: ...
