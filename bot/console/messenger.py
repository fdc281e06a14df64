"""ConsoleMessenger: posts to the console's channels, which are rows of our own database."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.console.changes import Changes
from handlers.answers.answer import Post
from handlers.answers.serialize import serialize
from handlers.ports import PostError, PostFailure
from storage.records import Channel, Platform
from storage.store import Store


class ConsoleMessenger:
    """The third messenger. A key is unique in its channel, so posting twice gives the same message."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self.changes = Changes()

    @property
    def platform(self) -> Platform:
        return Platform.CONSOLE

    def split(self, post: Post) -> Sequence[Post]:
        """A page has no limit."""
        return (post,)

    async def post(self, channel: Channel, post: Post, *, key: str, thread: str | None = None) -> str:
        async with self._store.begin() as tx:
            if await tx.channels.get(channel.id) is None:
                gone = f"The console has no channel #{channel.name} any more."
                raise PostError(gone, failure=PostFailure.CHANNEL_GONE)
            message_id = await tx.console.post(
                channel.id, key, serialize(post), thread_id=None if thread is None else int(thread), now=self._clock()
            )
        self.changes.wake()
        return str(message_id)

    async def edit(self, channel: Channel, ref: str, post: Post) -> None:
        async with self._store.begin() as tx:
            await tx.console.edit(int(ref), serialize(post), now=self._clock())
        self.changes.wake()

    async def find(self, channel: Channel, key: str, *, since: datetime, thread: str | None = None) -> str | None:
        async with self._store.read() as tx:
            message_id = await tx.console.find(channel.id, key)
        return None if message_id is None else str(message_id)
