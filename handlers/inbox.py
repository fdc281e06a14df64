"""The inbox: a watched folder. What was read moves to done/, what could not be read to failed/ with the reason."""

import asyncio
import logging
import os
import stat
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from watchfiles import Change, awatch

from handlers.drafts import Draft
from handlers.inbox_files import Stamp, is_open_for_writing, is_unfinished, put_away, read_once, read_path
from storage.errors import StorageError
from storage.records import SHARED, Source, SourceKind
from storage.store import Store

logger = logging.getLogger(__name__)

SETTLE: Final = timedelta(milliseconds=300)
"""A file is read when its size and time of change stood still this long and nobody has it open for writing."""
RETRY: Final = timedelta(seconds=10)
"""How long a file waits when the database could not take it."""
RESCAN: Final = timedelta(seconds=5)
"""The folder is also listed this often: on network drives nothing tells of changes."""

__all__ = ("read_path", "watch_inbox")


class ArriveDrafts(Protocol):
    """handlers.arrive.Arrive, as far as the inbox needs it."""

    def __call__(self, drafts: Sequence[Draft], *, source: Source, now: datetime) -> Awaitable[object]: ...


@dataclass(slots=True)
class _Seen:
    stamp: Stamp
    since: float


async def watch_inbox(
    folder: Path,
    store: Store,
    arrive: ArriveDrafts,
    *,
    clock: Callable[[], datetime],
    stop: asyncio.Event,
    settle: timedelta = SETTLE,
    retry: timedelta = RETRY,
) -> None:
    """Take in what lies in the folder and what is dropped there, until `stop`. Makes the folder where it is missing.

    A file is moved only after it has arrived. A crash in between reads it again, and its key says that it is known.
    """
    for place in (folder, folder / "done", folder / "failed"):
        await asyncio.to_thread(place.mkdir, parents=True, exist_ok=True)
    inbox = _Inbox(folder, store, arrive, clock=clock, settle=settle, retry=retry)
    changed = asyncio.Event()
    watching = asyncio.Event()  # of its own: the watcher sets it when it is cancelled
    async with asyncio.TaskGroup() as tasks:
        watcher = tasks.create_task(_watch(folder, changed, watching))
        ended = tasks.create_task(stop.wait())
        try:
            while not stop.is_set():
                changed.clear()
                pause = await inbox.take_settled(stop)
                dropped = tasks.create_task(changed.wait())
                await asyncio.wait((dropped, ended), timeout=pause, return_when=asyncio.FIRST_COMPLETED)
                dropped.cancel()
        finally:
            watching.set()
            watcher.cancel()
            ended.cancel()


async def _watch(folder: Path, changed: asyncio.Event, stop: asyncio.Event) -> None:
    def is_arrival(change: Change, path: str) -> bool:
        return change is not Change.deleted and not is_unfinished(Path(path).name)

    while not stop.is_set():
        try:
            async for _ in awatch(
                folder,
                watch_filter=is_arrival,
                recursive=False,
                debounce=50,
                step=10,
                rust_timeout=500,
                stop_event=stop,
            ):
                changed.set()
        except* (OSError, RuntimeError) as errors:  # too many watches; a name that is not UTF-8; the folder is gone
            logger.warning("The inbox cannot be watched now, it is listed instead: %s", _first(errors))
            changed.set()
            await asyncio.sleep(RESCAN.total_seconds())


def _first(error: BaseException) -> BaseException:
    """The first single error in nested groups of them."""
    return _first(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error


class _Inbox:
    """What was seen of each file, and the one way a file goes: read, arrive, move."""

    def __init__(
        self,
        folder: Path,
        store: Store,
        arrive: ArriveDrafts,
        *,
        clock: Callable[[], datetime],
        settle: timedelta,
        retry: timedelta,
    ) -> None:
        self._folder = folder
        self._store = store
        self._arrive = arrive
        self._clock = clock
        self._settle = settle.total_seconds()
        self._retry = retry.total_seconds()
        self._seen: dict[str, _Seen] = {}
        self._stuck: dict[str, Stamp] = {}
        """Files that arrived but could not be moved: left alone until they change."""
        self._retry_at = 0.0
        self._source: Source | None = None

    async def take_settled(self, stop: asyncio.Event) -> float:
        """Takes in every file that stands still. Gives the seconds until one may be due."""
        loop = asyncio.get_running_loop()
        stamps = await asyncio.to_thread(self._list)
        self._seen = {name: seen for name, seen in self._seen.items() if name in stamps}
        self._stuck = {name: stamp for name, stamp in self._stuck.items() if stamps.get(name) == stamp}
        wait = RESCAN.total_seconds()
        for name, stamp in stamps.items():
            if stop.is_set():
                return 0.0
            if name in self._stuck:
                continue
            now = loop.time()
            seen = self._seen.get(name)
            if seen is None or seen.stamp != stamp:
                seen = self._seen[name] = _Seen(stamp, now)
            due = max(seen.since + self._settle, self._retry_at)
            if now < due:
                wait = min(wait, due - now)
            elif await asyncio.to_thread(is_open_for_writing, self._folder / name):
                seen.since = now
                wait = min(wait, self._settle)
            elif not await self._take(name, stamp):
                wait = min(wait, self._retry)
        return max(wait, 0.01)

    def _list(self) -> dict[str, Stamp]:
        """The files that may be documents, the oldest first."""
        found: list[tuple[str, Stamp]] = []
        try:
            with os.scandir(self._folder) as entries:
                for entry in entries:
                    if is_unfinished(entry.name):
                        continue
                    try:
                        state = entry.stat(follow_symlinks=False)
                    except FileNotFoundError:
                        continue
                    if stat.S_ISREG(state.st_mode) or stat.S_ISLNK(state.st_mode):
                        found.append((entry.name, Stamp(state.st_size, state.st_mtime_ns, state.st_ino)))
        except OSError as error:
            logger.warning("The inbox cannot be listed: %s", error)
        return dict(sorted(found, key=lambda one: (one[1].changed_ns, one[0])))

    async def _take(self, name: str, stamp: Stamp) -> bool:
        """Reads one file, hands it over, moves it. False: it stays, to be tried again."""
        path = self._folder / name
        try:
            drafts, reason = await asyncio.to_thread(read_once, path, stamp)
        except FileNotFoundError:
            return True
        if drafts is None:  # it changed while it was read
            self._seen.pop(name, None)
            return False
        try:
            now = self._clock()
            if self._source is None:
                async with self._store.begin() as tx:
                    self._source, _ = await tx.sources.ensure(
                        workspace_id=SHARED, kind=SourceKind.INBOX, url="inbox", title="Inbox", now=now
                    )
            await self._arrive(drafts, source=self._source, now=now)
        except StorageError as error:
            logger.warning("%s stays in the inbox, the database cannot take it now: %s", name, error)
            self._retry_at = asyncio.get_running_loop().time() + self._retry
            return False
        try:
            await asyncio.to_thread(put_away, path, reason, now)
        except OSError as error:
            logger.warning("%s arrived but cannot be moved out of the inbox: %s", name, error)
            self._stuck[name] = stamp
        if reason:
            logger.warning("%s gave no article: %s", name, reason)
        self._seen.pop(name, None)
        return True
