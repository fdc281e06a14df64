"""Access control: host names, origins, tokens, the session cookie, body sizes, and the headers of every response."""

import hashlib
import hmac
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE: Final = "wirewatch_session"
SESSION: Final = timedelta(days=30)
MEGABYTE: Final = 1_000_000
UPLOAD_LIMIT: Final = 20 * MEGABYTE
JSON_LIMIT: Final = 2 * MEGABYTE
FORM_LIMIT: Final = 64_000
_MULTIPART_EXTRA: Final = 16_000
"""Bytes that a multipart form adds around a file."""
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_FORWARDED: Final = frozenset({"forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip"})
SLACK_PAGES: Final = ("/slack/install", "/slack/oauth_redirect")
_OPEN: Final = frozenset({"/healthz", "/readyz", "/login", "/slack/events", *SLACK_PAGES})
"""Paths that need no token: health, signing in, Slack's signed requests, and installing the app in a workspace."""
_PROGRAMS: Final = ("/api/", "/metrics", "/openapi.json")
_DOCUMENTS: Final = "/api/documents"
_SAFE_METHODS: Final = frozenset({"GET", "HEAD"})
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


@dataclass(slots=True)
class _Failures:
    count: int
    since: float
    """Seconds of the monotonic clock."""


class Limiter:
    """Counts wrong tokens by address. After ten in five minutes the address has to wait, even with the right token."""

    ALLOWED: Final = 10
    WINDOW: Final = timedelta(minutes=5)
    _ADDRESSES: Final = 10_000

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._failures: OrderedDict[str, _Failures] = OrderedDict()

    def wait(self, address: str) -> int:
        """Return the seconds until this address may try again; 0: now."""
        failures = self._failures.get(address)
        if failures is None:
            return 0
        left = failures.since + self.WINDOW.total_seconds() - self._monotonic()
        if left <= 0:
            del self._failures[address]
            return 0
        return int(left) + 1 if failures.count >= self.ALLOWED else 0

    def failed(self, address: str) -> None:
        """Count a wrong token from this address."""
        failures = self._failures.setdefault(address, _Failures(0, self._monotonic()))
        failures.count += 1
        while len(self._failures) > self._ADDRESSES:
            self._failures.popitem(last=False)


class Access:
    """Decides who may make a request.

    Without `token` the pages need no login, and the server only answers requests to a loopback name. With `api_token`,
    POST /api/documents needs that token as bearer, or a login with `token`. With neither token set it is open to
    programs on this machine, as uploads on the console page are.
    """

    def __init__(self, *, token: str | None, api_token: str | None, clock: Callable[[], datetime]) -> None:
        self._token = token
        self._api_token = api_token
        self._clock = clock
        self.limiter = Limiter()

    @property
    def requires_login(self) -> bool:
        """Whether people have to sign in."""
        return self._token is not None

    def is_valid_token(self, given: str) -> bool:
        return self._token is not None and _same(given, self._token)

    def new_session(self) -> str:
        """Return a new cookie value: the time of signing and the signature. It does not contain the token."""
        signed_at = str(int(self._clock().timestamp()))
        return f"{signed_at}.{self._signature(signed_at)}"

    def is_valid_session(self, value: str) -> bool:
        signed_at, _, signature = value.partition(".")
        if self._token is None or not signed_at.isascii() or not signed_at.isdigit() or len(signed_at) > 12:
            return False
        if not _same(signature, self._signature(signed_at)):
            return False
        age = self._clock().timestamp() - int(signed_at)
        return -60 <= age <= SESSION.total_seconds()

    def _signature(self, signed_at: str) -> str:
        return hmac.new(f"session:{self._token}".encode(), signed_at.encode(), hashlib.sha256).hexdigest()

    def allows(self, request: HTTPConnection, path: str) -> bool:
        if path in _OPEN or path.startswith("/static/"):
            return True
        bearer = _bearer(request.headers)
        if bearer is not None and self.is_valid_token(bearer):
            return True
        for_programs = path.startswith(_PROGRAMS) and bearer is not None and self._api_token is not None
        if for_programs and _same(bearer or "", self._api_token or ""):
            return True
        if self._token is not None:
            return self.is_valid_session(request.cookies.get(COOKIE, ""))
        return path != _DOCUMENTS or self._api_token is None


class TooLarge(Exception):
    """Raised while a body is read that exceeds its limit in bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class Guard:
    """The outermost middleware: refuses forbidden requests, and adds the security headers to every response."""

    def __init__(self, app: ASGIApp, *, access: Access, answered: Callable[[str, str, int, float], None]) -> None:
        self._app = app
        self._access = access
        self._answered = answered

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
                route = getattr(scope.get("route"), "path", "other")
                self._answered(scope["method"], route, message["status"], time.perf_counter() - began)
            await send(message)

        request = HTTPConnection(scope)
        path: str = scope["path"]
        refusal = self._refusal(request, scope["method"], path)
        if refusal is not None:
            await refusal(scope, receive, send_guarded)
            return
        limit = _limit(path, request.headers.get("content-type", ""))
        declared = request.headers.get("content-length", "0")
        if declared.isdigit() and int(declared) > limit:
            await _too_large(limit)(scope, receive, send_guarded)
            return
        try:
            await self._app(scope, _counted(receive, limit), send_guarded)
        except TooLarge as error:
            if started:
                raise
            await _too_large(error.limit)(scope, receive, send_guarded)

    def _refusal(self, request: HTTPConnection, method: str, path: str) -> Response | None:
        if not self._access.requires_login and not _to_loopback(request):
            return _refuse(
                421,
                "Without a token the console answers only requests to localhost. Set WIREWATCH_TOKEN to allow others.",
            )
        if method not in _SAFE_METHODS and not _same_origin(request):
            return _refuse(403, "This request came from another site. Nothing was done.")
        address = request.client.host if request.client else ""
        bearer = _bearer(request.headers)
        wait = self._access.limiter.wait(address) if bearer is not None else 0
        if wait:
            return _refuse(429, "Too many wrong tokens. Wait a few minutes.", {"Retry-After": str(wait)})
        if self._access.allows(request, path):
            return None
        if bearer is not None:
            self._access.limiter.failed(address)
            return _refuse(401, "This token is not correct.", {"WWW-Authenticate": "Bearer"})
        if method == "GET" and "text/html" in request.headers.get("accept", ""):
            query = request.url.query
            next_path = quote(path + (f"?{query}" if query else ""), safe="")
            return RedirectResponse("/login" if path == "/" else f"/login?next={next_path}", status_code=303)
        return _refuse(
            401, "A token is required. Send the header Authorization: Bearer TOKEN.", {"WWW-Authenticate": "Bearer"}
        )


def own_path(path: str) -> str:
    """Return the path if it is on this site, else "/", so that no link redirects to another site after the login."""
    is_own = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    return path if is_own else "/"


def _same(given: str, wanted: str) -> bool:
    """Compare in constant time, whatever the lengths."""
    digests = (hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest() for text in (given, wanted))
    return hmac.compare_digest(*digests)


def _bearer(headers: Headers) -> str | None:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.casefold() == "bearer" else None


def _to_loopback(request: HTTPConnection) -> bool:
    """Return whether the request names a loopback host and comes from this machine.

    The host name is checked because an attacker's name may resolve to a loopback address (DNS rebinding). A request
    that a proxy forwards comes from elsewhere: behind a proxy a token is required.
    """
    if not _FORWARDED.isdisjoint(name.casefold() for name in request.headers):
        return False
    try:
        host = urlsplit(f"//{request.headers.get('host', '')}").hostname
    except ValueError:
        return False
    return host in _LOOPBACK and (request.client is None or _is_loopback(request.client.host))


def _is_loopback(address: str) -> bool:
    return address in _LOOPBACK or address.startswith("127.") or address == "::ffff:127.0.0.1"


def _same_origin(request: HTTPConnection) -> bool:
    """Return whether the request comes from this site's own page, or from a program, which sends neither header."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    try:
        return origin is None or urlsplit(origin).netloc == request.headers.get("host")
    except ValueError:
        return False


def _limit(path: str, content_type: str) -> int:
    if path == _DOCUMENTS:
        return JSON_LIMIT if content_type.startswith("application/json") else UPLOAD_LIMIT
    if path.startswith("/channels/") and path.endswith("/files"):
        return UPLOAD_LIMIT + _MULTIPART_EXTRA
    return JSON_LIMIT if path == "/slack/events" else FORM_LIMIT


def _counted(receive: Receive, limit: int) -> Receive:
    """Wrap `receive` so that it raises TooLarge once the body exceeds the limit."""
    seen = 0

    async def receive_counted() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > limit:
                raise TooLarge(limit)
        return message

    return receive_counted


def _too_large(limit: int) -> Response:
    size = f"{limit // MEGABYTE} MB" if limit >= MEGABYTE else f"{limit // 1000} kB"
    return JSONResponse(
        {"detail": f"This is larger than the limit of {size}. Nothing was stored."},
        status_code=413,
        headers={"Connection": "close"},
    )


def _refuse(status: int, text: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"detail": text}, status_code=status, headers=headers)
