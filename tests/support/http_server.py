"""A real HTTP server on the loopback interface: it gives the answers that a test sets, and records the requests."""

import asyncio
import gzip
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import TypeVar

from aiohttp import web

T = TypeVar("T")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer of a path."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    gzipped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedRequest:
    path: str
    """With the query."""
    raw_path: str
    """The same as the client has sent it."""
    headers: Mapping[str, str]


class LocalServer:
    """Answers by path. Several answers of a path are given in turn, and the last one from then on."""

    def __init__(self) -> None:
        self.requests: list[ReceivedRequest] = []
        self.address = ""
        self.concurrent = 0
        """Requests that are being answered."""
        self.most_concurrent = 0
        self._answers: dict[str, list[Answer | Handler]] = {}

    def answer(self, path: str, *answers: Answer | Handler | bytes) -> str:
        """Set the answers of a path, and return its URL."""
        self._answers[path] = [Answer(body=answer) if isinstance(answer, bytes) else answer for answer in answers]
        return self.address + path

    def redirect(self, path: str, to: str, *, status: int = 302) -> str:
        """Let a path redirect to another one or to a URL, and return its URL."""
        return self.answer(path, Answer(status=status, headers={"Location": to}))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer a request. A path without answers gives 404."""
        self.requests.append(
            ReceivedRequest(path=request.path_qs, raw_path=request.raw_path, headers=dict(request.headers))
        )
        answers = self._answers.get(request.path)
        if not answers:
            return web.Response(status=404)
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        self.concurrent += 1
        self.most_concurrent = max(self.most_concurrent, self.concurrent)
        try:
            if not isinstance(answer, Answer):
                return await answer(request)
            return _response(request, answer)
        finally:
            self.concurrent -= 1


def _response(request: web.Request, answer: Answer) -> web.Response:
    headers = dict(answer.headers)
    if "ETag" in headers and request.headers.get("If-None-Match") == headers["ETag"]:
        return web.Response(status=304, headers=headers)
    body = answer.body
    if answer.gzipped:
        body = gzip.compress(body)
        headers["Content-Encoding"] = "gzip"
    return web.Response(status=answer.status, body=body, headers=headers)


async def drip(request: web.Request) -> web.StreamResponse:
    """Send a byte every ten milliseconds for ten seconds, or until the client disconnects."""
    response = web.StreamResponse()
    await response.prepare(request)
    try:
        for _ in range(1000):
            await response.write(b"<")
            await asyncio.sleep(0.01)
    except ConnectionError:
        pass
    return response


@asynccontextmanager
async def local_server() -> AsyncGenerator[LocalServer, None]:
    """Yield a server that listens until the block ends."""
    server = LocalServer()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", server.handle)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    server.address = f"http://{host}:{port}"
    try:
        yield server
    finally:
        await runner.cleanup()


@contextmanager
def run_in_thread(server: AbstractAsyncContextManager[T]) -> Iterator[T]:
    """Yield a server that runs in another thread, for a test that blocks the main thread as a running bot does."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        yield asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result()
    finally:
        asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
