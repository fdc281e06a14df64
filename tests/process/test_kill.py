"""kill -9 at any point loses nothing and posts nothing twice: a real process, killed again and again, and a count."""

import asyncio
import contextlib
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from time import time
from typing import Final

import pytest

from storage.records import SHARED, DeliveryState, Ledger, Pace, Platform
from storage.store import Store, open_store
from tests.support.platform_server import PlatformServer, platform_server
from tests.support.worker_main import Job

WORKER: Final = (sys.executable, "-m", "tests.support.worker_main")
"""Takes a Job as its one argument, "start" and "wait" on its standard input."""
ROOT: Final = Path(__file__).resolve().parents[2]
KILLS: Final = 56
CHANNELS: Final = 24
STORIES: Final = 5
"""In each channel; one more would be a burst, and held."""
SPEED: Final = 10.0
LEASE: Final = 12.0
LIMIT: Final = timedelta(seconds=100)


class Worker:
    """The process that is killed, and the one that starts it anew."""

    def __init__(self, parent: asyncio.subprocess.Process) -> None:
        self._parent = parent
        self.pid = 0
        self.kills = 0

    async def start(self) -> None:
        self.pid = int(await self._ask("start"))

    async def killed(self) -> None:
        """Wait for its end, which must be ours: it may not die of anything else."""
        status = int(await self._ask("wait"))
        assert os.WIFSIGNALED(status), f"the worker ended by itself, with {status}"
        assert os.WTERMSIG(status) == signal.SIGKILL
        self.pid = 0
        self.kills += 1

    async def stop(self) -> int:
        os.kill(self.pid, signal.SIGTERM)
        status = int(await self._ask("wait"))
        self.pid = 0
        return status

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            if self.pid:
                os.kill(self.pid, signal.SIGKILL)

    async def _ask(self, what: str) -> str:
        assert self._parent.stdin is not None
        self._parent.stdin.write(f"{what}\n".encode())
        return await self.answer()

    async def answer(self) -> str:
        assert self._parent.stdout is not None
        async with asyncio.timeout(30):
            line = (await self._parent.stdout.readline()).decode().strip()
        assert line, "the worker's parent is gone"
        return line


@asynccontextmanager
async def open_worker(job: Job) -> AsyncIterator[Worker]:
    parent = await asyncio.create_subprocess_exec(
        *WORKER,
        job.written(),
        cwd=ROOT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    worker = Worker(parent)
    try:
        assert await worker.answer() == "ready"
        yield worker
    finally:
        worker.kill()
        parent.kill()
        await parent.wait()


class Documents:
    """Stories that have no word in common, each told once or twice, some dropped twice, some unreadable."""

    def __init__(self, chance: random.Random, folder: Path) -> None:
        self._chance = chance
        self._folder = folder
        self.files: list[tuple[str, str]] = []
        self.empty = self.twice = self.retold = 0
        for channel in range(CHANNELS):
            for story in range(STORIES):
                self._tell(channel, f"{channel}-{story}")
        chance.shuffle(self.files)

    def _tell(self, channel: int, name: str) -> None:
        sentences = [self._sentence() for _ in range(6)]
        title = f"{self._words(4).capitalize()} and zubject{channel}"
        text = "\n\n".join((title, f"{sentences[0]} It concerns zubject{channel}.", *sentences[1:]))
        self.files.append((f"{name}.txt", text))
        fate = self._chance.random()
        if fate < 0.3:
            self.retold += 1
            more = f"{self._sentence()} Here zubject{channel} is told again.\n\n{self._sentence()}"
            self.files.append((f"{name}-again.txt", f"{title}, says {self._word()}\n\n{' '.join(sentences)}\n\n{more}"))
        elif fate < 0.4:
            self.twice += 1
            self.files.append((f"{name}-copy.txt", text))
        elif fate < 0.5:
            self.empty += 1
            self.files.append((f"{name}-empty.txt", ""))

    def drop(self, many: int) -> None:
        """Put some into the inbox as a careful program does: written aside, then moved in."""
        for name, text in self.files[:many]:
            aside = self._folder / f".{name}"
            aside.write_text(text, encoding="utf-8")
            aside.rename(self._folder / name)
        del self.files[:many]

    def _sentence(self) -> str:
        return f"{self._words(11).capitalize()}."

    def _words(self, many: int) -> str:
        return " ".join(self._word() for _ in range(many))

    def _word(self) -> str:
        return "".join(
            self._chance.choice(("ba", "ce", "di", "fo", "gu", "ha", "ki", "lo", "mu", "ne")) for _ in range(5)
        )


async def settle_in(store: Store, job: Job) -> None:
    """Two workspaces whose channels each watch a word of their own."""
    async with store.begin() as tx:
        now = job.now()
        for number in range(CHANNELS):
            home = f"team{number % 2}"
            workspace = await tx.workspaces.ensure(Platform.CONSOLE, home, home, now=now)
            channel = await tx.channels.ensure(workspace.id, f"c{number}", f"c{number}", now=now)
            topic = await tx.topics.add(
                workspace_id=SHARED, name=f"t{number}", title=f"T{number}", query=f"zubject{number}", now=now
            )
            assert topic is not None
            await tx.subscriptions.ensure(
                channel_id=channel.id, topic_id=topic.id, pace=Pace.INSTANT, created_by="U1", now=now
            )


async def one_life(worker: Worker, server: PlatformServer, chance: random.Random) -> str:
    """Start it and kill it: at some moment, or at a certain point of one of its posts."""
    how = chance.choice(("moment", "received", "stored", "answered"))
    died = asyncio.Event()
    left = chance.randint(1, 6)

    def at(point: str) -> None:
        nonlocal left
        if point == how and not died.is_set():
            left -= 1
            if left <= 0:
                worker.kill()
                died.set()

    server.at = at
    await worker.start()
    limit = chance.uniform(0.05, 0.6) if how == "moment" else 1.0
    try:
        async with asyncio.timeout(limit):
            await died.wait()
    except TimeoutError:
        how = "moment"
        worker.kill()
        died.set()
    await worker.killed()
    return how


@pytest.mark.timeout(150)
async def test_a_process_killed_at_random_points_loses_nothing_and_posts_nothing_twice(
    sqlite_url: str, tmp_path: Path
) -> None:
    chance = random.Random(20261122)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    documents = Documents(chance, inbox)
    dropped = len(documents.files)
    ways: Counter[str] = Counter()
    async with platform_server(random.Random(7)) as server, open_store(sqlite_url) as store:
        job = Job(database=sqlite_url, inbox=str(inbox), platform=server.url, started=time(), speed=SPEED, lease=LEASE)
        await settle_in(store, job)
        async with open_worker(job) as worker, asyncio.timeout(LIMIT.total_seconds()):
            server.trouble = 0.2
            share = -(-dropped // (KILLS - 15))
            for _ in range(KILLS):
                documents.drop(share)
                ways[await one_life(worker, server, chance)] += 1
            server.at, server.trouble = (lambda point: None), 0.0
            await worker.start()
            await everything_is_posted(store, inbox)
            assert await worker.stop() == 0
            ledger = await totals(store)

    assert worker.kills == KILLS
    assert all(ways[point] for point in ("moment", "received", "stored")), ways
    assert server.ills.total() > 10

    alerts = Counter((message.channel, message.body["story_id"]) for message in server.alerts())
    assert [found for found, times in alerts.items() if times != 1] == []
    by_channel = Counter(channel for channel, _ in alerts)
    assert by_channel == {f"c{number}": STORIES for number in range(CHANNELS)}
    assert Counter(message.key for message in server.messages).most_common(1)[0][1] == 1

    assert ledger.agrees
    assert ledger.deliveries == ledger.deliveries_by_state[DeliveryState.SENT] == len(server.messages)
    assert ledger.arrivals == dropped
    assert (ledger.failed, ledger.duplicate) == (documents.empty, documents.twice)
    assert ledger.alert == ledger.ended.sent == CHANNELS * STORIES
    assert ledger.merged == ledger.ended.merged == documents.retold
    assert len(list((inbox / "done").iterdir())) == dropped - documents.empty


async def everything_is_posted(store: Store, inbox: Path) -> None:
    while True:
        await asyncio.sleep(0.1)
        if await asyncio.to_thread(lambda: any(path.is_file() for path in inbox.iterdir())):
            continue
        async with store.read() as tx:
            if await tx.deliveries.next_due_at() is None:
                return


async def totals(store: Store) -> Ledger:
    async with store.read() as tx:
        return await tx.ledger.totals()
