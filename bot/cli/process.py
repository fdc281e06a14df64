"""Runs the bot's event loop, and ends the process without waiting for threads that still read documents."""

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NoReturn, ParamSpec, TypeVar

import uvloop

from bot.cli.session import FAILED
from handlers.answers.errors import WirewatchError

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")


def run_process(work: Coroutine[Any, Any, None], *, report: Callable[[WirewatchError], None]) -> None:
    """Run this in an event loop. If threads still compute when it ends, end the process.

    `report` prints an error in that case. Raises: WirewatchError, if no thread computes.
    """
    threads = _Threads()

    async def with_threads() -> None:
        asyncio.get_running_loop().set_default_executor(threads)
        await work

    runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
    try:
        runner.run(with_threads())
    except WirewatchError as error:
        logger.error("The bot stopped: %s", error)
        if threads.are_busy:
            report(error)
            _end(FAILED)
        raise
    if threads.are_busy:
        _end(0)
    runner.close()


class _Threads(ThreadPoolExecutor):
    """The threads of `asyncio.to_thread`. They only compute: what they return is stored by the event loop."""

    def __init__(self) -> None:
        super().__init__(thread_name_prefix="asyncio")
        self._unfinished: set[Future[Any]] = set()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run the function in a thread. It stays unfinished until it returns, even if its caller was cancelled."""
        future = super().submit(fn, *args, **kwargs)
        self._unfinished.add(future)
        future.add_done_callback(self._unfinished.discard)
        return future

    @property
    def are_busy(self) -> bool:
        """Whether a thread still computes."""
        return bool(self._unfinished)


def _end(code: int) -> NoReturn:
    """End the process at once with this exit code. Python would wait for all threads, however long they compute."""
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)
