"""The inbox: a watched folder. What was read moves to done/, what could not be read to failed/ with the reason."""

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
from handlers.ingest.inbox_files import Stamp, is_open_for_writing, is_unfinished, put_away, read_once, read_path
from storage.errors import StorageError
from storage.private_files import make_folder
from storage.records import SHARED, Source, SourceKind
from storage.sources import NewSource
from storage.store import Store

logger = logging.getLogger(__name__)

SETTLE: Final = timedelta(milliseconds=100)
"""A file is read when its size and time of change stood still this long and nobody has it open for writing: it covers a
writer that opens its file anew for each piece."""
UNTOLD: Final = 20
"""So many times longer where the system does not tell who has a file open: a writer may pause."""
TOGETHER: Final = 50
"""Files that arrive in one transaction, where many lie there."""
TOGETHER_BYTES: Final = 8_000_000
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A file's content, on its way."""

    name: str
    stamp: Stamp
    drafts: tuple[Draft, ...]
    reason: str | None
    """Why it belongs to failed/."""


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
        await asyncio.to_thread(make_folder, place)
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
        """Takes in the files that stand still, the oldest first. Gives the seconds until one may be due."""
        stamps = await asyncio.to_thread(self._list)
        self._seen = {name: seen for name, seen in self._seen.items() if name in stamps}
        self._stuck = {name: stamp for name, stamp in self._stuck.items() if stamps.get(name) == stamp}
        wait = RESCAN.total_seconds()
        settled: dict[str, Stamp] = {}
        for name, stamp in stamps.items():
            if name in self._stuck:
                continue
            pause = await self._pause(name, stamp)
            if pause > 0:
                wait = min(wait, pause)
                continue
            if settled and sum(one.size for one in settled.values()) + stamp.size > TOGETHER_BYTES:
                wait = 0.0
                break
            settled[name] = stamp
            if len(settled) == TOGETHER:
                wait = 0.0
                break
        if stop.is_set():
            return 0.0
        if not await self._take(settled):
            wait = min(wait, self._retry)
        return max(wait, 0.01)

    async def _pause(self, name: str, stamp: Stamp) -> float:
        """Seconds until the file may be read, as far as is known now; 0: it stands still."""
        now = asyncio.get_running_loop().time()
        seen = self._seen.get(name)
        if seen is None or seen.stamp != stamp:
            seen = self._seen[name] = _Seen(stamp, now)
        due = max(seen.since + self._settle, self._retry_at)
        if now < due:
            return due - now
        match await asyncio.to_thread(is_open_for_writing, self._folder / name):
            case True:
                seen.since = now
                return self._settle
            case None:
                return max(0.0, seen.since + self._settle * UNTOLD - now)
            case False:
                return 0.0

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

    async def _take(self, settled: Mapping[str, Stamp]) -> bool:
        """Reads the files, hands over what they say, moves them. False: some stay, to be tried again."""
        found = [await self._read(name, stamp) for name, stamp in settled.items()]
        files = [file for file in found if file is not None]
        if not files:
            return not settled
        now = self._clock()
        try:
            if self._source is None:
                async with self._store.begin() as tx:
                    self._source, _ = await tx.sources.ensure(
                        NewSource(workspace_id=SHARED, kind=SourceKind.INBOX, url="inbox", title="Inbox"), now
                    )
            await self._arrive([draft for file in files for draft in file.drafts], source=self._source, now=now)
        except StorageError as error:
            logger.warning("%s stays in the inbox, the database cannot take it now: %s", _named(files), error)
            self._retry_at = asyncio.get_running_loop().time() + self._retry
            return False
        for file in files:
            await self._put_away(file, now)
        return len(files) == len(found)

    async def _read(self, name: str, stamp: Stamp) -> _Read | None:
        """None: it is gone, or it changed while it was read."""
        try:
            drafts, reason = await asyncio.to_thread(read_once, self._folder / name, stamp)
        except FileNotFoundError:
            drafts, reason = None, None
        if drafts is None:
            self._seen.pop(name, None)
            return None
        return _Read(name=name, stamp=stamp, drafts=drafts, reason=reason)

    async def _put_away(self, file: _Read, now: datetime) -> None:
        try:
            await asyncio.to_thread(put_away, self._folder / file.name, file.reason, now)
        except OSError as error:
            logger.warning("%s arrived but cannot be moved out of the inbox: %s", file.name, error)
            self._stuck[file.name] = file.stamp
        if file.reason:
            logger.warning("%s gave no article: %s", file.name, file.reason)
        self._seen.pop(file.name, None)


def _named(files: Sequence[_Read]) -> str:
    more = f" and {len(files) - 1} more" if len(files) > 1 else ""
    return f"{files[0].name}{more}"
