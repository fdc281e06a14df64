"""A few at a time, in order, and no workspace behind another's crowd."""

import asyncio

import pytest

from handlers.commands.fair_queue import Turns


class _Work:
    """What is worked on, in the order in which it began."""

    def __init__(self, at_once: int) -> None:
        self.turns = Turns(at_once)
        self.begun: list[str] = []
        self.ends: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def ask(self, *names: str) -> None:
        """Each name begins with its workspace."""
        for name in names:
            self.ends[name] = asyncio.Event()
            self.tasks[name] = asyncio.create_task(self._run(name))
            await asyncio.sleep(0)

    async def _run(self, name: str) -> None:
        async with self.turns.of(name[0]):
            self.begun.append(name)
            await self.ends[name].wait()

    async def end(self, *names: str) -> None:
        for name in names:
            self.ends[name].set()
            await self.tasks[name]
            await asyncio.sleep(0)


async def test_only_so_many_at_a_time_and_the_first_to_come_first() -> None:
    work = _Work(2)

    await work.ask("a1", "a2", "a3", "a4")
    begun = list(work.begun)
    await work.end("a2", "a1")

    assert begun == ["a1", "a2"] and work.begun == ["a1", "a2", "a3", "a4"]


async def test_a_workspace_does_not_wait_for_all_of_another() -> None:
    work = _Work(1)
    await work.ask("a1", "a2", "a3", "b1", "b2", "c1")

    for _ in range(6):
        await work.end(work.begun[-1])

    assert work.begun == ["a1", "a2", "b1", "c1", "a3", "b2"]


@pytest.mark.parametrize("is_given", [False, True])
async def test_who_gives_up_takes_no_turn_with_them(is_given: bool) -> None:
    work = _Work(1)
    await work.ask("a1", "a2", "a3")

    if is_given:
        work.ends["a1"].set()
        await asyncio.sleep(0)  # the turn is given, and nobody has taken it yet
    work.tasks["a2"].cancel()
    await asyncio.gather(work.tasks["a2"], return_exceptions=True)
    if not is_given:
        await work.end("a1")
    await asyncio.sleep(0)
    await work.end("a3")
    await work.ask("a4")

    assert work.begun == ["a1", "a3", "a4"]
    await work.end("a4")


async def test_work_that_fails_gives_its_turn_on() -> None:
    work = _Work(1)
    with pytest.raises(RuntimeError):
        async with work.turns.of("a"):
            raise RuntimeError

    await work.ask("a1")

    assert work.begun == ["a1"]
    await work.end("a1")
