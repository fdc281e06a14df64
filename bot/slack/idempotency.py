"""What counts once: signed requests and OAuth states. A copy has no second effect, whichever process receives it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from bot.slack.signature import Signed
from storage.records import Platform
from storage.store import Store, Tx

_IN_CONTEXT: Final = "wirewatch_signed_request"
_REMEMBERED: Final = timedelta(days=1)
"""Far longer than a copy is accepted: signatures and OAuth states are stale after minutes."""


async def claim(tx: Tx, key: str, now: datetime) -> bool:
    """Whether no process on this database claimed this key before. A key has at most 64 characters."""
    return await tx.seen_events.begin(Platform.SLACK, key, now=now, until=now + _REMEMBERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRequest:
    """An HTTP request whose signature was checked, for the listener that acts on it."""

    store: Store
    clock: Callable[[], datetime]
    signed: Signed
    body_digest: str
    """SHA-256 of the body, hexadecimal."""
    is_repeated: bool
    """Slack says that it sent this body before, perhaps with another signature."""

    @classmethod
    def of(
        cls, body: bytes, signed: Signed, *, is_repeated: bool, store: Store, clock: Callable[[], datetime]
    ) -> "SignedRequest":
        return cls(
            store=store,
            clock=clock,
            signed=signed,
            body_digest=hashlib.sha256(body).hexdigest(),
            is_repeated=is_repeated,
        )

    def put_into(self, context: Any) -> None:
        """Make this the request that `is_first` finds in Bolt's context."""
        context[_IN_CONTEXT] = self

    async def claim(self) -> bool:
        """True the first time.

        A person may say the same thing twice, so an equal body counts only where Slack repeats one. The repetition may
        overtake the request that it repeats.
        """
        now, body = self.clock(), self.body_digest[:48]
        async with self.store.begin() as tx:
            is_copy = not await claim(tx, f"request {self.signed.signature.removeprefix('v0=')[:48]}", now)
            is_new_body = await claim(tx, f"body {body}", now)
            if self.is_repeated:
                return not is_copy and is_new_body and await claim(tx, f"repeated {body}", now)
            return not is_copy and not await tx.seen_events.has(Platform.SLACK, f"repeated {body}")


async def is_first(context: Any) -> bool:
    """Whether nobody has acted on this request before. The caller then acts on it: a second call gives False.

    A request from the socket is always the first. Only Slack can send there.
    """
    request: SignedRequest | None = context.get(_IN_CONTEXT)
    return request is None or await request.claim()
