"""Ticks run at once and then repeatedly, one run at a time, also after a failure, and are drained at the end."""

import asyncio
import logging
from datetime import UTC, timedelta

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.core import utc_now
from bot.schedule import Tick, open_schedule, run_after_clock_steps
from storage.errors import StorageError

FAST = timedelta(seconds=0.05)
DRAIN = timedelta(seconds=2)


async def test_a_tick_runs_at_once_and_then_repeatedly() -> None:
    times = 0
    twice = asyncio.Event()

    async def run() -> None:
        nonlocal times
        times += 1
        if times == 2:
            twice.set()

    async with open_schedule([Tick(name="t", every=FAST, run=run)], drain=DRAIN, wall=utc_now):
        await asyncio.wait_for(twice.wait(), 20)

    assert times >= 2


async def test_a_running_tick_is_not_started_again_and_is_drained() -> None:
    started = 0
    ended = 0
    proceed = asyncio.Event()

    async def run() -> None:
        nonlocal started, ended
        started += 1
        await proceed.wait()
        ended += 1

    async with open_schedule([Tick(name="t", every=FAST, run=run)], drain=DRAIN, wall=utc_now):
        await asyncio.sleep(0.25)
        assert started == 1
        proceed.set()

    assert started == ended


async def test_the_last_error_is_kept_until_the_next_success() -> None:
    failures = 2
    worked = asyncio.Event()

    async def run() -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise ValueError("the disk is on fire")
        worked.set()

    async with open_schedule([Tick(name="t", every=FAST, run=run)], drain=DRAIN, wall=utc_now) as schedule:
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert schedule.last_error == {"t": "the disk is on fire"}
        await asyncio.wait_for(worked.wait(), 20)
        await asyncio.sleep(0)
        assert schedule.last_error == {}


async def test_a_lost_database_is_logged_by_the_store_alone(caplog: pytest.LogCaptureFixture) -> None:
    failures = 3
    worked = asyncio.Event()

    async def run() -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise StorageError("PostgreSQL went away.")
        worked.set()

    with caplog.at_level(logging.WARNING, logger="bot.schedule"):
        async with open_schedule([Tick(name="poll", every=FAST, run=run)], drain=DRAIN, wall=utc_now):
            await asyncio.wait_for(worked.wait(), 20)

    assert [record for record in caplog.records if record.name == "bot.schedule"] == []


async def test_a_tick_whose_run_does_not_end_is_overdue(caplog: pytest.LogCaptureFixture) -> None:
    loop, hours = asyncio.get_running_loop(), timedelta(hours=1)
    later = loop.time() + hours.total_seconds()
    never = asyncio.Event()
    ticks = [
        Tick(name="stuck", every=FAST, run=never.wait),
        Tick(name="long", every=FAST, run=never.wait, may_run_on=True),
        Tick(name="rare", every=hours, run=never.wait),
    ]

    async with open_schedule(ticks, drain=timedelta(0), wall=utc_now) as schedule:
        assert schedule.overdue() == {}
        assert list(schedule.overdue(later)) == ["stuck"]
        never.set()


async def test_ticks_go_on_after_the_clock_was_set_back_by_an_hour() -> None:
    ran = asyncio.Event()
    step = timedelta(0)
    scheduler = AsyncIOScheduler(timezone=UTC)
    # To APScheduler, a clock that was set back and a run that is due in an hour look the same.
    scheduler.add_job(ran.set, "interval", seconds=1, next_run_time=utc_now() + timedelta(hours=1))
    scheduler.start()
    watch = asyncio.create_task(run_after_clock_steps(scheduler, wall=lambda: utc_now() - step, every=FAST))
    try:
        await asyncio.sleep(0.2)
        assert not ran.is_set()
        step = timedelta(hours=1)
        await asyncio.wait_for(ran.wait(), 20)
    finally:
        watch.cancel()
        scheduler.shutdown(wait=False)
