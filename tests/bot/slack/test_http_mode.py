"""HTTP mode over real HTTP: only requests that Slack signed are parsed, and no body is logged."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urlencode, urlsplit

import pytest

from handlers.commands.dispatch import Commands
from storage.store import Store
from tests.bot.slack.conftest import connected
from tests.bot.slack.http_endpoint import FORM, TYPED, Endpoint, Headers, command, http_mode, log_everything
from tests.support.slack_server import TEAM, SlackServer, eventually
from tests.support.slack_signing import signed

LARGE = b"ssl_check=1&text=" + b"x" * 1_900_000
BODY = urlencode({"command": "/news", "text": TYPED, "team_id": TEAM}).encode()
_TIMESTAMP, _SIGNATURE = signed(BODY)
"""The names of the two headers."""


@pytest.fixture
async def endpoint(
    server: SlackServer, commands: Commands, sqlite_store: Store, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Endpoint]:
    """The endpoint of a bot whose log lines are all recorded."""
    log_everything(caplog)
    async with http_mode(server, commands, sqlite_store) as opened:
        yield opened


def _with(**changed: str | None) -> dict[str, str]:
    """Return the headers of a signed request, with some of them replaced, or left out if None."""
    headers: dict[str, str | None] = {**signed(BODY)}
    headers |= {{"timestamp": _TIMESTAMP, "signature": _SIGNATURE}[name]: value for name, value in changed.items()}
    return {name: value for name, value in headers.items() if value is not None}


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
    "a word as the timestamp": (lambda: _with(timestamp="yesterday"), "Unix seconds"),
    "a timestamp with a fraction": (lambda: _with(timestamp="1.5e9"), "Unix seconds"),
    "a timestamp that is not a number": (lambda: _with(timestamp="nan"), "Unix seconds"),
    "a negative timestamp": (lambda: _with(timestamp="-1"), "Unix seconds"),
    "digits of another script": (lambda: _with(timestamp="١٢٣٤٥٦٧٨٩٠"), "Unix seconds"),
    "a huge timestamp": (lambda: _with(timestamp="9" * 4_000), "Unix seconds"),
    "a timestamp in the year 30000": (lambda: _with(timestamp="9" * 12), "clock"),
    "a short signature": (lambda: _with(signature="v0=abc"), "hexadecimal"),
    "a signature that is not ASCII": (lambda: _with(signature="v0=" + "ä" * 64), "hexadecimal"),
    "another version": (lambda: _with(signature="v1=" + "0" * 64), "hexadecimal"),
    "another secret": (lambda: signed(BODY, secret="another-secret"), "SLACK_SIGNING_SECRET"),
    "another body": (lambda: signed(BODY + b"x"), "SLACK_SIGNING_SECRET"),
    "too old": (lambda: signed(BODY, age_s=310), "clock"),
    "from the future": (lambda: signed(BODY, age_s=-310), "clock"),
}


@pytest.mark.parametrize("wrong", UNSIGNED)
async def test_a_request_that_slack_did_not_sign_is_rejected_with_the_reason(
    wrong: str, server: SlackServer, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    headers, hint = UNSIGNED[wrong]

    # If a signature is right at all, it is that of BODY, so it is wrong for the other bodies.
    for body in (BODY, b"", b"\xff\xfe" + BODY, LARGE):
        status, text = await endpoint.post(body, headers())

        assert status == 401
        detail = json.loads(text)["detail"]
        assert detail.endswith(".")
        assert hint in detail
    assert server.responses == []
    assert TYPED not in caplog.text


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
        (b"{" + TYPED.encode(), "application/json"),
        (b'["' + TYPED.encode() + b'"]', "application/json"),
        (b"7", "application/json"),
        (b"[" * 200_000, "application/json"),
        (b'{"event": ' * 100_000, "application/json"),
        (b'{"authorizations": 7}', "application/json"),
        (b"payload=" + TYPED.encode(), FORM),
        (b"payload=7", FORM),
    ],
    ids=[
        "empty",
        "not UTF-8",
        "incomplete",
        "a list",
        "a number",
        "nested lists",
        "nested objects",
        "a value of the wrong type",
        "no payload",
        "a number as payload",
    ],
)
async def test_a_signed_body_in_another_format_is_rejected_with_the_reason(
    body: bytes, content_type: str, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    status, text = await endpoint.post(body, signed(body), content_type)

    assert status == 400
    assert "signature is right" in json.loads(text)["detail"]
    assert TYPED not in caplog.text


async def test_slack_can_verify_the_address(endpoint: Endpoint) -> None:
    ssl = urlencode({"ssl_check": "1", "token": "t"}).encode()
    url = json.dumps({"type": "url_verification", "token": "t", "challenge": "c-1"}).encode()

    for _ in range(2):  # Slack may verify it any number of times
        assert await endpoint.post(ssl, signed(ssl)) == (200, "")
        status, text = await endpoint.post(url, signed(url), "application/json")
        assert (status, json.loads(text)) == (200, {"challenge": "c-1"})
    assert (await endpoint.post(ssl, {}))[0] == 401
    assert (await endpoint.post(url, {}, "application/json"))[0] == 401


async def test_a_command_is_answered_while_large_bodies_fill_the_memory(
    server: SlackServer, endpoint: Endpoint
) -> None:
    """The large bodies stop before their last byte. The bot drops the largest of them, and keeps the command."""
    end, arrived = asyncio.Event(), asyncio.Semaphore(0)

    async def almost_complete() -> AsyncIterator[bytes]:
        yield LARGE[:-1]
        arrived.release()
        await end.wait()
        yield LARGE[-1:]

    senders = [
        asyncio.create_task(endpoint.post(almost_complete(), signed(LARGE, age_s=number))) for number in range(8)
    ]
    for _ in senders:
        await arrived.acquire()
    body = command(server, "news")
    answer = await endpoint.post(body, signed(body))
    end.set()
    others = [status for status, _ in await asyncio.gather(*senders)]

    assert answer == (200, "")
    assert (await server.reply())["response_type"] == "ephemeral"
    assert sorted(others) == [200] * 4 + [503] * 4


@pytest.mark.parametrize("by_socket", [False, True])
async def test_no_log_contains_what_people_typed_or_a_token_at_any_level(
    by_socket: bool, server: SlackServer, commands: Commands, sqlite_store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    log_everything(caplog)
    unhandled = urlencode({"command": f"/{TYPED}", "text": TYPED, "team_id": TEAM}).encode()
    body = command(server, f"subscribe {TYPED}", response_url=f"{server.url}/respond?secret-of-the-address")

    if by_socket:
        async with connected(server, commands, sqlite_store):
            await server.send("slash_commands", server.command(TYPED, TYPED))
            await server.send("slash_commands", server.command("subscribe", TYPED), envelope="e2")
            await server.reply()
    else:
        async with http_mode(server, commands, sqlite_store) as endpoint:
            for headers in ({}, signed(body, secret="another"), signed(body, age_s=999), signed(body)):
                await endpoint.post(body, headers)
            assert (await endpoint.post(unhandled, signed(unhandled)))[0] == 404
            await server.reply()

    by_libraries = [record for record in caplog.records if record.name.startswith("slack_")]
    assert TYPED not in caplog.text
    assert "secret-of-the-address" not in caplog.text
    assert "xoxb-" not in caplog.text
    assert [record.getMessage() for record in by_libraries] == []
    assert "Slack sent a request that this bot does not handle" in caplog.text


async def test_each_reason_for_a_rejection_is_logged_once_an_hour(
    endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        await endpoint.post(BODY, signed(BODY, secret="another"))

    rejected = [record.getMessage() for record in caplog.records if "was rejected" in record.getMessage()]
    assert len(rejected) == 1
    assert "SLACK_SIGNING_SECRET" in rejected[0]


async def test_wrong_headers_are_rejected_before_the_body_arrives(endpoint: Endpoint) -> None:
    for length, expected in (("Content-Length: 1900000", ""), ("Transfer-Encoding: chunked", "connection: close")):
        async with _connection(endpoint) as (reader, writer):
            writer.write(f"POST /slack/events HTTP/1.1\r\nHost: x\r\n{length}\r\n\r\n".encode())
            answer = await reader.readuntil(b"\r\n\r\n")

        assert answer.startswith(b"HTTP/1.1 401")
        assert expected in answer.decode().casefold()


async def test_a_sender_that_disconnects_causes_no_error(endpoint: Endpoint, caplog: pytest.LogCaptureFixture) -> None:
    head = "".join(f"{name}: {value}\r\n" for name, value in signed(BODY).items())
    async with _connection(endpoint) as (_, writer):
        writer.write(f"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n{head}\r\nhalf".encode())
        await writer.drain()
    body = urlencode({"ssl_check": "1"}).encode()

    async def answers() -> bool:
        return await endpoint.post(body, signed(body)) == (200, "")

    assert await eventually(answers)
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
