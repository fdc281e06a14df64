"""The composition root: opens all parts, runs until the process is asked to stop, and closes them in reverse order."""

import asyncio
import contextlib
import logging
import signal
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from enum import StrEnum
from typing import Final

from bot.config import Settings, bare
from bot.console.messenger import ConsoleMessenger
from bot.core import Core, load_seeds, utc_now, wait_for_core
from bot.gateways import Gateways, open_gateways
from bot.schedule import Schedule, Tick, open_schedule
from bot.upkeep_ticks import upkeep_ticks
from bot.web.access import Tokens
from bot.web.app import WebParts, create_web
from bot.web.health import DatabaseCheck, Health, Part, poll_warnings
from bot.web.late import when_connected
from bot.web.metrics import Metrics
from bot.web.proxies import Proxies
from bot.web.server import serve
from handlers.alerts.rollup import enqueue_rollups
from handlers.answers.errors import WirewatchError
from handlers.commands.follow import enqueue_direct_messages
from handlers.delivery.deliver import LEASE, Deliver
from handlers.ingest.inbox import watch_inbox
from handlers.ingest.pollers import Pollers
from handlers.queries.backfill import INTERACTIVE_LIMIT, backfill_all
from handlers.reports.digest import enqueue_digests
from handlers.sources.documents.pdf.process import end_workers
from handlers.topics.matcher import IS_COMPILED
from handlers.workspaces.clock import ClockWatch
from storage.records import Platform

logger = logging.getLogger(__name__)

_DRAIN: Final = timedelta(seconds=5)
"""For running ticks and posts, while the web server ends. Closing Discord's connection may take 3 s more, and hosts
give 10 s after SIGTERM."""
_POLL_EVERY: Final = timedelta(seconds=5)
_DIGEST_EVERY: Final = timedelta(seconds=10)
_CLOCK_EVERY: Final = timedelta(seconds=10)
_CHECK_EVERY: Final = timedelta(seconds=10)
_BACKFILL_EVERY: Final = timedelta(seconds=5)
_WATCH_EVERY: Final = timedelta(seconds=5)


class Role(StrEnum):
    """Which parts of the bot a process runs. A single process runs all of them."""

    ALL = "all"
    WEB = "web"
    WORKER = "worker"


async def run_bot(
    settings: Settings, *, role: Role, ready: Callable[[str | None], None], lease: timedelta = LEASE
) -> None:
    """Run until SIGTERM or SIGINT.

    `ready` is called once everything has started, with the address of the console page, or with None if this role does
    not serve it. `lease` is how long a channel waits before another process posts there, if its process was killed.

    Raises: WirewatchError or StorageError if the bot cannot start, or if a part failed that only a restart repairs.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        core = await wait_for_core(stack, settings, stop)
        if core is None:
            return
        bot = _Bot(core, role, stop, lease=lease)
        async with bot.open() as address:
            if not IS_COMPILED:
                logger.warning("The matcher is not compiled, so it is thirty times slower. Run .ci/compile.py once")
            logger.info("Started")
            ready(address)
            await bot.watch()
            logger.info("Stopping: finishing ticks and posts that are running")
    logger.info("Stopped")
    if bot.failure:
        raise WirewatchError(f"The bot stopped because a part of it failed: {bot.failure}. The host should restart it.")


class _Bot:
    """The parts that run in this process, and their health."""

    def __init__(self, core: Core, role: Role, stop: asyncio.Event, *, lease: timedelta) -> None:
        self._core = core
        self._settings = core.settings
        self._role = role
        self._stop = stop
        self._lease = lease
        self._console = ConsoleMessenger(core.store, utc_now)
        self._database = DatabaseCheck(core.store)
        self._metrics = Metrics()
        self._gateways = Gateways()
        self._pollers = Pollers(core.store, core.fetcher, core.ingest, clock=utc_now)
        self._schedule: Schedule | None = None
        self._loops: list[asyncio.Task[None]] = []
        self._drain_deadline = 0.0
        """Time of the event loop's clock until which running work may continue once the bot stops."""
        self.failure: str | None = None
        """Which part failed for good, with the reason."""

    @asynccontextmanager
    async def open(self) -> AsyncIterator[str | None]:
        """Start the parts of this role, and yield the address of the console page, if any.

        When the block ends, the parts finish their running work and stop in reverse order.
        """
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._database.close)
            stack.callback(end_workers)  # last, because threads of this process may wait for the workers
            try:
                self._core.messengers[Platform.CONSOLE] = self._console
                self._gateways = await stack.enter_async_context(
                    open_gateways(self._core, connects=self._role is not Role.WEB)
                )
                address = None
                if self._role is not Role.WORKER:
                    address = await self._open_web(stack)
                if self._role is not Role.WEB:
                    await self._open_work(stack)
                yield address
            finally:
                self._drain_deadline = asyncio.get_running_loop().time() + _DRAIN.total_seconds()

    async def watch(self) -> None:
        """Wait until the process is asked to stop, or until a part fails that only a restart repairs."""
        while not self._stop.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), _WATCH_EVERY.total_seconds())
            for task in self._loops:
                if task.done() and not self._stop.is_set():
                    self.failure = f"{task.get_name()}: {task.exception() or 'it ended'}"
                    logger.error("A loop ended: %s", task.get_name(), exc_info=task.exception())
            if self.failure is not None:
                self._stop.set()

    async def _open_web(self, stack: AsyncExitStack) -> str:
        settings, core, gateways = self._settings, self._core, self._gateways
        parts = WebParts(
            store=core.store,
            commands=core.commands,
            ingest=core.ingest,
            messenger=self._console,
            tokens=Tokens(
                page=bare(settings.token), documents=bare(settings.api_token), reading=bare(settings.read_token)
            ),
            proxies=Proxies(settings.proxies),
            health=self._health,
            alive=self._alive,
            clock=utc_now,
            metrics=self._metrics,
            slack_handler=when_connected(gateways.slack_handler) if gateways.answers_slack else None,
            slack_pages=when_connected(gateways.slack_pages) if gateways.installs_slack else None,
        )
        address, task = await stack.enter_async_context(
            serve(create_web(parts), host=settings.host, port=settings.port, stop=self._stop)
        )
        self._loops.append(task)
        return address

    async def _open_work(self, stack: AsyncExitStack) -> None:
        core = self._core
        deliver = Deliver(core.store, core.messengers, lease=self._lease)
        await self._run_loop(stack, "deliver", deliver.run(clock=utc_now, stop=self._stop, woken=core.woken))
        await self._run_loop(
            stack,
            "inbox",
            watch_inbox(self._settings.inbox, core.store, core.ingest, clock=utc_now, stop=self._stop),
        )
        await load_seeds(core)
        watch = ClockWatch(core.store, wall=utc_now, monotonic=time.monotonic)
        await watch.look()
        ticks = (
            Tick(name="clock", every=_CLOCK_EVERY, run=watch.look),
            Tick(name="poll", every=_POLL_EVERY, run=self._poll, may_run_on=True),
            Tick(name="channels", every=_CHECK_EVERY, run=self._check_channels),
            Tick(name="digests", every=_DIGEST_EVERY, run=self._enqueue_digests),
            Tick(name="backfill", every=_BACKFILL_EVERY, run=self._backfill),
            *upkeep_ticks(core.store, self._settings.retention),
        )
        self._schedule = await stack.enter_async_context(open_schedule(ticks, drain=_DRAIN, wall=utc_now))

    async def _run_loop(self, stack: AsyncExitStack, name: str, work: Coroutine[object, object, None]) -> None:
        """Run a loop until the process is asked to stop, then give it time to finish its running work."""
        task = asyncio.create_task(work, name=name)
        self._loops.append(task)

        async def end() -> None:
            self._stop.set()
            self._core.woken.set()
            await asyncio.wait({task}, timeout=max(0.0, self._drain_deadline - asyncio.get_running_loop().time()))
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        stack.push_async_callback(end)

    async def _poll(self) -> None:
        await self._pollers.poll_due(self._stop)
        self._core.woken.set()

    async def _check_channels(self) -> None:
        """Ask the platforms about blocked channels whose next check is due."""
        if await self._core.access.check_due(utc_now()):
            self._core.woken.set()

    async def _enqueue_digests(self) -> None:
        store, now = self._core.store, utc_now()
        if sum([await enqueue(store, now) for enqueue in (enqueue_digests, enqueue_rollups, enqueue_direct_messages)]):
            self._core.woken.set()

    async def _backfill(self) -> None:
        await backfill_all(self._core.store, limit=INTERACTIVE_LIMIT)

    def _alive(self) -> Health:
        """Return the state of the parts that only a restart repairs."""
        loops = {task.get_name(): not task.done() for task in self._loops}
        return Health(
            parts=tuple(Part(name=name, ok=ok, detail="the loop ended", vital=True) for name, ok in loops.items())
        )

    async def _health(self) -> Health:
        parts = [await self._database.part(), *self._alive().parts]
        for connection in self._gateways.all:
            problem = await connection.problem()
            parts.append(Part(name=connection.platform.value, ok=problem is None, detail=problem or ""))
        if self._schedule is not None:
            problems = self._schedule.problems()
            parts += [Part(name=name, ok=False, detail=detail) for name, detail in problems.items()]
        warnings = await poll_warnings(self._core.store, utc_now()) if parts[0].ok else ()
        return Health(parts=tuple(parts), warnings=warnings)
