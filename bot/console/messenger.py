"""ConsoleMessenger: posts to the console's channels, whose messages are rows of the bot's own database."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from bot.console.changes import ChangeNotifier
from handlers.answers.answer import Post
from handlers.answers.serialize import serialize
from handlers.ports import LookUp, Rendering, refused
from handlers.rules.refusals import Refusal, RefusalKind, Scope
from storage.records import Channel, Platform
from storage.store import Store

_GONE: Final = Refusal(
    platform=Platform.CONSOLE,
    code="channel_deleted",
    kind=RefusalKind.FOR_EVER,
    scope=Scope.CHANNEL,
    reason="the console no longer has it",
    source="",
)


class ConsoleMessenger:
    """The console's messenger. A key is unique in its channel, so posting it twice gives the same message."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self.changes = ChangeNotifier()

    @property
    def platform(self) -> Platform:
        return Platform.CONSOLE

    def split(self, post: Post) -> Sequence[Post]:
        """Return the post as it is: a web page has no size limit."""
        return (post,)

    async def post(
        self,
        channel: Channel,
        post: Post,
        *,
        key: str,
        thread: str | None = None,
        rendering: Rendering = Rendering.FULL,
    ) -> str:
        async with self._store.begin() as tx:
            if await tx.channels.get(channel.id) is None:
                raise refused(_GONE)
            message_id = await tx.console.post(
                channel.id, key, serialize(post), thread_id=None if thread is None else int(thread), now=self._clock()
            )
        self.changes.notify()
        return str(message_id)

    async def edit(
        self,
        channel: Channel,
        ref: str,
        post: Post,
        *,
        thread: str | None = None,
        rendering: Rendering = Rendering.FULL,
    ) -> None:
        async with self._store.begin() as tx:
            await tx.console.edit(int(ref), serialize(post), now=self._clock())
        self.changes.notify()

    async def find(self, channel: Channel, look_up: LookUp) -> str | None:
        async with self._store.read() as tx:
            message_id = await tx.console.find(channel.id, look_up.key)
        return None if message_id is None else str(message_id)

    async def check(self, channel: Channel) -> None:
        async with self._store.read() as tx:
            if await tx.channels.get(channel.id) is None:
                raise refused(_GONE)
