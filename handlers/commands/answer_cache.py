"""A cache of computed answers. Callers that ask the same question at the same time share one computation."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class AnswerCache(Generic[T]):
    """The `size` most recently used answers by key, and the answers that are being computed."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._answers: OrderedDict[Hashable, tuple[T]] = OrderedDict()
        self._running: dict[Hashable, asyncio.Future[tuple[T] | None]] = {}

    async def get(self, key: Hashable, compute: Callable[[], Awaitable[T]], *, store: bool) -> T:
        """Return the cached answer for `key`, or compute it.

        The key contains everything that the answer depends on, the workspace first of all. Set `store` only if the key
        also contains the version of the stored data (`Touched.version`), so that equal keys have equal answers. Without
        `store`, the answer is shared only with callers that ask before it is ready. If the first caller fails or is
        cancelled, the next one computes the answer.
        """
        while True:
            if (cached := self._answers.get(key)) is not None:
                self._answers.move_to_end(key)
                return cached[0]
            if (running := self._running.get(key)) is None:
                break
            shared = await asyncio.shield(running)
            if shared is not None:
                return shared[0]
        own: asyncio.Future[tuple[T] | None] = asyncio.get_running_loop().create_future()
        self._running[key] = own
        answer: tuple[T] | None = None
        try:
            answer = (await compute(),)
            if store:
                self._answers[key] = answer
                while len(self._answers) > self._size:
                    self._answers.popitem(last=False)
            return answer[0]
        finally:
            del self._running[key]
            own.set_result(answer)
