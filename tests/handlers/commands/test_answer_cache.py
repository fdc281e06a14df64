"""The same question asked by many at the same time is worked out once; every workspace asks its own."""

import asyncio

import pytest

from handlers.commands.answer_cache import Kept


class _Work:
    def __init__(self) -> None:
        self.begun = 0
        self.go_on = asyncio.Event()

    async def __call__(self) -> int:
        self.begun += 1
        mine = self.begun
        await self.go_on.wait()
        return mine


async def test_who_asks_meanwhile_gets_the_same_answer() -> None:
    kept, work = Kept[int](2), _Work()
    asked = [asyncio.create_task(kept.answer("brief", work, stays=False)) for _ in range(3)]
    other = asyncio.create_task(kept.answer("of another workspace", work, stays=False))
    await asyncio.sleep(0)

    work.go_on.set()

    assert await asyncio.gather(*asked) == [1, 1, 1]
    assert await other == 2


async def test_an_answer_is_not_kept() -> None:
    kept, work = Kept[int](2), _Work()
    work.go_on.set()

    assert [await kept.answer("brief", work, stays=False) for _ in range(2)] == [1, 2]


async def test_when_the_first_gives_up_the_next_works_it_out() -> None:
    kept, work = Kept[int](2), _Work()
    first = asyncio.create_task(kept.answer("brief", work, stays=False))
    await asyncio.sleep(0)
    second = asyncio.create_task(kept.answer("brief", work, stays=False))
    await asyncio.sleep(0)

    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    work.go_on.set()

    assert await second == 2


async def test_when_one_who_waits_gives_up_the_others_go_on() -> None:
    kept, work = Kept[int](2), _Work()
    asked = [asyncio.create_task(kept.answer("brief", work, stays=False)) for _ in range(3)]
    await asyncio.sleep(0)

    asked[1].cancel()
    work.go_on.set()

    assert await asked[0] == await asked[2] == 1


async def test_an_answer_that_stays_is_given_again_until_others_took_its_place() -> None:
    kept, work = Kept[int](2), _Work()
    work.go_on.set()

    async def ask(question: str) -> int:
        return await kept.answer(question, work, stays=True)

    assert [await ask(one) for one in ("a", "b", "a", "c", "a", "b")] == [1, 2, 1, 3, 1, 4]
