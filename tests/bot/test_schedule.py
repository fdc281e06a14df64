"""Ticks: they run at once and again, never twice at a time, survive failure, and are drained."""

import asyncio
import logging
from datetime import timedelta

import pytest

from bot.schedule import Tick, open_schedule
from storage.errors import StorageError

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
        await asyncio.wait_for(twice.wait(), 20)

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
        await asyncio.wait_for(worked.wait(), 20)
        await asyncio.sleep(0)
        assert schedule.last_error == {}


async def test_a_database_that_is_away_is_told_once_in_a_line_and_once_that_it_is_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    failures = 3
    worked = asyncio.Event()

    async def run() -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise StorageError("PostgreSQL went away.")
        worked.set()

    with caplog.at_level(logging.INFO, logger="bot.schedule"):
        async with open_schedule([Tick(name="poll", every=FAST, run=run)], drain=DRAIN):
            await asyncio.wait_for(worked.wait(), 20)

    told = [record for record in caplog.records if record.name == "bot.schedule"]
    assert [record.getMessage() for record in told] == [
        "A tick failed and will be tried again: poll. PostgreSQL went away.",
        "A tick works again: poll",
    ]
    assert all(record.exc_info is None for record in told)
