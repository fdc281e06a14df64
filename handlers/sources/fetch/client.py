"""The HTTP client for sources: limited in time, size and requests per host, and confined to the public internet."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import IO, Final

import aiohttp
from yarl import URL

from handlers.answers.errors import FetchError
from handlers.sources.fetch import errors as fetch_errors
from handlers.sources.fetch.bot_walls import LONGEST, is_bot_wall
from handlers.sources.fetch.conditional import condition, is_not_modified, validators
from handlers.sources.fetch.credentials import Origin, basic_auth, cookie_header, origin_of
from handlers.sources.fetch.guard import ForbiddenAddress, GuardedResolver, guarded_socket
from handlers.sources.fetch.headers import decompress, is_gzip, max_age, retry_after
from handlers.sources.fetch.host_limits import HostLimits
from handlers.sources.fetch.spool import SLOW, save
from handlers.sources.fetch.targets import checked_url, joined

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PERMANENT: Final = frozenset({301, 308})
_PERHAPS_BOT_WALL: Final = frozenset({401, 403, 405, 406, 503})
_CONNECTIONS: Final = 80
"""For the 64 pollers, and for the requests of people meanwhile."""
_INLINE: Final = 64 * 1024
"""Bytes of a decompressed body up to which decompression runs in the event loop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of one fetch."""

    total: timedelta = timedelta(seconds=30)
    """Time for one request, from connecting to the last byte. Redirects start again."""
    connect: timedelta = timedelta(seconds=10)
    """Time to connect."""
    read: timedelta = timedelta(seconds=15)
    """Time between two pieces of the body."""
    redirects: int = 6
    per_host: int = 2
    """Concurrent requests to one host."""
    delay: timedelta = timedelta(milliseconds=500)
    """Time between the starts of two requests to one host."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """The response to a request, after redirects."""

    status: int
    url: str
    """The URL that sent the response, without credentials."""
    body: bytes
    """The decompressed body. Empty if `not_modified`."""
    content_type: str | None
    etag: str | None
    last_modified: str | None
    not_modified: bool
    """Whether the document is the same as for the given `etag` or `last_modified`."""
    permanent_url: str | None
    """The new URL, if the server redirected permanently."""
    max_age: timedelta | None
    """How long the response stays fresh according to the server."""


@asynccontextmanager
async def open_fetcher(
    *, user_agent: str, allow_private: bool = False, limits: Limits | None = None
) -> AsyncGenerator["Fetcher", None]:
    """Yield a fetcher, which is closed when the block ends.

    `allow_private` permits the host's own network and all ports: for people who host their own feeds, and for tests.
    """
    limits = limits or Limits()
    connector = aiohttp.TCPConnector(
        limit=_CONNECTIONS,
        limit_per_host=limits.per_host,
        keepalive_timeout=30,
        resolver=GuardedResolver(allow_private=allow_private),
        socket_factory=partial(guarded_socket, allow_private=allow_private),
    )
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
    """Fetches documents over HTTP. Created by `open_fetcher`. May be used concurrently."""

    def __init__(self, session: aiohttp.ClientSession, *, limits: Limits, allow_private: bool) -> None:
        self._session = session
        self._limits = limits
        self._allow_private = allow_private
        self._host_limits = HostLimits(per_host=limits.per_host, delay=limits.delay)
        self.host_delay = limits.delay

    async def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        max_bytes: int,
        into: IO[bytes] | None = None,
        enough: int | None = None,
    ) -> Fetched:
        """Return the document at this URL, following redirects.

        With the `etag` or `last_modified` of an earlier response the result may be `not_modified`. A body of more than
        `max_bytes`, before or after decompression, is refused. With `into`, the body is written there piece by piece,
        and the server may take minutes; the result then has no body, and what follows `enough` bytes may be missing.
        Credentials in the URL are sent only to its own scheme, host and port. A cookie that comes with a redirect is
        sent back to its origin during this fetch, because some sites redirect to themselves until they receive it.

        Raises: FetchError, whose message tells a person what to do and contains no credentials and no query.
        """
        conditional = condition(etag, last_modified)
        current = checked_url(url, allow_private=self._allow_private)
        origin, auth = origin_of(current), basic_auth(current)
        current = current.with_user(None)
        permanent_url: str | None = None
        is_permanent = True
        cookies: dict[Origin, dict[str, str]] = {}
        for _ in range(self._limits.redirects + 1):
            credentials = auth if origin_of(current) == origin else {}
            cookie = cookie_header(cookies.get(origin_of(current), {}))
            sent = {**conditional, **credentials, **cookie}
            result = await self._request(_Request(current, sent, max_bytes, conditional, into, enough))
            if isinstance(result, _Answer):
                return self._fetched(result, current, permanent_url)
            cookies.setdefault(origin_of(current), {}).update(result.cookies)
            target = checked_url(joined(current, result.location), allow_private=self._allow_private).with_user(None)
            is_downgrade = current.scheme == "https" and target.scheme == "http"
            is_permanent = is_permanent and result.status in _PERMANENT and not is_downgrade
            if is_permanent and not auth:
                permanent_url = str(target)
            current = target
        raise fetch_errors.too_many_redirects(url, self._limits.redirects)

    async def _request(self, request: "_Request") -> "_Answer | _Redirect":
        """Send one request. Return its answer, or where it redirects to."""
        shown = str(request.url)
        host = request.url.host or ""
        timeout = self._session.timeout if request.into is None else SLOW
        async with self._host_limits.enter(host) as wait:
            if wait is not None:
                raise fetch_errors.rate_limited(shown, wait)
            try:
                async with self._session.get(
                    request.url, headers=request.headers, allow_redirects=False, timeout=timeout
                ) as response:
                    if response.status in _REDIRECTS and "Location" in response.headers:
                        cookies = {name: morsel.coded_value for name, morsel in response.cookies.items()}
                        return _Redirect(response.status, response.headers["Location"], cookies)
                    if is_not_modified(response.status, request.conditional):
                        return _Answer(response, b"", not_modified=True)
                    if not 200 <= response.status < 300:
                        raise await self._refusal(response, host, shown)
                    if request.into is not None:
                        most, enough = request.max_bytes, request.enough
                        await save(response, request.into, shown=shown, max_bytes=most, enough=enough)
                        return _Answer(response, b"")
                    body = await self._body(response, shown, request.max_bytes)
            except TimeoutError as error:  # the base class of aiohttp's timeouts
                raise fetch_errors.too_slow(shown, timedelta(seconds=timeout.total or 0)) from error
            except aiohttp.ClientConnectorError as error:
                raise _connection_error(shown, error) from error
            except aiohttp.InvalidURL as error:
                raise fetch_errors.not_an_address(shown) from error
            except (aiohttp.ClientError, ssl.SSLError, OSError) as error:
                raise fetch_errors.connection_failed(shown, error) from error
        body = await self._decompressed(body, response.headers.get("Content-Encoding"), shown, request.max_bytes)
        if is_bot_wall(response.headers, body):
            raise fetch_errors.bot_wall(shown, response.status, None)
        return _Answer(response, body)

    async def _refusal(self, response: aiohttp.ClientResponse, host: str, shown: str) -> FetchError:
        """Return the error for a status that means no success."""
        status = response.status
        wait = retry_after(response.headers.get("Retry-After"), now=datetime.now(UTC))
        if status == 429:
            self._host_limits.block(host, wait or timedelta(minutes=1))
        elif status in _PERHAPS_BOT_WALL and is_bot_wall(response.headers, await self._error_page(response, shown)):
            return fetch_errors.bot_wall(shown, status, wait)
        return fetch_errors.bad_status(shown, status, wait)

    async def _error_page(self, response: aiohttp.ClientResponse, shown: str) -> bytes:
        """Return the body of an error; nothing of one that is long or cannot be read."""
        try:
            body = await self._body(response, shown, LONGEST)
            return decompress(body, response.headers.get("Content-Encoding"), LONGEST)
        except (FetchError, ValueError, OverflowError, aiohttp.ClientError, TimeoutError):
            return b""

    async def _body(self, response: aiohttp.ClientResponse, shown: str, max_bytes: int) -> bytes:
        if (response.content_length or 0) > max_bytes:
            raise fetch_errors.too_large(shown, max_bytes)
        body = bytearray()
        async for piece in response.content.iter_any():
            body += piece
            if len(body) > max_bytes:
                raise fetch_errors.too_large(shown, max_bytes)
        return bytes(body)

    async def _decompressed(self, body: bytes, encoding: str | None, shown: str, max_bytes: int) -> bytes:
        try:
            if len(body) <= _INLINE // 8 or not (encoding or is_gzip(body)):
                return decompress(body, encoding, max_bytes)
            return await asyncio.to_thread(decompress, body, encoding, max_bytes)
        except OverflowError as error:
            raise fetch_errors.too_large(shown, max_bytes) from error
        except ValueError as error:
            raise fetch_errors.undecodable(shown, str(error)) from error

    def _fetched(self, answer: "_Answer", url: URL, permanent_url: str | None) -> Fetched:
        headers = answer.response.headers
        etag, last_modified = validators(headers)
        return Fetched(
            status=answer.response.status,
            url=str(url),
            body=answer.body,
            content_type=headers.get("Content-Type"),
            etag=etag,
            last_modified=last_modified,
            not_modified=answer.not_modified,
            permanent_url=permanent_url,
            max_age=max_age(headers),
        )


@dataclass(frozen=True, slots=True)
class _Request:
    url: URL
    headers: dict[str, str]
    max_bytes: int
    conditional: Mapping[str, str]
    """Those of its headers that ask for the document only if it changed."""
    into: IO[bytes] | None
    enough: int | None


@dataclass(frozen=True, slots=True)
class _Answer:
    response: aiohttp.ClientResponse
    body: bytes
    not_modified: bool = False


@dataclass(frozen=True, slots=True)
class _Redirect:
    status: int
    location: str
    cookies: dict[str, str]


def _connection_error(shown: str, error: aiohttp.ClientConnectorError) -> FetchError:
    if isinstance(error.os_error, ForbiddenAddress):
        return fetch_errors.forbidden_address(shown, error.os_error.why)
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return fetch_errors.unknown_host(shown)
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return fetch_errors.bad_certificate(shown)
    return fetch_errors.connection_failed(shown, error)
