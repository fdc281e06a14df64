"""Runs uvicorn in the bot's event loop, on a socket bound here and without uvicorn's signal handling."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any, Final

import h11
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.web.body_limits import STALL
from handlers.answers.errors import WirewatchError

_DRAIN_S: Final = 2
"""Seconds that open requests have to finish when the server stops."""
_KEEP_ALIVE_S: Final = 30


class _Protocol(H11Protocol):
    """Closes a connection whose request stalls where no part of the application waits for it.

    That is the head of a request, and what is left of a body after the response. uvicorn limits only the time between
    two requests of a connection.
    """

    def __init__(self, *args: Any, stall: timedelta, **options: Any) -> None:
        super().__init__(*args, **options)
        self._stall = stall
        self._watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch = self.loop.call_later(self._stall.total_seconds(), transport.close)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._check()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        is_idle = self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]
        if not is_idle:  # between two requests, uvicorn limits the time
            self._check()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._end_watch()

    def _check(self) -> None:
        """Start to watch if the head or the rest of a body is incomplete; stop if it is complete."""
        is_head = self.conn.their_state is h11.IDLE
        is_rest = self.conn.their_state is h11.SEND_BODY and self.conn.our_state is not h11.SEND_RESPONSE
        if not (is_head or is_rest):
            self._end_watch()
        elif self._watch is None:
            self._watch = self.loop.call_later(self._stall.total_seconds(), self.transport.close)

    def _end_watch(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Install no signal handlers: bot/app.py handles signals and stops all parts in order."""
        yield


@asynccontextmanager
async def serve(
    app: FastAPI, *, host: str, port: int, stop: asyncio.Event | None = None, stall: timedelta = STALL
) -> AsyncIterator[tuple[str, asyncio.Task[None]]]:
    """Serve the application; yield the address to open in a browser, and the server's task. Port 0 picks a free port.

    Once `stop` is set, open requests have two seconds to finish. `stall`: how long the head of a request may take.

    Raises: WirewatchError when the port cannot be bound.
    """
    listener = _bind(host, port)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=_DRAIN_S,
        timeout_keep_alive=_KEEP_ALIVE_S,
        ws="none",
        http=partial(_Protocol, stall=stall),  # type: ignore[arg-type]
        proxy_headers=False,  # bot/web/proxies.py reads them
    )
    server = _Server(config)
    task: asyncio.Task[Any] = asyncio.create_task(server.serve(sockets=[listener]), name="web server")

    def end() -> None:
        end_streams = getattr(app.state, "end_streams", None)
        if end_streams is not None:  # open pages would keep the server running until its time limit
            end_streams()
        server.should_exit = True

    stopping = None if stop is None else asyncio.create_task(_call_after(stop, end), name="end of the web server")
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else f"[{host}]" if ":" in host else host  # noqa: S104
    try:
        yield f"http://{shown}:{listener.getsockname()[1]}/", task
    finally:
        if stopping is not None:
            stopping.cancel()
        end()
        await asyncio.gather(task, return_exceptions=True)
        listener.close()


async def _call_after(event: asyncio.Event, act: Callable[[], None]) -> None:
    await event.wait()
    act()


def _bind(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
            listener.listen()  # connections made before the server accepts them wait instead of being refused
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise WirewatchError(
            f"The web server cannot bind {host} port {port}: {error.strerror or error}. Another program, perhaps "
            "another Wirewatch, may be using it. Stop that program, or choose another port: PORT=8081 make run"
        ) from error
    return listener
