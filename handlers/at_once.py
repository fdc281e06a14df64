"""A question that is being answered already is not worked out a second time: whoever asks it meanwhile waits for it."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class AtOnce(Generic[T]):
    """Answers under way, by question. Nothing is kept once it is there."""

    def __init__(self) -> None:
        self._under_way: dict[Hashable, asyncio.Future[tuple[T] | None]] = {}

    async def answer(self, question: Hashable, work: Callable[[], Awaitable[T]]) -> T:
        """What `work` gives, or what it gives to someone who asked the same just before and has no answer yet.

        The question names everything that the answer hangs on but the moment: the workspace first of all. Where the
        first to ask fails or is cancelled, the next one works it out.
        """
        while (running := self._under_way.get(question)) is not None:
            found = await asyncio.shield(running)
            if found is not None:
                return found[0]
        mine: asyncio.Future[tuple[T] | None] = asyncio.get_running_loop().create_future()
        self._under_way[question] = mine
        answer: tuple[T] | None = None
        try:
            answer = (await work(),)
            return answer[0]
        finally:
            del self._under_way[question]
            mine.set_result(answer)
