"""Protocols between `handlers/` and `bot/`: what a platform implements, and the error with which it reports failure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from handlers.answers.answer import Post
from handlers.answers.errors import WirewatchError
from storage.records import Channel, Platform


class PostFailure(StrEnum):
    """Why a platform did not confirm a post, which determines what happens next."""

    LATER = "later"  # not posted; try again after `retry_after`
    PERHAPS = "perhaps"  # time-out, 5xx or broken connection: it may be posted; find it before sending again
    CHANNEL_GONE = "channel_gone"  # the channel is deleted or archived, or the bot may not post there
    WORKSPACE_GONE = "workspace_gone"  # the token is revoked or the app uninstalled
    REFUSED = "refused"  # this post can never be sent, but others can


class PostError(WirewatchError):
    """A platform did not confirm a post. The message is fit for an admin, and names a missing permission."""

    def __init__(
        self, message: str, *, failure: PostFailure, retry_after: timedelta | None = None, only_this: bool = False
    ) -> None:
        super().__init__(message)
        self.failure = failure
        self.retry_after = retry_after
        self.only_this = only_this
        """Only this message has to wait; others can be posted to the channel."""


class Messenger(Protocol):
    """Posts to the channels of one platform. Slack, Discord and the console implement it."""

    @property
    def platform(self) -> Platform: ...

    def split(self, post: Post) -> Sequence[Post]:
        """Return the same content as one or more posts, each within the platform's limits. No I/O."""
        ...

    async def post(self, channel: Channel, post: Post, *, key: str, thread: str | None = None) -> str:
        """Post to the channel, or to a thread in it, and return the external ref of the message.

        `find` must find the message by `key`, which has at most 25 characters. A repeated call posts again.

        Raises: PostError.
        """
        ...

    async def edit(self, channel: Channel, ref: str, post: Post, *, thread: str | None = None) -> None:
        """Replace the content of a message. `thread` is the one that it was posted to. A repeated call changes nothing.

        Raises: PostError.
        """
        ...

    async def find(self, channel: Channel, key: str, *, since: datetime, thread: str | None = None) -> str | None:
        """Return the external ref of the bot's message with this key, posted after `since` (aware, UTC).

        Returns None if there is certainly no such message.

        Raises: PostError if this cannot be determined now.
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
