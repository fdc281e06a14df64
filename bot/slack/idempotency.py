"""Makes sure that a signed request or an OAuth state is acted on once, whichever processes receive copies of it."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from bot.slack.signature import SignatureHeaders
from storage.records import Platform
from storage.store import Store, Tx

_CONTEXT_KEY: Final = "wirewatch_signed_request"
_EXPIRY: Final = timedelta(days=1)
"""Far longer than a copy is accepted: signatures and OAuth states expire after minutes."""


async def claim(tx: Tx, key: str, now: datetime) -> bool:
    """Claim the key, at most 64 characters, and return True if no process on this database claimed it before."""
    return await tx.seen_events.begin(Platform.SLACK, key, now=now, until=now + _EXPIRY)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRequest:
    """An HTTP request with a verified signature, for the listener that acts on it."""

    store: Store
    clock: Callable[[], datetime]
    headers: SignatureHeaders
    body_digest: str
    """SHA-256 of the body, hexadecimal."""
    is_retry: bool
    """Slack says that it sent this body before. The earlier request may have had another signature."""

    @classmethod
    def of(
        cls, body: bytes, headers: SignatureHeaders, *, is_retry: bool, store: Store, clock: Callable[[], datetime]
    ) -> "SignedRequest":
        return cls(
            store=store,
            clock=clock,
            headers=headers,
            body_digest=hashlib.sha256(body).hexdigest(),
            is_retry=is_retry,
        )

    def put_into(self, context: Any) -> None:
        """Store the request in Bolt's context, where `is_first` finds it."""
        context[_CONTEXT_KEY] = self

    async def claim(self) -> bool:
        """Return True for the first of several copies, and claim it.

        A person may send equal words twice, so an equal body is a copy only if Slack marks it as a retry. A retry may
        arrive before the original request.
        """
        now, body = self.clock(), self.body_digest[:48]
        async with self.store.begin() as tx:
            is_copy = not await claim(tx, f"request {self.headers.signature.removeprefix('v0=')[:48]}", now)
            is_new_body = await claim(tx, f"body {body}", now)
            if self.is_retry:
                return not is_copy and is_new_body and await claim(tx, f"repeated {body}", now)
            return not is_copy and not await tx.seen_events.has(Platform.SLACK, f"repeated {body}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketPayloads:
    """Recognizes payloads that Slack sends twice through the socket, such as after a connection that broke."""

    store: Store
    clock: Callable[[], datetime]

    async def claim(self, body: Mapping[str, Any]) -> bool:
        """Return True for the first of several equal payloads, and claim it.

        Two clicks or commands of a person are never equal, because each has a `trigger_id` of its own.
        """
        if not body.get("trigger_id"):
            return True
        text = json.dumps(body, sort_keys=True, default=str)
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        async with self.store.begin() as tx:
            return await claim(tx, f"payload {digest[:48]}", self.clock())


async def is_first(context: Any, body: Mapping[str, Any], payloads: SocketPayloads) -> bool:
    """Claim the request in Bolt's context and return whether the caller must act on it. A second call returns False.

    A request over HTTP is recognized by its signature, and one from the socket by its payload.
    """
    request: SignedRequest | None = context.get(_CONTEXT_KEY)
    return await (payloads.claim(body) if request is None else request.claim())
