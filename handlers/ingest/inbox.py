"""The inbox: a watched folder. Ingested files move to done/, unreadable files to failed/ with the reason."""

import asyncio
import logging
import os
import stat
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from watchfiles import Change, awatch

from handlers.drafts import Draft
from handlers.ingest.inbox_files import Stamp, is_open_for_writing, is_unfinished, move_away, read_once, read_path
from storage.errors import StorageError
from storage.private_files import make_folder
from storage.records import SHARED, Source, SourceKind
from storage.sources import NewSource
from storage.store import Store

logger = logging.getLogger(__name__)

STABLE_TIME: Final = timedelta(milliseconds=100)
"""A file is read when its size and modification time have been stable this long and no process has it open for
writing. The wait covers a writer that opens its file anew for each piece."""
_UNKNOWN_WRITERS: Final = 20
"""The wait is so many times longer on systems that do not tell who has a file open, as a writer may pause."""
MAX_FILES: Final = 50
"""The number of files ingested together, if many are waiting."""
MAX_BYTES: Final = 8_000_000
"""The total size of files ingested together."""
RETRY: Final = timedelta(seconds=10)
"""How long files wait after the database failed."""
RESCAN: Final = timedelta(seconds=5)
"""How often the folder is listed even without change events, as network drives send none."""

__all__ = ("read_path", "watch_inbox")


class IngestDrafts(Protocol):
    """The part of handlers.ingest.ingest.Ingest that the inbox uses."""

    def __call__(self, drafts: Sequence[Draft], *, source: Source, now: datetime) -> Awaitable[object]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How long the inbox waits."""

    stable: timedelta = STABLE_TIME
    """Before it reads a file that no longer changes."""
    retry: timedelta = RETRY
    """Before it tries again after the database failed."""


_TIMING: Final = Timing()


@dataclass(slots=True)
class _Observed:
    stamp: Stamp
    since: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _ReadFile:
    """A file that was read and is not ingested yet."""

    name: str
    stamp: Stamp
    drafts: tuple[Draft, ...]
    reason: str | None
    """Why the file moves to failed/."""


async def watch_inbox(
    folder: Path,
    store: Store,
    ingest: IngestDrafts,
    *,
    clock: Callable[[], datetime],
    stop: asyncio.Event,
    timing: Timing = _TIMING,
) -> None:
    """Ingest the files in the folder, and those added later, until `stop` is set. Creates the folder if needed.

    A file is moved only after it was ingested. After a crash in between it is read again, and its key marks it as a
    duplicate.
    """
    for subfolder in (folder, folder / "done", folder / "failed"):
        await asyncio.to_thread(make_folder, subfolder)
    inbox = _Inbox(folder, store, ingest, clock=clock, timing=timing)
    changed = asyncio.Event()
    stop_watching = asyncio.Event()  # not `stop`, as the watcher sets it when it is cancelled
    async with asyncio.TaskGroup() as tasks:
        watcher = tasks.create_task(_watch(folder, changed, stop_watching))
        stopped = tasks.create_task(stop.wait())
        try:
            while not stop.is_set():
                changed.clear()
                wait = await inbox.ingest_stable(stop)
                added = tasks.create_task(changed.wait())
                await asyncio.wait((added, stopped), timeout=wait, return_when=asyncio.FIRST_COMPLETED)
                added.cancel()
        finally:
            stop_watching.set()
            watcher.cancel()
            stopped.cancel()


async def _watch(folder: Path, changed: asyncio.Event, stop: asyncio.Event) -> None:
    def is_addition(change: Change, path: str) -> bool:
        return change is not Change.deleted and not is_unfinished(Path(path).name)

    while not stop.is_set():
        try:
            async for _ in awatch(
                folder,
                watch_filter=is_addition,
                recursive=False,
                debounce=50,
                step=10,
                rust_timeout=500,
                stop_event=stop,
            ):
                changed.set()
        except* (OSError, RuntimeError) as errors:  # too many watches, a name that is not UTF-8, or the folder is gone
            logger.warning(
                "The inbox cannot be watched for changes and is listed at intervals instead: %s", _first(errors)
            )
            changed.set()
            await asyncio.sleep(RESCAN.total_seconds())


def _first(error: BaseException) -> BaseException:
    """Return the first error in nested exception groups."""
    return _first(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error


class _Inbox:
    """The state of each file in the folder, and what happens to it: read, ingest, move."""

    def __init__(
        self,
        folder: Path,
        store: Store,
        ingest: IngestDrafts,
        *,
        clock: Callable[[], datetime],
        timing: Timing,
    ) -> None:
        self._folder = folder
        self._store = store
        self._ingest = ingest
        self._clock = clock
        self._stable = timing.stable.total_seconds()
        self._retry = timing.retry.total_seconds()
        self._observed: dict[str, _Observed] = {}
        self._stuck: dict[str, Stamp] = {}
        """Files that were ingested but could not be moved. They are ignored until they change."""
        self._retry_at = 0.0
        self._source: Source | None = None

    async def ingest_stable(self, stop: asyncio.Event) -> float:
        """Ingest the files that are stable, oldest first. Returns the seconds until the next file may be stable."""
        stamps = await asyncio.to_thread(self._list)
        self._observed = {name: seen for name, seen in self._observed.items() if name in stamps}
        self._stuck = {name: stamp for name, stamp in self._stuck.items() if stamps.get(name) == stamp}
        wait = RESCAN.total_seconds()
        stable: dict[str, Stamp] = {}
        for name, stamp in stamps.items():
            if name in self._stuck:
                continue
            remaining = await self._time_until_stable(name, stamp)
            if remaining > 0:
                wait = min(wait, remaining)
                continue
            if stable and sum(other.size for other in stable.values()) + stamp.size > MAX_BYTES:
                wait = 0.0
                break
            stable[name] = stamp
            if len(stable) == MAX_FILES:
                wait = 0.0
                break
        if stop.is_set():
            return 0.0
        if not await self._ingest_files(stable):
            wait = min(wait, self._retry)
        return max(wait, 0.01)

    async def _time_until_stable(self, name: str, stamp: Stamp) -> float:
        """Return the seconds until the file may be stable; 0 if it is."""
        now = asyncio.get_running_loop().time()
        seen = self._observed.get(name)
        if seen is None or seen.stamp != stamp:
            seen = self._observed[name] = _Observed(stamp, now)
        due = max(seen.since + self._stable, self._retry_at)
        if now < due:
            return due - now
        match await asyncio.to_thread(is_open_for_writing, self._folder / name):
            case True:
                seen.since = now
                return self._stable
            case None:
                return max(0.0, seen.since + self._stable * _UNKNOWN_WRITERS - now)
            case False:
                return 0.0

    def _list(self) -> dict[str, Stamp]:
        """Return the files that may be documents, oldest first."""
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
        return dict(sorted(found, key=lambda item: (item[1].changed_ns, item[0])))

    async def _ingest_files(self, stable: Mapping[str, Stamp]) -> bool:
        """Read, ingest and move the files. Returns False if some of them stay and must be tried again."""
        read = [await self._read(name, stamp) for name, stamp in stable.items()]
        files = [file for file in read if file is not None]
        if not files:
            return not stable
        now = self._clock()
        try:
            if self._source is None:
                async with self._store.begin() as tx:
                    self._source, _ = await tx.sources.ensure(
                        NewSource(workspace_id=SHARED, kind=SourceKind.INBOX, url="inbox", title="Inbox"), now
                    )
            await self._ingest([draft for file in files for draft in file.drafts], source=self._source, now=now)
        except StorageError:  # the store logs when an outage begins and ends
            logger.info("%s stays in the inbox until the database answers", _names(files))
            self._retry_at = asyncio.get_running_loop().time() + self._retry
            return False
        for file in files:
            await self._move(file, now)
        return len(files) == len(read)

    async def _read(self, name: str, stamp: Stamp) -> _ReadFile | None:
        """Read the file, or return None if it is gone or changed meanwhile."""
        try:
            drafts, reason = await asyncio.to_thread(read_once, self._folder / name, stamp)
        except FileNotFoundError:
            drafts, reason = None, None
        if drafts is None:
            self._observed.pop(name, None)
            return None
        return _ReadFile(name=name, stamp=stamp, drafts=drafts, reason=reason)

    async def _move(self, file: _ReadFile, now: datetime) -> None:
        try:
            await asyncio.to_thread(move_away, self._folder / file.name, file.reason, now)
        except OSError as error:
            logger.warning("%s was ingested but cannot be moved out of the inbox: %s", file.name, error)
            self._stuck[file.name] = file.stamp
        if file.reason:
            logger.warning("%s contains no article: %s", file.name, file.reason)
        self._observed.pop(file.name, None)


def _names(files: Sequence[_ReadFile]) -> str:
    more = f" and {len(files) - 1} more" if len(files) > 1 else ""
    return f"{files[0].name}{more}"
