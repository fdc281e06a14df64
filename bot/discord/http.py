"""The library's HTTP client, told where the API is, and stopped before Discord bans this address."""

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
_MOST_INVALID: Final = 5_000
"""Half of what bans an address for a while, because others may share it."""
_LONGEST_WAIT_S: Final = 30.0
"""The library waits this long for a rate limit by itself; longer ones go back to the outbox."""
_NO_TIME_TOLD_S: Final = 60.0
"""For a 429 that does not say how long."""


class TokenRevoked(discord.DiscordException):
    """Discord has refused the token; nothing is called with it any more."""


class InvalidRequests:
    """How many answers of the last ten minutes count against this address. Times are the loop's, in seconds."""

    def __init__(self, most: int = _MOST_INVALID) -> None:
        self._most = most
        self._times: deque[float] = deque()

    def count(self, status: int, scope: str | None, now: float) -> None:
        """An answer came. A limit that is shared with others is nobody's fault."""
        if status in _INVALID and scope != "shared":
            self._times.append(now)

    def wait(self, now: float) -> float:
        """Seconds for which nothing more should be asked; 0 where all is well."""
        while self._times and self._times[0] <= now - _WINDOW_S:
            self._times.popleft()
        return self._times[0] + _WINDOW_S - now if len(self._times) >= self._most else 0.0


class DiscordHttp(HTTPClient):
    """Speaks to the API at `api_url`; its gateway is the one that this API names."""

    def __init__(self, loop: asyncio.AbstractEventLoop, *, api_url: str, invalid: InvalidRequests) -> None:
        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(self._answered)
        super().__init__(loop, http_trace=trace, max_ratelimit_timeout=_LONGEST_WAIT_S)
        self._api_url = api_url.rstrip("/")
        self._invalid = invalid
        self._gateway_url: str | None = None
        self._clock: Callable[[], float] = lambda: self.loop.time()
        self.revoked = False

    async def request(self, route: Route, **options: Any) -> Any:
        """Raises: what the library raises, TokenRevoked, and RateLimited before the address would be banned."""
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
        except KeyError as error:  # a 429 whose body names no time
            raise discord.RateLimited(_NO_TIME_TOLD_S) from error
        except ValueError as error:  # no JSON, though it says so: whether it was done is not known
            raise aiohttp.ClientPayloadError("Discord's answer cannot be read") from error
        except discord.HTTPException as error:
            self.revoked = self.revoked or (error.status == 401 and not is_interaction)
            raise

    async def find_gateway(self) -> int:
        """Ask where the gateway is, and how many shards Discord recommends. Raises: what the library raises."""
        shards, url, _ = await self.get_bot_gateway()
        self._gateway_url = url
        return shards

    async def ws_connect(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        """The library falls back on one fixed gateway; it is always the API's own here."""
        asked = URL(url)
        if self._gateway_url is not None and asked.host == DiscordWebSocket.DEFAULT_GATEWAY.host:
            url = str(URL(self._gateway_url).with_query(asked.query))
        return await super().ws_connect(url, compress=compress)

    async def _answered(
        self, session: aiohttp.ClientSession, context: SimpleNamespace, answer: aiohttp.TraceRequestEndParams
    ) -> None:
        self._invalid.count(answer.response.status, answer.response.headers.get("X-RateLimit-Scope"), self._clock())


class ApiClient(discord.AutoShardedClient):
    """The library's client on that HTTP client: it needs the intent for guilds alone, and nobody is ever mentioned
    unasked.
    """

    def __init__(self, *, api_url: str, **options: Any) -> None:
        self._api_url = api_url
        # Nothing here speaks: the library need not warn at every start that voice lacks its packages.
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
        """What every call of the library goes through."""
        return self._http

    @http.setter
    def http(self, made: HTTPClient) -> None:
        # The library sets this once, before anything else of it looks here, and offers no option for another client.
        self._http = DiscordHttp(made.loop, api_url=self._api_url, invalid=InvalidRequests())
