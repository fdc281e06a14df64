"""What the bot and every terminal command share: the open database, with its seeds, and the use cases on it."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.config import Settings
from bot.secret_key import secret_keys
from bot.time_zones import use_newer_time_zones
from handlers.commands.dispatch import Commands
from handlers.delivery.recheck import ChannelAccess
from handlers.ingest.ingest import Ingest
from handlers.ingest.seal_addresses import seal_addresses
from handlers.ingest.seed import read_console, seed_catalogue, seed_console
from handlers.ports import Messenger
from handlers.queries.backfill import STARTUP_LIMIT, backfill_all
from handlers.sources.fetch.client import Fetcher, open_fetcher
from handlers.topics.catalogue import read_catalogue
from storage.records import Platform, Workspace
from storage.sealing import Addresses
from storage.store import Store, open_store

SEEDS: Final = Path(__file__).resolve().parent.parent / "seeds"
USER_AGENT: Final = "Wirewatch/0.1 (news alerts; polls as publishers ask)"


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
