"""Answers under way, and those that are still the same: whoever asks the same question is given that one."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """The last `most` answers, and those under way, by question."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, tuple[T]] = OrderedDict()
        self._under_way: dict[Hashable, asyncio.Future[tuple[T] | None]] = {}

    async def answer(self, question: Hashable, work: Callable[[], Awaitable[T]], *, stays: bool) -> T:
        """What `work` gives, or what it gave to someone who asked the same.

        The question names everything that the answer hangs on, the workspace first of all; `stays` says that it names
        the version of what is stored too (`Touched.version`), so that a question that comes again has the same answer.
        Else the answer is shared only with those who ask before it is there. Where the first to ask fails or is
        cancelled, the next one works it out.
        """
        while True:
            if (kept := self._kept.get(question)) is not None:
                self._kept.move_to_end(question)
                return kept[0]
            if (running := self._under_way.get(question)) is None:
                break
            found = await asyncio.shield(running)
            if found is not None:
                return found[0]
        mine: asyncio.Future[tuple[T] | None] = asyncio.get_running_loop().create_future()
        self._under_way[question] = mine
        answer: tuple[T] | None = None
        try:
            answer = (await work(),)
            if stays:
                self._kept[question] = answer
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
            return answer[0]
        finally:
            del self._under_way[question]
            mine.set_result(answer)
