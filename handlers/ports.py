"""The Protocols between the floors: what a platform must do for us, and how it says that it could not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from handlers.answers.answer import Post
from handlers.answers.errors import WirewatchError
from storage.records import Channel, Platform


class PostFailure(StrEnum):
    LATER = "later"  # certainly not posted; try again after `retry_after`
    PERHAPS = "perhaps"  # a time-out, 5xx or broken connection: it may be posted; look before sending again
    CHANNEL_GONE = "channel_gone"  # deleted, archived, we were removed, or lack the right to post
    WORKSPACE_GONE = "workspace_gone"  # token revoked or app uninstalled
    REFUSED = "refused"  # this post can never be sent; another may


class PostError(WirewatchError):
    """A platform did not confirm a post. The message is fit for an admin: it names the missing right."""

    def __init__(
        self, message: str, *, failure: PostFailure, retry_after: timedelta | None = None, only_this: bool = False
    ) -> None:
        super().__init__(message)
        self.failure = failure
        self.retry_after = retry_after
        self.only_this = only_this
        """It is this message that has to wait, not its channel."""


class Messenger(Protocol):
    """Posts to the channels of one platform. Implemented by slack, discord and console."""

    @property
    def platform(self) -> Platform: ...

    def split(self, post: Post) -> Sequence[Post]:
        """The same content as one or more posts, each within the platform's limits. Pure."""
        ...

    async def post(self, channel: Channel, post: Post, *, key: str, thread: str | None = None) -> str:
        """Post it and give the message's external ref. `key` (25 characters at most) must be findable by `find`.

        Raises: PostError.
        """
        ...

    async def edit(self, channel: Channel, ref: str, post: Post) -> None:
        """Make the message say this. Doing it twice is harmless. Raises: PostError."""
        ...

    async def find(self, channel: Channel, key: str, *, since: datetime, thread: str | None = None) -> str | None:
        """The external ref of our own message with this key, posted after `since`, or None when it is surely not there.

        Raises: PostError when that cannot be known now.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file dropped in chat or on the console page."""

    name: str
    content_type: str
    body: bytes


class Wake(Protocol):
    """Tells the delivery loop that something is owed. Only a hint: what is owed is a row."""

    def __call__(self) -> None: ...
