"""Runs uvicorn in the bot's event loop, on a socket bound here and without uvicorn's signal handling."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any, Final

import uvicorn
from fastapi import FastAPI

from handlers.answers.errors import WirewatchError

_DRAIN_S: Final = 2
"""Seconds that open requests have to finish when the server stops."""
_KEEP_ALIVE_S: Final = 30


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Install no signal handlers: bot/app.py handles signals and stops all parts in order."""
        yield


@asynccontextmanager
async def serve(app: FastAPI, *, host: str, port: int) -> AsyncIterator[tuple[str, asyncio.Task[None]]]:
    """Serve the application; yield the address to open in a browser, and the server's task. Port 0 picks a free port.

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
    )
    server = _Server(config)
    task: asyncio.Task[Any] = asyncio.create_task(server.serve(sockets=[listener]), name="web server")
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else f"[{host}]" if ":" in host else host  # noqa: S104
    try:
        yield f"http://{shown}:{listener.getsockname()[1]}/", task
    finally:
        end_streams = getattr(app.state, "end_streams", None)
        if end_streams is not None:  # open pages would keep the server running until its time limit
            end_streams()
        server.should_exit = True
        await asyncio.gather(task, return_exceptions=True)
        listener.close()


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
