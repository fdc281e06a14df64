"""Slack's requests in HTTP mode: the signature is checked on the raw bytes, and only then does Bolt parse them."""

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
from bot.slack.signature import SIGNATURE, TIMESTAMP, BodyCheck, Refusal, Signed, read_headers
from bot.slack.unverified_bodies import Unverified
from storage.store import Store

logger = logging.getLogger(__name__)

_MOST_UNVERIFIED: Final = 8_000_000
"""Bytes of bodies that are held before their signatures are checked. One may have 2 MB (`bot/web/security.py`)."""
_BODY_S: Final = 10
"""Slack itself gives up after 3 s: https://docs.slack.dev/apis/events-api#errors"""
_LARGE: Final = 256_000
"""Bytes. A view has at most 250 kB, other requests a few: https://docs.slack.dev/reference/views"""
_PAUSE_S: Final = 0.02
"""After each part of a large body, so that strangers who send many of them leave the event loop to others."""
_REFUSE_LARGE_S: Final = 0.2
"""The same where a large body is refused unread: the server discards it, which takes time too."""
_LOG_AGAIN_S: Final = 3600
"""Anybody can cause refusals, so each reason is logged once in this time."""
_UNREADABLE: Final = (ValueError, TypeError, AttributeError, LookupError, RecursionError)
"""What Bolt raises while it reads a body that is not as Slack writes it."""


class SlackRequests:
    """Answers POST /slack/events. Bolt's own check of the signature is off: it logs bodies, and comes after parsing."""

    def __init__(self, app: AsyncApp, signing_secret: str, store: Store, clock: Callable[[], datetime]) -> None:
        self._app = app
        self._secret = signing_secret
        self._store = store
        self._clock = clock
        self._unverified = Unverified(_MOST_UNVERIFIED)
        self._logged_at: dict[Refusal, float] = {}
        """Seconds of the monotonic clock."""

    async def handle(self, request: Request) -> Response:
        """The answer to Slack. A request that Slack did not sign gets 401; its body is neither parsed nor logged."""
        signed = read_headers(request.headers.getlist(TIMESTAMP), request.headers.getlist(SIGNATURE), now=self._clock())
        if isinstance(signed, Refusal):
            length = request.headers.get("content-length")
            if length is not None and int(length) > _LARGE:
                await asyncio.sleep(_REFUSE_LARGE_S)
            # The server discards what still arrives of the body. One of unknown length may have no end.
            return self._refuse(signed, {"Connection": "close"} if length is None else {})
        check, received = BodyCheck(self._secret, signed), 0
        with self._unverified.receive() as arriving:
            try:
                async with asyncio.timeout(_BODY_S):
                    async for part in request.stream():
                        check.update(part)
                        self._unverified.keep(arriving, part)
                        received += len(part)
                        if received > _LARGE:
                            await asyncio.sleep(_PAUSE_S)
            except TimeoutError:
                return _say(408, f"The request did not arrive within {_BODY_S} seconds.", Connection="close")
            except ClientDisconnect:
                return _say(400, "The connection ended before the request had arrived.")
            if not check.matches():
                return self._refuse(Refusal.FORGED, {})
            body = arriving.whole()
        if body is None:
            return _say(503, "Too many large requests arrive at once. Send this one again.", **{"Retry-After": "1"})
        return await self._dispatch(request, signed, body)

    async def _dispatch(self, request: Request, signed: Signed, body: bytes) -> Response:
        content_type = request.headers.get("content-type", "")
        try:
            # Of the headers Bolt needs no other. They are not signed, and one of them starts listeners.
            parsed = AsyncBoltRequest(body=body.decode(), headers={"content-type": content_type})
        except _UNREADABLE:
            parsed = None
        if parsed is None or not parsed.body:
            return _say(400, "The signature is right, but the body is not a request as Slack sends it.")
        signed_request = SignedRequest.of(
            body,
            signed,
            is_repeated="x-slack-retry-num" in request.headers,
            store=self._store,
            clock=self._clock,
        )
        signed_request.put_into(parsed.context)
        return to_starlette_response(await self._app.async_dispatch(parsed))

    def _refuse(self, refusal: Refusal, headers: dict[str, str]) -> Response:
        now = time.monotonic()
        if now - self._logged_at.get(refusal, -_LOG_AGAIN_S) >= _LOG_AGAIN_S:
            self._logged_at[refusal] = now
            logger.warning("A request to /slack/events was refused. %s", refusal)
        return _say(401, str(refusal), **headers)


def _say(status: int, text: str, **headers: str) -> Response:
    return JSONResponse({"detail": text}, status_code=status, headers=headers)
