"""POST /slack/events of a bot in HTTP mode, for several test files."""

import io
import json
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from fastapi import FastAPI
from multidict import CIMultiDict
from starlette.routing import Route

from bot.slack.gateway import SlackGateway
from bot.web.server import serve
from handlers.commands.dispatch import Commands
from storage.store import Store
from tests.bot.slack.conftest import connected
from tests.support.slack_server import SIGNING_SECRET, SlackServer

FORM = "application/x-www-form-urlencoded"
TYPED = "word-that-somebody-typed"
"""Must never appear in a log."""

Headers = Mapping[str, str] | Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    url: str
    session: aiohttp.ClientSession

    async def post(
        self, body: bytes | AsyncIterator[bytes], headers: Headers, content_type: str = FORM
    ) -> tuple[int, str]:
        """Return the status and the text of the answer."""
        all_headers = CIMultiDict(headers)
        all_headers["Content-Type"] = content_type
        data = io.BytesIO(body) if isinstance(body, bytes) else body
        async with self.session.post(f"{self.url}slack/events", data=data, headers=all_headers) as answer:
            return answer.status, await answer.text()


@asynccontextmanager
async def http_mode(server: SlackServer, commands: Commands, store: Store) -> AsyncIterator[Endpoint]:
    """Run a process in HTTP mode. When the block has ended, all of its work is done."""
    async with AsyncExitStack() as stack:
        gateway = connected(server, commands, store, app_token=None, signing_secret=SIGNING_SECRET)
        yield await stack.enter_async_context(_served(await stack.enter_async_context(gateway)))


@asynccontextmanager
async def _served(gateway: SlackGateway) -> AsyncIterator[Endpoint]:
    assert gateway.http is not None
    app = FastAPI(routes=[Route("/slack/events", gateway.http.handle, methods=["POST"])])
    async with serve(app, host="127.0.0.1", port=0) as (url, _), aiohttp.ClientSession() as session:
        yield Endpoint(url, session)


def command(server: SlackServer, words: str, **more: Any) -> bytes:
    """Return the body of a slash command, such as "brief huawei"."""
    name, _, text = words.partition(" ")
    return urlencode(server.command(name, text, **more)).encode()


def payload(body: Mapping[str, Any]) -> bytes:
    """Return the body of a click, form or shortcut."""
    return urlencode({"payload": json.dumps(body)}).encode()


def log_everything(caplog: pytest.LogCaptureFixture) -> None:
    """Record all log lines at every level."""
    caplog.set_level(1)
    caplog.set_level(logging.WARNING, logger="aiosqlite")  # writes a line for each step, without values
