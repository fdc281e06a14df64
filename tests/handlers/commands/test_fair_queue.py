"""The fair queue: a few slots at a time, in order, and no workspace has to wait for all the calls of another."""

import asyncio

import pytest

from handlers.commands.fair_queue import FairQueue


class _Work:
    """Tasks that wait for a slot, and the names of those that got one, in order."""

    def __init__(self, slots: int) -> None:
        self.queue = FairQueue(slots)
        self.started: list[str] = []
        self.ends: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def ask(self, *names: str) -> None:
        """Start a task for each name. A name begins with its workspace."""
        for name in names:
            self.ends[name] = asyncio.Event()
            self.tasks[name] = asyncio.create_task(self._run(name))
            await asyncio.sleep(0)

    async def _run(self, name: str) -> None:
        async with self.queue.slot(name[0]):
            self.started.append(name)
            await self.ends[name].wait()

    async def end(self, *names: str) -> None:
        for name in names:
            self.ends[name].set()
            await self.tasks[name]
            await asyncio.sleep(0)


async def test_only_as_many_run_as_there_are_slots_first_come_first_served() -> None:
    work = _Work(2)

    await work.ask("a1", "a2", "a3", "a4")
    started = list(work.started)
    await work.end("a2", "a1")

    assert started == ["a1", "a2"] and work.started == ["a1", "a2", "a3", "a4"]


async def test_workspaces_take_turns() -> None:
    work = _Work(1)
    await work.ask("a1", "a2", "a3", "b1", "b2", "c1")

    for _ in range(6):
        await work.end(work.started[-1])

    assert work.started == ["a1", "a2", "b1", "c1", "a3", "b2"]


@pytest.mark.parametrize("is_granted", [False, True])
async def test_a_cancelled_caller_does_not_keep_a_slot(is_granted: bool) -> None:
    work = _Work(1)
    await work.ask("a1", "a2", "a3")

    if is_granted:
        work.ends["a1"].set()
        await asyncio.sleep(0)  # the slot is granted, but the task has not run yet
    work.tasks["a2"].cancel()
    await asyncio.gather(work.tasks["a2"], return_exceptions=True)
    if not is_granted:
        await work.end("a1")
    await asyncio.sleep(0)
    await work.end("a3")
    await work.ask("a4")

    assert work.started == ["a1", "a3", "a4"]
    await work.end("a4")


async def test_a_slot_is_released_when_the_work_fails() -> None:
    work = _Work(1)
    with pytest.raises(RuntimeError):
        async with work.queue.slot("a"):
            raise RuntimeError

    await work.ask("a1")

    assert work.started == ["a1"]
    await work.end("a1")
