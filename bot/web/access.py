"""Who may make a request: the tokens and what each of them opens, and the count of wrong tokens by address."""

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from bot.web.sessions import COOKIE, Sessions, is_same

SLACK_PAGES: Final = ("/slack/install", "/slack/oauth_redirect")
DOCUMENTS: Final = "/api/documents"
SAFE_METHODS: Final = frozenset({"GET", "HEAD"})
_OPEN: Final = frozenset({"/healthz", "/readyz", "/login", "/slack/events", *SLACK_PAGES})
"""Paths that need no token: health, signing in, Slack's signed requests, and installing the app in a workspace."""
_READ_BY_PROGRAMS: Final = frozenset({"/metrics", "/openapi.json"})


class Verdict(StrEnum):
    """What a request may do."""

    ALLOWED = "allowed"
    MISSING = "missing"
    """It has no token, and no session that is still valid."""
    WRONG = "wrong"
    """It has a token that nobody knows."""
    ELSEWHERE = "elsewhere"
    """It has a token that opens something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """The tokens that are set. Without `page` the server only answers requests to a loopback name."""

    page: str | None = None
    """Opens everything: people sign in with it, and programs may send it as bearer token."""
    documents: str | None = None
    """Opens POST /api/documents and nothing else. If it is not set, that needs no token where the pages need none."""
    reading: str | None = None
    """Opens what programs read: GET under /api/, the metrics and the API's description. The same holds for it."""


class Access:
    """Decides who may make a request."""

    def __init__(self, tokens: Tokens, sessions: Sessions) -> None:
        self._tokens = tokens
        self.sessions = sessions
        self.limiter = Limiter()

    @property
    def requires_login(self) -> bool:
        """Whether people have to sign in."""
        return self._tokens.page is not None

    def is_valid_token(self, given: str) -> bool:
        """Return whether this is the token with which people sign in."""
        return _is(given, self._tokens.page)

    async def judge(self, request: HTTPConnection, method: str, path: str) -> Verdict:
        """Return what the request may do. Raises: StorageError if a session cannot be looked up."""
        if path in _OPEN or path.startswith("/static/"):
            return Verdict.ALLOWED
        bearer = _bearer(request.headers)
        wanted = self._token_of(method, path)
        if bearer is not None and (self.is_valid_token(bearer) or _is(bearer, wanted)):
            return Verdict.ALLOWED
        if self._tokens.page is not None:
            cookie = request.cookies.get(COOKIE, "")
            if cookie and await self.sessions.is_valid(cookie):
                return Verdict.ALLOWED
        elif wanted is None:
            return Verdict.ALLOWED
        if bearer is None:
            return Verdict.MISSING
        is_known = _is(bearer, self._tokens.documents) or _is(bearer, self._tokens.reading)
        return Verdict.ELSEWHERE if is_known else Verdict.WRONG

    def _token_of(self, method: str, path: str) -> str | None:
        """Return the token of programs that opens this; None if there is none, or it is not set."""
        if path == DOCUMENTS and method == "POST":
            return self._tokens.documents
        is_read = method in SAFE_METHODS and (path in _READ_BY_PROGRAMS or path.startswith("/api/"))
        return self._tokens.reading if is_read else None


@dataclass(slots=True)
class _Failures:
    count: int
    since: float
    """Seconds of the monotonic clock."""


class Limiter:
    """Counts wrong tokens by address. After ten in five minutes, the address must wait before it sends another one.

    The right token is accepted all the same: other people may have the address of somebody who guesses.
    """

    ALLOWED: Final = 10
    WINDOW: Final = timedelta(minutes=5)
    _ADDRESSES: Final = 10_000

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._failures: OrderedDict[str, _Failures] = OrderedDict()

    def failed(self, address: str) -> int:
        """Count a wrong token from this address. Return the seconds until it may send another one; 0: now."""
        network = _network(address)
        now = self._monotonic()
        failures = self._failures.get(network)
        if failures is None or now >= failures.since + self.WINDOW.total_seconds():
            self._failures.pop(network, None)
            failures = self._failures[network] = _Failures(0, now)
        failures.count += 1
        while len(self._failures) > self._ADDRESSES:
            self._failures.popitem(last=False)
        left = failures.since + self.WINDOW.total_seconds() - now
        return int(left) + 1 if failures.count > self.ALLOWED else 0


def _network(address: str) -> str:
    """Return the address, or the network of an IPv6 address: providers give each customer 2^64 of them or more."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if ip.version == 4:
        return address
    return str(ip.ipv4_mapped or ipaddress.ip_network((int(ip) >> 64 << 64, 64)))


def _is(given: str, token: str | None) -> bool:
    return token is not None and is_same(given, token)


def _bearer(headers: Headers) -> str | None:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.casefold() == "bearer" else None
