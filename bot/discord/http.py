"""The library's clients with a configurable API address. Requests stop before Discord bans this IP address."""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final
from urllib.parse import quote

import aiohttp
import discord
from discord.gateway import DiscordWebSocket
from discord.http import HTTPClient, Route
from yarl import URL

from bot.discord.limits import Json
from bot.discord.rate_limits import RateLimits

# https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
_INVALID: Final = frozenset({401, 403, 429})
_WINDOW_S: Final = 600.0
_MAX_INVALID: Final = 5_000
"""Half of the number that bans an address for a while, because other programs may share the address."""
_MAX_WAIT_S: Final = 5.0
"""A request waits for its turn up to this time. For longer waits the delivery goes back to the outbox."""
_TIMEOUT_S: Final = 30.0
_TRIES: Final = 3
"""Requests to send for one call if Discord refuses each because of a short rate limit."""


class TokenRevoked(discord.DiscordException):
    """Discord refused the token. No further requests are made with it."""


class UnreadableAnswer(discord.DiscordException):
    """The answer is not Discord's JSON, so it is not known whether Discord did what was asked."""


class InvalidRequests:
    """Counts the invalid requests of the last ten minutes, as Discord counts them against this address.

    Times are in seconds by the event loop's clock.
    """

    def __init__(self, limit: int = _MAX_INVALID) -> None:
        self._limit = limit
        self._times: deque[float] = deque()

    def count(self, status: int, scope: str | None, now: float) -> None:
        """Count a response. A rate limit with the scope "shared" does not count against the address."""
        if status in _INVALID and scope != "shared":
            self._times.append(now)

    def wait(self, now: float) -> float:
        """Return for how many seconds no request should be made; 0 if one may be made now."""
        while self._times and self._times[0] <= now - _WINDOW_S:
            self._times.popleft()
        return self._times[0] + _WINDOW_S - now if len(self._times) >= self._limit else 0.0


class DiscordHttp(HTTPClient):
    """Sends requests to the API at `api_url`, and connects to the gateway that this API names.

    It replaces the library's own requests, which repeat a post after a server error although it may have succeeded, and
    refuse to send while requests remain if the window of the bucket is long.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        *,
        api_url: str,
        invalid: InvalidRequests,
        clock: Callable[[], float],
    ) -> None:
        super().__init__(loop)
        self._api_url = api_url.rstrip("/")
        self._invalid = invalid
        self._limits = RateLimits()
        self._gateway_url: str | None = None
        self._clock = clock
        self.revoked = False

    async def request(
        self,
        route: Route,
        *,
        files: Sequence[discord.File] | None = None,
        form: Iterable[Json] | None = None,
        **options: Any,
    ) -> Any:
        """Send a request once. Responses to interactions are sent even when other requests are stopped.

        Raises: what the library raises; TokenRevoked; UnreadableAnswer; RateLimited, also before the address would be
        banned.
        """
        is_interaction = route.webhook_token is not None
        if self.revoked and not is_interaction:
            raise TokenRevoked("Discord no longer accepts DISCORD_TOKEN")
        wait = 0.0
        for number in range(_TRIES):
            for file in files or ():
                file.reset(seek=number)
            await self._wait_for_turn(route, is_interaction=is_interaction)
            try:
                return await self._send(route, self._arguments(options, form), is_interaction=is_interaction)
            except discord.RateLimited as error:  # nothing was done, so it can be repeated when Discord allows
                wait = error.retry_after
                if wait > _MAX_WAIT_S:
                    raise
        raise discord.RateLimited(wait)

    async def _send(self, route: Route, arguments: dict[str, Any], *, is_interaction: bool) -> Any:
        major = str(route.major_parameters)
        url = self._api_url + route.url.removeprefix(Route.BASE)
        session: aiohttp.ClientSession = self._HTTPClient__session  # type: ignore[attr-defined]
        async with asyncio.timeout(_TIMEOUT_S), session.request(route.method, url, **arguments) as response:
            body = _parse(response, await response.text(encoding="utf-8", errors="replace"))
            now = self._clock()
            self._invalid.count(response.status, response.headers.get("X-RateLimit-Scope"), now)
            if response.status == 429:
                raise discord.RateLimited(self._limits.refuse(route.key, major, response.headers, body, now))
            self._limits.read(route.key, major, response.headers, now)
            if 200 <= response.status < 300 and (response.status == 204 or not isinstance(body, str)):
                return body
            if isinstance(body, str):
                raise UnreadableAnswer(f"Discord's answer cannot be read (status {response.status})")
            self.revoked = self.revoked or (response.status == 401 and not is_interaction)
            raise _refusal(response.status)(response, body)

    def _arguments(self, options: dict[str, Any], form: Iterable[Json] | None) -> dict[str, Any]:
        """Return the arguments of aiohttp for the arguments that the library passes."""
        arguments = dict(options)
        headers = {"User-Agent": self.user_agent}
        if self.token is not None:
            headers["Authorization"] = f"Bot {self.token}"
        if "json" in arguments:
            headers["Content-Type"] = "application/json"
            arguments["data"] = json.dumps(arguments.pop("json"))
        reason = arguments.pop("reason", None)
        if reason:
            headers["X-Audit-Log-Reason"] = quote(reason, safe="/ ")
        if form is not None:
            # With quoted fields aiohttp would escape the brackets of "files[0]", which Discord does not understand.
            data = aiohttp.FormData(quote_fields=False)
            for field in form:
                data.add_field(**field)
            arguments["data"] = data
        return arguments | {"headers": headers}

    async def _wait_for_turn(self, route: Route, *, is_interaction: bool) -> None:
        """Wait until the limits allow the request, and count it. Raises: RateLimited if that takes too long."""
        key, major = route.key, str(route.major_parameters)
        while True:
            now = self._clock()
            wait = 0.0 if is_interaction else self._invalid.wait(now)
            wait = max(wait, self._limits.wait(key, major, now, is_global=not is_interaction))
            if wait > _MAX_WAIT_S:
                raise discord.RateLimited(wait)
            if wait <= 0:
                self._limits.count(key, major, now)
                return
            await asyncio.sleep(wait)

    async def find_gateway(self) -> int:
        """Ask for the gateway's address; return the recommended number of shards. Raises: what the library raises."""
        shards, url, _ = await self.get_bot_gateway()
        self._gateway_url = url
        return shards

    async def ws_connect(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        """Connect to the API's own gateway where the library would use its fixed default gateway."""
        requested = URL(url)
        if self._gateway_url is not None and requested.host == DiscordWebSocket.DEFAULT_GATEWAY.host:
            url = str(URL(self._gateway_url).with_query(requested.query))
        return await super().ws_connect(url, compress=compress)


def _parse(response: aiohttp.ClientResponse, text: str) -> Any:
    """Return the JSON of an answer, or its text if it is not JSON."""
    if not response.headers.get("Content-Type", "").startswith("application/json"):
        return text
    try:
        body = json.loads(text)
    except ValueError:
        return text
    return body if isinstance(body, dict | list) else text


def _refusal(status: int) -> type[discord.HTTPException]:
    if status == 403:
        return discord.Forbidden
    if status == 404:
        return discord.NotFound
    return discord.DiscordServerError if status >= 500 else discord.HTTPException


class ApiClient(discord.AutoShardedClient):
    """The library's client with this HTTP client. It uses only the guilds intent, and mentions nobody by default."""

    def __init__(self, *, api_url: str, clock: Callable[[], float] | None = None, **options: Any) -> None:
        """`clock` returns the time of the rate limits in seconds; by default, that of the event loop."""
        self._api_url = api_url
        self._clock_of_limits = clock
        # The bot does not use voice: the library must not warn at every start that packages for it are missing.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            **options,
        )

    @property
    def http(self) -> DiscordHttp:
        """The HTTP client that all calls of the library use."""
        return self._http

    @http.setter
    def http(self, made: HTTPClient) -> None:
        # The library sets this attribute once, before it uses it, and has no option for another HTTP client.
        clock = self._clock_of_limits or (lambda: asyncio.get_running_loop().time())
        self._http = DiscordHttp(made.loop, api_url=self._api_url, invalid=InvalidRequests(), clock=clock)
