"""HTTP mode over real HTTP: only what Slack signed is read, a copy of it counts once, and no body reaches a log."""

import asyncio
import io
import json
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp
import pytest
from fastapi import FastAPI
from multidict import CIMultiDict
from starlette.routing import Route

from bot.slack.gateway import SlackGateway
from bot.web.server import serve
from handlers.commands.dispatch import Commands
from storage.records import Platform
from storage.store import Store
from tests.bot.slack.conftest import commands_over, connected
from tests.support.slack_server import BOT, SIGNING_SECRET, TEAM, SlackServer, eventually
from tests.support.slack_signing import signed

FORM = "application/x-www-form-urlencoded"
MARK = "word-that-somebody-typed"
LARGE = b"ssl_check=1&text=" + b"x" * 1_900_000

Headers = Mapping[str, str] | Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """POST /slack/events of a bot in HTTP mode."""

    url: str
    session: aiohttp.ClientSession

    async def post(
        self, body: bytes | AsyncIterator[bytes], headers: Headers, content_type: str = FORM
    ) -> tuple[int, str]:
        """The status and the text of the answer."""
        given = CIMultiDict(headers)
        given["Content-Type"] = content_type
        data = io.BytesIO(body) if isinstance(body, bytes) else body
        async with self.session.post(f"{self.url}slack/events", data=data, headers=given) as answer:
            return answer.status, await answer.text()


@asynccontextmanager
async def http_mode(server: SlackServer, commands: Commands, store: Store) -> AsyncIterator[Endpoint]:
    """A process that takes Slack's requests by HTTP. What it is working on is done when the block has ended."""
    async with AsyncExitStack() as stack:
        gateway = connected(server, commands, store, app_token=None, signing_secret=SIGNING_SECRET)
        yield await stack.enter_async_context(_served(await stack.enter_async_context(gateway)))


@asynccontextmanager
async def _served(gateway: SlackGateway) -> AsyncIterator[Endpoint]:
    assert gateway.http is not None
    app = FastAPI(routes=[Route("/slack/events", gateway.http.handle, methods=["POST"])])
    async with serve(app, host="127.0.0.1", port=0) as (url, _), aiohttp.ClientSession() as session:
        yield Endpoint(url, session)


@pytest.fixture
async def commands_of_each(store: Store) -> AsyncIterator[Commands]:
    """Over each database in turn."""
    async with commands_over(store) as opened:
        yield opened


@pytest.fixture
async def endpoint(
    server: SlackServer, commands: Commands, sqlite_store: Store, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Endpoint]:
    """Of a bot that logs at DEBUG."""
    _log_everything(caplog)
    async with http_mode(server, commands, sqlite_store) as opened:
        yield opened


def _log_everything(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(1)
    caplog.set_level(logging.WARNING, logger="aiosqlite")  # a line for each step, without values


def command(server: SlackServer, words: str, **more: Any) -> bytes:
    name, _, text = words.partition(" ")
    return urlencode(server.command(name, text, **more)).encode()


def payload(body: Mapping[str, Any]) -> bytes:
    """As Slack sends clicks, forms and shortcuts."""
    return urlencode({"payload": json.dumps(body)}).encode()


BODY = urlencode({"command": "/news", "text": MARK, "team_id": TEAM}).encode()
_TIMESTAMP, _SIGNATURE = signed(BODY)
"""The names of the two headers."""


def _with(**changed: str | None) -> dict[str, str]:
    """The headers of a signed request, some replaced, or left out where None."""
    given: dict[str, str | None] = {**signed(BODY)}
    given |= {{"timestamp": _TIMESTAMP, "signature": _SIGNATURE}[name]: value for name, value in changed.items()}
    return {name: value for name, value in given.items() if value is not None}


def _twice(name: str) -> list[tuple[str, str]]:
    headers = signed(BODY)
    return [*headers.items(), (name, headers[name])]


UNSIGNED: Mapping[str, tuple[Callable[[], Headers], str]] = {
    "no headers": (lambda: {}, "Slack signed"),
    "no signature": (lambda: _with(signature=None), "Slack signed"),
    "no timestamp": (lambda: _with(timestamp=None), "Slack signed"),
    "two signatures": (lambda: _twice(_SIGNATURE), "proxy"),
    "two timestamps": (lambda: _twice(_TIMESTAMP), "proxy"),
    "empty headers": (lambda: _with(timestamp="", signature=""), "Unix seconds"),
    "words for a time": (lambda: _with(timestamp="yesterday"), "Unix seconds"),
    "a time with a fraction": (lambda: _with(timestamp="1.5e9"), "Unix seconds"),
    "a time that is not a number": (lambda: _with(timestamp="nan"), "Unix seconds"),
    "a negative time": (lambda: _with(timestamp="-1"), "Unix seconds"),
    "digits of another script": (lambda: _with(timestamp="١٢٣٤٥٦٧٨٩٠"), "Unix seconds"),
    "a huge time": (lambda: _with(timestamp="9" * 4_000), "Unix seconds"),
    "a time in year 30000": (lambda: _with(timestamp="9" * 12), "clock"),
    "a short signature": (lambda: _with(signature="v0=abc"), "hexadecimal"),
    "a signature that is not ASCII": (lambda: _with(signature="v0=" + "ä" * 64), "hexadecimal"),
    "another version": (lambda: _with(signature="v1=" + "0" * 64), "hexadecimal"),
    "another secret": (lambda: signed(BODY, secret="another-secret"), "SLACK_SIGNING_SECRET"),
    "another body": (lambda: signed(BODY + b"x"), "SLACK_SIGNING_SECRET"),
    "too old": (lambda: signed(BODY, age_s=310), "clock"),
    "from the future": (lambda: signed(BODY, age_s=-310), "clock"),
}


@pytest.mark.parametrize("wrong", UNSIGNED)
async def test_what_slack_did_not_sign_is_refused_in_words(
    wrong: str, server: SlackServer, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    headers, hint = UNSIGNED[wrong]

    # Where one of them is signed it is BODY: of the others the signature is wrong as well.
    for body in (BODY, b"", b"\xff\xfe" + BODY, LARGE):
        status, text = await endpoint.post(body, headers())

        assert status == 401
        detail = json.loads(text)["detail"]
        assert detail.endswith(".")
        assert hint in detail
    assert server.responses == []
    assert MARK not in caplog.text


@pytest.mark.parametrize("age_s", [0, 290, -290])
async def test_a_signed_command_is_answered(age_s: int, server: SlackServer, endpoint: Endpoint) -> None:
    body = command(server, "news")

    assert await endpoint.post(body, signed(body, age_s=age_s)) == (200, "")
    assert (await server.reply())["response_type"] == "ephemeral"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", FORM),
        (b"\xff\xfe", FORM),
        (b"{" + MARK.encode(), "application/json"),
        (b'["' + MARK.encode() + b'"]', "application/json"),
        (b"7", "application/json"),
        (b"[" * 200_000, "application/json"),
        (b'{"event": ' * 100_000, "application/json"),
        (b'{"authorizations": 7}', "application/json"),
        (b"payload=" + MARK.encode(), FORM),
        (b"payload=7", FORM),
    ],
    ids=[
        "empty",
        "not UTF-8",
        "half",
        "a list",
        "a number",
        "deep",
        "deeper",
        "other types",
        "no payload",
        "odd payload",
    ],
)
async def test_a_signed_body_that_is_no_request_of_slack_is_refused_in_words(
    body: bytes, content_type: str, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    status, text = await endpoint.post(body, signed(body), content_type)

    assert status == 400
    assert "signature is right" in json.loads(text)["detail"]
    assert MARK not in caplog.text


async def test_slack_may_check_the_address(endpoint: Endpoint) -> None:
    ssl = urlencode({"ssl_check": "1", "token": "t"}).encode()
    url = json.dumps({"type": "url_verification", "token": "t", "challenge": "c-1"}).encode()

    for _ in range(2):  # it may check as often as it likes
        assert await endpoint.post(ssl, signed(ssl)) == (200, "")
        status, text = await endpoint.post(url, signed(url), "application/json")
        assert (status, json.loads(text)) == (200, {"challenge": "c-1"})
    assert (await endpoint.post(ssl, {}))[0] == 401
    assert (await endpoint.post(url, {}, "application/json"))[0] == 401


def _requests(server: SlackServer) -> Mapping[str, tuple[bytes, str]]:
    """One of each kind that has an effect, and its content type."""
    mention = {
        "type": "app_mention",
        "user": "U1",
        "text": f"<@{BOT}> news",
        "channel": "C1",
        "ts": "1",
        "event_ts": "1",
    }
    home = {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home", "event_ts": "1"}
    shortcut = {
        "type": "message_action",
        "callback_id": "check",
        "team": {"id": TEAM, "domain": "wire"},
        "user": {"id": "U1", "username": "ada", "team_id": TEAM},
        "channel": {"id": "C1", "name": "intel"},
        "message": {"ts": "1.1", "text": "Huawei builds 5G networks in Russia with MTS."},
        "response_url": f"{server.url}/respond",
        "trigger_id": "1.2",
    }
    button = server.pressed({"type": "button", "action_id": "press", "value": "pace:1:daily"})
    return {
        "a command": (command(server, "news"), FORM),
        "a click": (payload(button), FORM),
        "a shortcut": (payload(shortcut), FORM),
        "a mention": (json.dumps(server.event("Ev1", mention)).encode(), "application/json"),
        "a mention without an id": (json.dumps(server.event("", mention)).encode(), "application/json"),
        "Home": (json.dumps(server.event("Ev2", home)).encode(), "application/json"),
    }


def _effects(server: SlackServer) -> int:
    """What a person could see."""
    return len(server.responses) + len(server.views) + sum(len(messages) for messages in server.messages.values())


_KINDS = list(_requests(SlackServer()))


@pytest.mark.parametrize("kind", _KINDS)
async def test_a_request_that_comes_again_is_answered_once_by_all_processes_together(
    kind: str, server: SlackServer, commands_of_each: Commands, store: Store
) -> None:
    body, content_type = _requests(server)[kind]
    headers = signed(body)

    processes = [http_mode(server, commands_of_each, store) for _ in range(3)]
    async with processes[0] as one, processes[1] as other:
        copies = [place.post(body, headers, content_type) for place in (one, other, one)]
        assert [status for status, _ in await asyncio.gather(*copies)] == [200, 200, 200]
    async with processes[2] as restarted:
        assert await restarted.post(body, headers, content_type) == (200, "")

    assert _effects(server) == 1


@pytest.mark.parametrize("kind", [kind for kind in _KINDS if kind != "a mention without an id"])
async def test_what_slack_says_it_sends_again_is_answered_once(
    kind: str, server: SlackServer, commands_of_each: Commands, store: Store
) -> None:
    body, content_type = _requests(server)[kind]
    retried = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}

    async with http_mode(server, commands_of_each, store) as endpoint:
        await endpoint.post(body, signed(body, age_s=60), content_type)
        assert await endpoint.post(body, signed(body) | retried, content_type) == (200, "")

    assert _effects(server) == 1


async def test_a_repetition_of_what_never_arrived_is_answered(server: SlackServer, endpoint: Endpoint) -> None:
    body = command(server, "news")

    await endpoint.post(body, signed(body) | {"X-Slack-Retry-Num": "1"})

    assert (await server.reply())["response_type"] == "ephemeral"


async def test_who_says_the_same_again_is_answered_again(
    server: SlackServer, commands: Commands, sqlite_store: Store
) -> None:
    body = command(server, "news")

    async with http_mode(server, commands, sqlite_store) as endpoint:
        for age_s in (2, 1):
            await endpoint.post(body, signed(body, age_s=age_s))

    assert len(server.responses) == 2


async def test_a_form_that_comes_again_changes_nothing_more(
    server: SlackServer, commands: Commands, sqlite_store: Store
) -> None:
    async with http_mode(server, commands, sqlite_store) as endpoint:
        opening = command(server, "topics add")
        await endpoint.post(opening, signed(opening))
        _, view = await server.view()
        body = payload(_filled_in(view, {"name": "ports", "query": "ports"}))
        headers = signed(body)
        first, again = [await endpoint.post(body, headers) for _ in range(2)]

    assert first[0] == again[0] == 200
    assert "update" in first[1]
    assert again[1] == ""
    async with sqlite_store.read() as tx:
        workspace = await tx.workspaces.find(Platform.SLACK, TEAM)
        assert workspace is not None
        assert [topic.name for topic in await tx.topics.visible(workspace.id)].count("ports") == 1


def _filled_in(view: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    state = {name: {name: {"type": "plain_text_input", "value": value}} for name, value in values.items()}
    return {
        "type": "view_submission",
        "team": {"id": TEAM, "domain": "wire"},
        "user": {"id": "U1", "username": "ada", "team_id": TEAM},
        "trigger_id": "1.2",
        "view": dict(view) | {"id": "V1", "hash": "h1", "state": {"values": state}},
    }


async def test_a_command_is_answered_while_somebody_sends_more_than_is_held(
    server: SlackServer, endpoint: Endpoint
) -> None:
    """Large bodies that are right so far wait for their end; the bot drops the largest, not the person's."""
    end, arrived = asyncio.Event(), asyncio.Semaphore(0)

    async def slowly() -> AsyncIterator[bytes]:
        yield LARGE[:-1]
        arrived.release()
        await end.wait()
        yield LARGE[-1:]

    senders = [asyncio.create_task(endpoint.post(slowly(), signed(LARGE, age_s=number))) for number in range(8)]
    for _ in senders:
        await arrived.acquire()
    body = command(server, "news")
    answer = await endpoint.post(body, signed(body))
    end.set()
    others = [status for status, _ in await asyncio.gather(*senders)]

    assert answer == (200, "")
    assert (await server.reply())["response_type"] == "ephemeral"
    assert sorted(others) == [200] * 4 + [503] * 4  # what was dropped has to be sent again


@pytest.mark.parametrize("by_socket", [False, True])
async def test_no_log_holds_what_was_typed_or_a_token_at_any_level(
    by_socket: bool,
    server: SlackServer,
    commands: Commands,
    sqlite_store: Store,
    caplog: pytest.LogCaptureFixture,
) -> None:
    _log_everything(caplog)
    unhandled = urlencode({"command": f"/{MARK}", "text": MARK, "team_id": TEAM}).encode()
    words = command(server, f"subscribe {MARK}", response_url=f"{server.url}/respond?secret-of-the-address")

    if by_socket:
        async with connected(server, commands, sqlite_store):
            await server.send("slash_commands", server.command(MARK, MARK))
            await server.send("slash_commands", server.command("subscribe", MARK), envelope="e2")
            await server.reply()
    else:
        async with http_mode(server, commands, sqlite_store) as endpoint:
            for headers in ({}, signed(words, secret="another"), signed(words, age_s=999), signed(words)):
                await endpoint.post(words, headers)
            assert (await endpoint.post(unhandled, signed(unhandled)))[0] == 404
            await server.reply()

    by_libraries = [record for record in caplog.records if record.name.startswith("slack_")]
    assert MARK not in caplog.text
    assert "secret-of-the-address" not in caplog.text
    assert "xoxb-" not in caplog.text
    assert [record.getMessage() for record in by_libraries] == []
    assert "Slack sent a request that nothing" in caplog.text


async def test_why_requests_are_refused_is_logged_once_an_hour(
    endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        await endpoint.post(BODY, signed(BODY, secret="another"))

    refused = [record.getMessage() for record in caplog.records if "was refused" in record.getMessage()]
    assert len(refused) == 1
    assert "SLACK_SIGNING_SECRET" in refused[0]


async def test_what_the_headers_decide_is_refused_before_the_body_comes(endpoint: Endpoint) -> None:
    for length, end in (("Content-Length: 1900000", ""), ("Transfer-Encoding: chunked", "connection: close")):
        async with _connection(endpoint) as (reader, writer):
            writer.write(f"POST /slack/events HTTP/1.1\r\nHost: x\r\n{length}\r\n\r\n".encode())
            answer = await reader.readuntil(b"\r\n\r\n")

        assert answer.startswith(b"HTTP/1.1 401")
        assert end in answer.decode().casefold()


async def test_a_sender_that_goes_away_is_no_fault(endpoint: Endpoint, caplog: pytest.LogCaptureFixture) -> None:
    head = "".join(f"{name}: {value}\r\n" for name, value in signed(BODY).items())
    async with _connection(endpoint) as (_, writer):
        writer.write(f"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n{head}\r\nhalf".encode())
        await writer.drain()
    body = urlencode({"ssl_check": "1"}).encode()

    async def is_well() -> bool:
        return await endpoint.post(body, signed(body)) == (200, "")

    assert await eventually(is_well)
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


@asynccontextmanager
async def _connection(endpoint: Endpoint) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    port = urlsplit(endpoint.url).port
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()
        await writer.wait_closed()
