"""Ticks: they run at once and again, never twice at a time, survive failure, and are drained."""

import asyncio
from datetime import timedelta

from bot.schedule import Tick, open_schedule

FAST = timedelta(seconds=0.05)
DRAIN = timedelta(seconds=2)


async def test_a_tick_runs_at_once_and_again() -> None:
    times = 0
    twice = asyncio.Event()

    async def run() -> None:
        nonlocal times
        times += 1
        if times == 2:
            twice.set()

    async with open_schedule([Tick(name="t", every=FAST, run=run)], drain=DRAIN):
        await asyncio.wait_for(twice.wait(), 5)

    assert times >= 2


async def test_a_tick_that_still_runs_is_not_started_again_and_is_drained() -> None:
    started = 0
    ended = 0
    let_go = asyncio.Event()

    async def run() -> None:
        nonlocal started, ended
        started += 1
        await let_go.wait()
        ended += 1

    async with open_schedule([Tick(name="t", every=FAST, run=run)], drain=DRAIN):
        await asyncio.sleep(0.25)
        assert started == 1
        let_go.set()

    assert started == ended


async def test_a_failure_is_remembered_until_the_next_success() -> None:
    failures = 2
    worked = asyncio.Event()

    async def run() -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise ValueError("the disk is on fire")
        worked.set()

    async with open_schedule([Tick(name="t", every=FAST, run=run)], drain=DRAIN) as schedule:
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert schedule.last_error == {"t": "the disk is on fire"}
        await asyncio.wait_for(worked.wait(), 5)
        await asyncio.sleep(0)
        assert schedule.last_error == {}
