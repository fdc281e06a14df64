"""The outermost middleware: host names, origins, tokens, body sizes, and the headers of every response."""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final, assert_never
from urllib.parse import quote, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.access import SAFE_METHODS, Access, Verdict
from bot.web.body_limits import limited
from bot.web.proxies import Proxies, is_forwarded
from storage.errors import StorageError

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_PAUSE_S: Final = 0.25
"""How long the answer to a wrong token takes once its address has sent too many."""
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

Answered = Callable[[str, str, int, float], None]
"""Takes the method, the route, the status and the seconds of an answered request."""


class Guard:
    """Refuses forbidden requests, and adds the security headers to every response."""

    def __init__(self, app: ASGIApp, *, access: Access, proxies: Proxies, answered: Answered, stall: timedelta) -> None:
        """`stall`: how long the next part of a body may take."""
        self._app = app
        self._access = access
        self._proxies = proxies
        self._answered = answered
        self._stall = stall

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
                route = getattr(scope.get("route"), "path", "other")
                self._answered(scope["method"], route, message["status"], time.perf_counter() - began)
            await send(message)

        self._proxies.apply(scope)
        request = HTTPConnection(scope)
        refusal = await self._refusal(request, scope["method"], scope["path"])
        if refusal is not None:
            await refusal(scope, receive, send_guarded)
            return
        await self._app(scope, limited(receive, scope, self._stall), send_guarded)

    async def _refusal(self, request: HTTPConnection, method: str, path: str) -> Response | None:
        if not self._access.requires_login and not _to_loopback(request):
            return _refuse(
                421,
                "Without a token the console answers only requests to localhost. Set WIREWATCH_TOKEN to allow others.",
            )
        if method not in SAFE_METHODS and not _same_origin(request):
            return _refuse(403, "This request came from another site. Nothing was done.")
        try:
            verdict = await self._access.judge(request, method, path)
        except StorageError:
            return _refuse(503, "The database does not answer. Try again in a few seconds.", {"Retry-After": "5"})
        match verdict:
            case Verdict.ALLOWED:
                return None
            case Verdict.ELSEWHERE:
                return _refuse(
                    403,
                    "This token does not open this. WIREWATCH_API_TOKEN posts documents, WIREWATCH_READ_TOKEN reads "
                    "messages and metrics, and WIREWATCH_TOKEN opens everything.",
                )
            case Verdict.WRONG:
                wait = await count_wrong_token(self._access, request)
                if wait:
                    return _refuse(429, "Too many wrong tokens. Wait a few minutes.", {"Retry-After": str(wait)})
                return _refuse(401, "This token is not correct.", {"WWW-Authenticate": "Bearer"})
            case Verdict.MISSING:
                return _sign_in(request, method, path)
            case _:
                assert_never(verdict)


async def count_wrong_token(access: Access, request: HTTPConnection) -> int:
    """Count a wrong token. Return the seconds that its address must wait, after a pause; 0 if it may try again now."""
    wait = access.limiter.failed(request.client.host if request.client else "")
    if wait:
        await asyncio.sleep(_PAUSE_S)
    return wait


def _sign_in(request: HTTPConnection, method: str, path: str) -> Response:
    """Return the way to the form for people, and the name of the header for programs."""
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


def _to_loopback(request: HTTPConnection) -> bool:
    """Return whether the request names a loopback host and comes from this machine.

    The host name is checked because an attacker's name may resolve to a loopback address (DNS rebinding). A request
    that a proxy forwards comes from elsewhere: behind a proxy a token is required.
    """
    if is_forwarded(request.headers):
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


def _refuse(status: int, text: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"detail": text}, status_code=status, headers=headers)
