"""The one HTTP client: polite, bounded, and unable to reach inside the host's network."""

import asyncio
import base64
import socket
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from handlers.answers.errors import FetchError
from handlers.sources.fetch import errors as fetch_errors
from handlers.sources.fetch.addresses import PORTS, is_literal, is_public
from handlers.sources.fetch.headers import inflate, max_age, retry_after
from handlers.sources.fetch.host_limits import Lanes

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PERMANENT: Final = frozenset({301, 308})
_INLINE: Final = 64 * 1024
"""Bytes up to which a compressed body is inflated on the loop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long and how far one fetch may go."""

    total: timedelta = timedelta(seconds=30)
    """Of one hop, from the connection to the last byte: a server that drips for ever is cut off here."""
    connect: timedelta = timedelta(seconds=10)
    read: timedelta = timedelta(seconds=15)
    """Between two pieces of the body."""
    redirects: int = 6
    a_host: int = 2
    """Requests under way to one host at a time."""
    delay: timedelta = timedelta(milliseconds=500)
    """Between the starts of two requests to one host."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    status: int
    url: str
    """Where the answer came from, after redirects."""
    body: bytes
    """Decompressed; empty where `not_modified`."""
    content_type: str | None
    etag: str | None
    last_modified: str | None
    not_modified: bool
    permanent_url: str | None
    """The new address, where the server said that the old one has moved for good."""
    max_age: timedelta | None
    """How long the server asks us to be content with this answer."""


class _ForbiddenAddress(OSError):
    """Somebody's inner network."""


class _GuardedResolver(AbstractResolver):
    """Names to public addresses. One forbidden address among them refuses the name."""

    def __init__(self) -> None:
        self._resolver = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        if not all(is_public(result["host"]) for result in found):
            raise _ForbiddenAddress(host)
        return found

    async def close(self) -> None:
        await self._resolver.close()


def _guarded_socket(address: tuple[Any, ...]) -> socket.socket:
    """The last gate: every socket passes here with the very address that it will be connected to."""
    family, kind, protocol, _, target = address
    if not is_public(target[0]):
        raise _ForbiddenAddress(target[0])
    return socket.socket(family=family, type=kind, proto=protocol)


@asynccontextmanager
async def open_fetcher(
    *, user_agent: str, allow_private: bool = False, limits: Limits | None = None
) -> AsyncGenerator["Fetcher", None]:
    """The fetcher, until the block ends.

    `allow_private` opens the host's own network and every port: for people who host their own feeds, and for tests.
    """
    limits = limits or Limits()
    guard = {} if allow_private else {"resolver": _GuardedResolver(), "socket_factory": _guarded_socket}
    connector = aiohttp.TCPConnector(limit=64, limit_per_host=limits.a_host, keepalive_timeout=30, **guard)  # type: ignore[arg-type]
    timeout = aiohttp.ClientTimeout(
        total=limits.total.total_seconds(),
        connect=None,
        sock_connect=limits.connect.total_seconds(),
        sock_read=limits.read.total_seconds(),
    )
    async with aiohttp.ClientSession(
        connector=connector,
        timeout=timeout,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
        headers={
            "User-Agent": user_agent,
            "Accept": "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, "
            "text/html;q=0.8, */*;q=0.5",
            "Accept-Encoding": "gzip, deflate",
        },
    ) as session:
        yield Fetcher(session, limits=limits, allow_private=allow_private)


class Fetcher:
    """Fetches one address at a time for each caller; made by `open_fetcher`."""

    def __init__(self, session: aiohttp.ClientSession, *, limits: Limits, allow_private: bool) -> None:
        self._session = session
        self._limits = limits
        self._allow_private = allow_private
        self._lanes = Lanes(a_host=limits.a_host, delay=limits.delay)

    async def fetch(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None, max_bytes: int
    ) -> Fetched:
        """The body behind an address, through redirects; with `etag` or `last_modified` it may be `not_modified`.

        A body over `max_bytes`, before or after decompression, is refused. Credentials in the address go to its own
        host and port, over its own scheme, and nowhere else.

        Raises: FetchError, with a message fit for a person that never holds credentials or a query.
        """
        headers = {}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        here = self._checked(url)
        origin, auth = _origin(here), _auth(here)
        here = here.with_user(None)
        moved: str | None = None
        permanent = True
        for _ in range(self._limits.redirects + 1):
            allowed = auth if _origin(here) == origin else {}
            answer = await self._hop(here, {**headers, **allowed}, max_bytes, conditional=bool(headers))
            if isinstance(answer, _Answer):
                return self._fetched(answer, here, moved)
            status, location = answer
            target = self._checked(_joined(here, location)).with_user(None)
            permanent = permanent and status in _PERMANENT and not (here.scheme == "https" and target.scheme == "http")
            if permanent and not auth:
                moved = str(target)
            here = target
        raise fetch_errors.too_many_redirects(url, self._limits.redirects)

    def _checked(self, url: str) -> URL:
        try:
            parsed = URL(url.strip())
            host, port = parsed.host, parsed.port
        except ValueError as error:
            raise fetch_errors.not_an_address(url) from error
        if parsed.scheme not in ("http", "https") or not host:
            raise fetch_errors.not_an_address(url)
        if not self._allow_private:
            if port not in PORTS:
                raise fetch_errors.forbidden_port(url, port)
            if is_literal(host) and not is_public(host):
                raise fetch_errors.forbidden_address(url)
        return parsed.with_fragment(None)

    async def _hop(
        self, url: URL, headers: dict[str, str], max_bytes: int, *, conditional: bool
    ) -> "_Answer | tuple[int, str]":
        """One request: its answer, or (status, where it sends us)."""
        shown = str(url)
        host = url.host or ""
        async with self._lanes.enter(host) as wait:
            if wait is not None:
                raise fetch_errors.told_to_wait(shown, wait)
            try:
                async with self._session.get(url, headers=headers, allow_redirects=False) as response:
                    if response.status in _REDIRECTS and "Location" in response.headers:
                        return response.status, response.headers["Location"]
                    if response.status == 304 and conditional:
                        return _Answer(response, b"")
                    if not 200 <= response.status < 300:
                        wait = retry_after(response.headers.get("Retry-After"), now=datetime.now(UTC))
                        if response.status == 429:
                            self._lanes.close(host, wait or timedelta(minutes=1))
                        raise fetch_errors.refused(shown, response.status, wait)
                    body = await self._body(response, shown, max_bytes)
            except TimeoutError as error:  # aiohttp's own time-outs are of this kind too
                raise fetch_errors.too_slow(shown, self._limits.total) from error
            except aiohttp.ClientConnectorError as error:
                raise _unconnected(shown, error) from error
            except aiohttp.InvalidURL as error:
                raise fetch_errors.not_an_address(shown) from error
            except (aiohttp.ClientError, ssl.SSLError, OSError) as error:
                raise fetch_errors.broken(shown, error) from error
        body = await self._inflated(body, response.headers.get("Content-Encoding"), shown, max_bytes)
        return _Answer(response, body)

    async def _body(self, response: aiohttp.ClientResponse, shown: str, max_bytes: int) -> bytes:
        if (response.content_length or 0) > max_bytes:
            raise fetch_errors.too_large(shown, max_bytes)
        body = bytearray()
        async for piece in response.content.iter_any():
            body += piece
            if len(body) > max_bytes:
                raise fetch_errors.too_large(shown, max_bytes)
        return bytes(body)

    async def _inflated(self, body: bytes, encoding: str | None, shown: str, max_bytes: int) -> bytes:
        try:
            if len(body) <= _INLINE // 8 or not encoding:
                return inflate(body, encoding, max_bytes)
            return await asyncio.to_thread(inflate, body, encoding, max_bytes)
        except OverflowError as error:
            raise fetch_errors.too_large(shown, max_bytes) from error
        except ValueError as error:
            raise fetch_errors.undecodable(shown, str(error)) from error

    def _fetched(self, answer: "_Answer", url: URL, moved: str | None) -> Fetched:
        headers = answer.response.headers
        return Fetched(
            status=answer.response.status,
            url=str(url),
            body=answer.body,
            content_type=headers.get("Content-Type"),
            etag=headers.get("ETag"),
            last_modified=headers.get("Last-Modified"),
            not_modified=answer.response.status == 304,
            permanent_url=moved,
            max_age=max_age(headers.get("Cache-Control"), headers.get("Age")),
        )


@dataclass(frozen=True, slots=True)
class _Answer:
    response: aiohttp.ClientResponse
    body: bytes


def _joined(base: URL, location: str) -> str:
    try:
        return str(base.join(URL(location)))
    except ValueError as error:
        raise fetch_errors.not_an_address(location) from error


def _origin(url: URL) -> tuple[str, str | None, int | None]:
    return url.scheme, url.host, url.port


def _auth(url: URL) -> dict[str, str]:
    """The credentials of an address as a header."""
    if not url.user:
        return {}
    pair = f"{url.user}:{url.password or ''}".encode()
    return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}


def _unconnected(shown: str, error: aiohttp.ClientConnectorError) -> FetchError:
    if isinstance(error.os_error, _ForbiddenAddress):
        return fetch_errors.forbidden_address(shown)
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return fetch_errors.unknown_host(shown)
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return fetch_errors.bad_certificate(shown)
    return fetch_errors.broken(shown, error)
