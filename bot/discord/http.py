"""The library's clients with a configurable API address. Requests stop before Discord bans this IP address."""

import asyncio
from collections import deque
from collections.abc import Callable
from copy import copy
from types import SimpleNamespace
from typing import Any, Final

import aiohttp
import discord
from discord.gateway import DiscordWebSocket
from discord.http import HTTPClient, Route
from yarl import URL

# https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
_INVALID: Final = frozenset({401, 403, 429})
_WINDOW_S: Final = 600.0
_MAX_INVALID: Final = 5_000
"""Half of the number that bans an address for a while, because other programs may share the address."""
_MAX_WAIT_S: Final = 30.0
"""The library itself waits for rate limits up to this; for longer ones the delivery goes back to the outbox."""
_DEFAULT_WAIT_S: Final = 60.0
"""The wait after a 429 that does not say how long to wait."""


class TokenRevoked(discord.DiscordException):
    """Discord refused the token. No further requests are made with it."""


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
    """Sends requests to the API at `api_url`, and connects to the gateway that this API names."""

    def __init__(self, loop: asyncio.AbstractEventLoop, *, api_url: str, invalid: InvalidRequests) -> None:
        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(self._answered)
        super().__init__(loop, http_trace=trace, max_ratelimit_timeout=_MAX_WAIT_S)
        self._api_url = api_url.rstrip("/")
        self._invalid = invalid
        self._gateway_url: str | None = None
        self._clock: Callable[[], float] = lambda: self.loop.time()
        self.revoked = False

    async def request(self, route: Route, **options: Any) -> Any:
        """Send a request. Responses to interactions are sent even when other requests are stopped.

        Raises: what the library raises; TokenRevoked; RateLimited before the address would be banned.
        """
        is_interaction = route.webhook_token is not None
        if not is_interaction:
            if self.revoked:
                raise TokenRevoked("Discord no longer accepts DISCORD_TOKEN")
            wait = self._invalid.wait(self._clock())
            if wait:
                raise discord.RateLimited(wait)
        route = copy(route)
        route.url = self._api_url + route.url.removeprefix(Route.BASE)
        try:
            return await super().request(route, **options)
        except KeyError as error:  # a 429 whose body has no "retry_after"
            raise discord.RateLimited(_DEFAULT_WAIT_S) from error
        except ValueError as error:  # the body is not JSON, so it is not known whether the request was carried out
            raise aiohttp.ClientPayloadError("Discord's response cannot be read") from error
        except discord.HTTPException as error:
            self.revoked = self.revoked or (error.status == 401 and not is_interaction)
            raise

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

    async def _answered(
        self, session: aiohttp.ClientSession, context: SimpleNamespace, answer: aiohttp.TraceRequestEndParams
    ) -> None:
        self._invalid.count(answer.response.status, answer.response.headers.get("X-RateLimit-Scope"), self._clock())


class ApiClient(discord.AutoShardedClient):
    """The library's client with this HTTP client. It uses only the guilds intent, and mentions nobody by default."""

    def __init__(self, *, api_url: str, **options: Any) -> None:
        self._api_url = api_url
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
        self._http = DiscordHttp(made.loop, api_url=self._api_url, invalid=InvalidRequests())
