"""A worker that can be killed: store, inbox, arrive and deliver, against a platform server over HTTP.

Run as `python -m tests.support.worker_main`. It imports everything once, then forks a worker for each line "start" on
its standard input and answers with its process id, so that a test can kill dozens of them in seconds. "wait" answers
with the exit status of the last one. Its clock runs faster than the world's: leases and retries end soon.
"""

import asyncio
import gc
import json
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import time

import aiohttp

from handlers.answers import Post
from handlers.arrive import Arrive
from handlers.deliver import Deliver
from handlers.freeze import freeze
from handlers.inbox import watch_inbox
from handlers.ports import PostError, PostFailure
from handlers.sources.language import language_of
from storage.records import Channel, Platform
from storage.store import open_store

_NAP = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    database: str
    inbox: str
    platform: str
    started: float
    """Seconds since 1970, of the test."""
    speed: float
    """How many seconds of the worker's clock a second takes."""
    lease: float
    """Seconds, by the worker's clock."""

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.started, UTC) + timedelta(seconds=(time() - self.started) * self.speed)

    def written(self) -> str:
        return json.dumps(asdict(self))


class HttpMessenger:
    """Posts to the platform server; what goes wrong on the way is told as the real messengers tell it."""

    platform = Platform.CONSOLE

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    def split(self, post: Post) -> Sequence[Post]:
        return (post,)

    async def post(self, channel: Channel, post: Post, *, key: str, thread: str | None = None) -> str:
        body = {"key": key, "thread": thread, "post": freeze(post)}
        return str((await self._call("POST", f"/channels/{channel.external_id}/messages", json=body))["ref"])

    async def edit(self, channel: Channel, ref: str, post: Post) -> None:
        await self._call("PATCH", f"/messages/{ref}", json={"post": freeze(post)})

    async def find(self, channel: Channel, key: str, *, since: datetime, thread: str | None = None) -> str | None:
        answer = await self._call("GET", f"/channels/{channel.external_id}/messages", params={"key": key})
        return None if answer["ref"] is None else str(answer["ref"])

    async def _call(
        self, method: str, path: str, *, json: object = None, params: dict[str, str] | None = None
    ) -> dict[str, object]:
        try:
            async with self._session.request(method, self._url + path, json=json, params=params) as response:
                body: dict[str, object] = await response.json()
                if response.status == 429:
                    wait = timedelta(seconds=float(str(body["retry_after"])))
                    raise PostError("slow down", failure=PostFailure.LATER, retry_after=wait)
                if response.status >= 500:
                    raise PostError(f"it answered {response.status}", failure=PostFailure.PERHAPS)
                return body
        except (aiohttp.ClientError, TimeoutError) as error:
            raise PostError(f"no answer: {error}", failure=PostFailure.PERHAPS) from error


async def work(job: Job) -> None:
    """Until SIGTERM; then what is under way is finished."""
    stop, woken = asyncio.Event(), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with (
        open_store(job.database) as store,
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=1)) as session,
    ):
        messenger = HttpMessenger(session, job.platform)
        lease = timedelta(seconds=job.lease)
        # A call is given a third of the lease at most, by the world's clock.
        patience = timedelta(seconds=job.lease / job.speed / 3)
        deliver = Deliver(store, {messenger.platform: messenger}, lease=lease, patience=patience)
        inbox = watch_inbox(
            Path(job.inbox),
            store,
            Arrive(store, wake=woken.set),
            clock=job.now,
            stop=stop,
            settle=timedelta(milliseconds=10),
            retry=timedelta(milliseconds=100),
        )
        async with asyncio.TaskGroup() as group:
            group.create_task(deliver.run(clock=job.now, stop=stop, woken=woken))
            group.create_task(inbox)
            while not stop.is_set():
                # The loop sleeps by the world's clock, which is too long by ours.
                await asyncio.sleep(_NAP)
                woken.set()


def main() -> None:
    job = Job(**json.loads(sys.argv[1]))
    pid = 0
    language_of("A long enough sentence, so that the model of languages is loaded before the first worker starts.")
    gc.freeze()  # what the workers share is not copied by their first collection
    print("ready", flush=True)
    for line in sys.stdin:
        if line.strip() == "start":
            pid = os.fork()
            if pid == 0:
                asyncio.run(work(job))
                os._exit(0)
            print(pid, flush=True)
        else:
            print(os.waitpid(pid, 0)[1], flush=True)


if __name__ == "__main__":
    main()
