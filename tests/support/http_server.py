"""A real HTTP server on the loopback for tests: it answers what a test tells it to, and remembers what it was asked."""

import asyncio
import gzip
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import TypeVar

from aiohttp import web

T = TypeVar("T")
Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an address answers with."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    zipped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    path: str
    headers: Mapping[str, str]


class LocalServer:
    """Answers by path. A list of answers is given one after the other, the last one for ever."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.address = ""
        self._answers: dict[str, list[Answer | Answering]] = {}
        self.now_open = 0
        self.most_open = 0

    def answer(self, path: str, *answers: Answer | Answering | bytes) -> str:
        """Set what the path answers. Gives its address."""
        self._answers[path] = [Answer(body=one) if isinstance(one, bytes) else one for one in answers]
        return self.address + path

    def redirect(self, path: str, to: str, *, status: int = 302) -> str:
        return self.answer(path, Answer(status=status, headers={"Location": to}))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(Asked(path=request.path_qs, headers=dict(request.headers)))
        answers = self._answers.get(request.path)
        if not answers:
            return web.Response(status=404)
        one = answers.pop(0) if len(answers) > 1 else answers[0]
        self.now_open += 1
        self.most_open = max(self.most_open, self.now_open)
        try:
            if not isinstance(one, Answer):
                return await one(request)
            return _response(request, one)
        finally:
            self.now_open -= 1


def _response(request: web.Request, one: Answer) -> web.Response:
    headers = dict(one.headers)
    if "ETag" in headers and request.headers.get("If-None-Match") == headers["ETag"]:
        return web.Response(status=304, headers=headers)
    body = one.body
    if one.zipped:
        body = gzip.compress(body)
        headers["Content-Encoding"] = "gzip"
    return web.Response(status=one.status, body=body, headers=headers)


async def drip(request: web.Request) -> web.StreamResponse:
    """A feed that never ends: a byte every few milliseconds, until the client goes."""
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
    """The server, listening until the block ends."""
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
def beside(server: AbstractAsyncContextManager[T]) -> Iterator[T]:
    """A server in a thread of its own, for a test that has the main one to itself, as the bot that runs has."""
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
