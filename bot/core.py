"""What the bot and every terminal command share: the open database, with its seeds, and the use cases on it."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.config import Settings
from bot.secret_key import secret_keys
from bot.time_zones import use_newer_time_zones
from handlers.commands.dispatch import Commands
from handlers.delivery.recheck import ChannelAccess
from handlers.ingest.inbox import read_path
from handlers.ingest.ingest import Ingest
from handlers.ingest.seal_addresses import seal_addresses
from handlers.ingest.seed import examples_source, read_console, seed_catalogue, seed_console, seed_feeds
from handlers.ports import Messenger
from handlers.queries.backfill import STARTUP_LIMIT, backfill_all
from handlers.sources.feeds.opml import read_opml
from handlers.sources.fetch.client import Fetcher, open_fetcher
from handlers.topics.catalogue import read_catalogue
from storage.errors import StorageUnavailable
from storage.records import Platform, Workspace
from storage.sealing import Addresses
from storage.store import Store, open_store

logger = logging.getLogger(__name__)

SEEDS: Final = Path(__file__).resolve().parent.parent / "seeds"
USER_AGENT: Final = "Wirewatch/0.1 (news alerts; polls as publishers ask)"

_START_PAUSE: Final = timedelta(seconds=2)
"""Between two attempts to open the database when the bot starts."""


def utc_now() -> datetime:
    """Return the current time in UTC. Everything that needs a clock gets this one."""
    return datetime.now(UTC)


_STARTED: Final = (datetime.now(UTC), time.monotonic())


def steady_now() -> datetime:
    """Return the time in UTC as if nobody had set the clock since the process started. For measuring how long."""
    wall, monotonic = _STARTED
    return wall + timedelta(seconds=time.monotonic() - monotonic)


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """The open database and the use cases."""

    settings: Settings
    store: Store
    ingest: Ingest
    fetcher: Fetcher
    commands: Commands
    console: Workspace
    messengers: dict[Platform, Messenger]
    """By platform; those that are connected at present."""
    access: ChannelAccess
    woken: asyncio.Event
    """Set when a delivery may be pending."""


@asynccontextmanager
async def open_core(settings: Settings) -> AsyncIterator[Core]:
    """Open and migrate the database, update the catalogue, and create the console if it does not exist yet.

    From then on the process uses the newer of the two time zone databases.

    Raises: ConfigError, StorageError, and WirewatchError if there is no key to encrypt feed addresses with.
    """
    use_newer_time_zones()
    settings.make_folder(settings.data_dir)
    addresses = Addresses(*secret_keys(settings))
    woken = asyncio.Event()
    async with (
        open_store(settings.store_url, addresses=addresses) as store,
        open_fetcher(user_agent=USER_AGENT, allow_private=settings.allow_private_fetch) as fetcher,
    ):
        await seal_addresses(store)
        now = utc_now()
        catalogue = read_catalogue((SEEDS / "topics.toml").read_text(encoding="utf-8"))
        await seed_catalogue(store, catalogue, now=now)
        starters = read_console((SEEDS / "console.toml").read_text(encoding="utf-8"))
        console = await seed_console(store, starters, zone=settings.time_zone, now=now)
        await backfill_all(store, limit=STARTUP_LIMIT)
        ingest = Ingest(store, wake=woken.set)
        messengers: dict[Platform, Messenger] = {}
        access = ChannelAccess(store, messengers)
        yield Core(
            settings=settings,
            store=store,
            ingest=ingest,
            fetcher=fetcher,
            commands=Commands(store, ingest=ingest, fetcher=fetcher, access=access, wake=woken.set),
            console=console,
            messengers=messengers,
            access=access,
            woken=woken,
        )


async def wait_for_core(stack: AsyncExitStack, settings: Settings, stop: asyncio.Event) -> Core | None:
    """Open the core. While the database does not answer, wait for it. Return None if the process is asked to stop.

    Raises: ConfigError, WirewatchError, StorageError if the database cannot be used at all.
    """
    is_waiting = False
    while not stop.is_set():
        try:
            core = await stack.enter_async_context(open_core(settings))
        except StorageUnavailable as error:
            if not is_waiting:
                logger.warning("The start waits for the database: %s", error)
            is_waiting = True
        else:
            if is_waiting:
                logger.warning("The database answers, so the start continues")
            return core
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _START_PAUSE.total_seconds())
    return None


async def load_seeds(core: Core) -> None:
    """Add the starter feeds and the example documents. Those that are stored already stay as they are."""
    now = utc_now()
    if core.settings.starter_feeds:
        await seed_feeds(core.store, read_opml((SEEDS / "feeds.opml").read_bytes()), now=now)
    if core.settings.examples:
        source = await examples_source(core.store, core.console, now=now)
        for path in sorted((SEEDS / "articles").iterdir()):
            await core.ingest(await asyncio.to_thread(read_path, path), source=source, now=utc_now())
