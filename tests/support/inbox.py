"""An inbox that is watched with short waits, and a fake Ingest that records its drafts."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from handlers.drafts import ArticleDraft, Draft
from handlers.ingest.inbox import Timing, watch_inbox
from storage.errors import StorageError
from storage.records import Source
from storage.store import Store
from tests.support.fakes import FakeClock

TEXT = "Huawei signs a deal\n\nThe operator said on Monday that it had signed.\n"


@dataclass
class RecordingIngest:
    """A fake Ingest: records drafts, and fails as scripted."""

    drafts: list[Draft] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    failures: list[StorageError] = field(default_factory=list)
    in_place: list[bool] = field(default_factory=list)
    folder: Path | None = None

    async def __call__(self, drafts: Sequence[Draft], *, source: Source, now: datetime) -> None:
        if self.failures:
            raise self.failures.pop()
        if self.folder is not None:
            self.in_place.append((self.folder / drafts[0].origin).exists())
        self.drafts += drafts
        self.sources.append(source)

    @property
    def titles(self) -> list[str]:
        return [draft.title for draft in self.drafts if isinstance(draft, ArticleDraft)]


@asynccontextmanager
async def watching(inbox: Path, store: Store, ingest: RecordingIngest) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(
        watch_inbox(
            inbox,
            store,
            ingest,
            clock=FakeClock(),
            stop=stop,
            timing=Timing(stable=timedelta(milliseconds=40), retry=timedelta(milliseconds=50)),
        )
    )
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, 20)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def until(fact: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not fact():  # noqa: ASYNC110  # a file system has no event to wait for
            await asyncio.sleep(0.01)
