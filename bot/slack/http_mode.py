"""Receives Slack's requests in HTTP mode. The signature of the raw bytes is verified before Bolt parses them."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from bot.slack.idempotency import SignedRequest
from bot.slack.signature import SIGNATURE, TIMESTAMP, BodyVerifier, Rejection, SignatureHeaders, read_headers
from bot.slack.unverified_bodies import UnverifiedBodies
from storage.store import Store

logger = logging.getLogger(__name__)

_UNVERIFIED_LIMIT: Final = 8_000_000
"""Bytes of all bodies whose signatures are not verified yet. One body may have 2 MB (`bot/web/body_limits.py`)."""
_BODY_TIMEOUT_S: Final = 10
"""Slack itself gives up after 3 s: https://docs.slack.dev/apis/events-api#errors"""
_LARGE_BODY: Final = 256_000
"""Bytes. A view has at most 250 kB, other requests a few: https://docs.slack.dev/reference/views"""
_PAUSE_S: Final = 0.02
"""After each part of a large body, so that many large bodies do not keep the event loop from other work."""
_REJECT_LARGE_S: Final = 0.2
"""The pause before a large body is rejected unread, because the server then spends time on discarding it."""
_LOG_INTERVAL_S: Final = 3600
"""Anybody can cause rejections, so each reason is logged once in this time."""
_PARSE_ERRORS: Final = (ValueError, TypeError, AttributeError, LookupError, RecursionError)
"""What Bolt raises for a body that is not in Slack's format."""


class SlackRequests:
    """Handles POST /slack/events. Bolt's own verification is off, because it logs bodies and runs after parsing."""

    def __init__(self, app: AsyncApp, signing_secret: str, store: Store, clock: Callable[[], datetime]) -> None:
        self._app = app
        self._secret = signing_secret
        self._store = store
        self._clock = clock
        self._unverified = UnverifiedBodies(_UNVERIFIED_LIMIT)
        self._logged_at: dict[Rejection, float] = {}
        """Seconds of the monotonic clock."""

    async def handle(self, request: Request) -> Response:
        """Answer Slack. A request that Slack did not sign gets status 401; its body is neither parsed nor logged."""
        headers = read_headers(
            request.headers.getlist(TIMESTAMP), request.headers.getlist(SIGNATURE), now=self._clock()
        )
        if isinstance(headers, Rejection):
            return await self._reject_unread(request, headers)
        verifier, received = BodyVerifier(self._secret, headers), 0
        with self._unverified.receive() as unverified:
            try:
                async with asyncio.timeout(_BODY_TIMEOUT_S):
                    async for part in request.stream():
                        verifier.update(part)
                        self._unverified.append(unverified, part)
                        received += len(part)
                        if received > _LARGE_BODY:
                            await asyncio.sleep(_PAUSE_S)
            except TimeoutError:
                return _error(408, f"The request did not arrive within {_BODY_TIMEOUT_S} seconds.", Connection="close")
            except ClientDisconnect:
                return _error(400, "The connection ended before the request had arrived.")
            if not verifier.matches():
                return self._reject(Rejection.FORGED)
            body = unverified.read()
        if body is None:
            return _error(503, "Too many large requests arrive at once. Send this one again.", **{"Retry-After": "1"})
        return await self._dispatch(request, headers, body)

    async def _dispatch(self, request: Request, headers: SignatureHeaders, body: bytes) -> Response:
        content_type = request.headers.get("content-type", "")
        try:
            # Bolt needs no other header. Headers are not signed, and one of them can start listeners.
            parsed = AsyncBoltRequest(body=body.decode(), headers={"content-type": content_type})
        except _PARSE_ERRORS:
            parsed = None
        if parsed is None or not parsed.body:
            return _error(400, "The signature is right, but the body is not in the format of Slack's requests.")
        signed_request = SignedRequest.of(
            body,
            headers,
            is_retry="x-slack-retry-num" in request.headers,
            store=self._store,
            clock=self._clock,
        )
        signed_request.put_into(parsed.context)
        return to_starlette_response(await self._app.async_dispatch(parsed))

    async def _reject_unread(self, request: Request, rejection: Rejection) -> Response:
        """Reject a request because of its headers.

        The server discards the body. A body of unknown length may have no end, so its connection is closed.
        """
        length = request.headers.get("content-length")
        if length is None:
            return self._reject(rejection, Connection="close")
        if int(length) > _LARGE_BODY:
            await asyncio.sleep(_REJECT_LARGE_S)
        return self._reject(rejection)

    def _reject(self, rejection: Rejection, **headers: str) -> Response:
        now = time.monotonic()
        if now - self._logged_at.get(rejection, -_LOG_INTERVAL_S) >= _LOG_INTERVAL_S:
            self._logged_at[rejection] = now
            logger.warning("A request to /slack/events was rejected. %s", rejection)
        return _error(401, str(rejection), **headers)


def _error(status: int, text: str, **headers: str) -> Response:
    return JSONResponse({"detail": text}, status_code=status, headers=headers)
