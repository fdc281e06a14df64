"""The sessions of people who signed in: a signed cookie, valid for a month or until somebody signs out."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from storage.store import Store, Tx

COOKIE: Final = "wirewatch_session"
SESSION: Final = timedelta(days=30)
_GENERATION: Final = "session_generation"


class Sessions:
    """Creates and checks the values of session cookies.

    A value contains the time of signing in and a signature, not the token. The signature depends on the token and on a
    generation number in the database. Signing out increases that number, which ends all sessions, copies of their
    cookies included, in every process.
    """

    def __init__(self, store: Store, *, token: str | None, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._token = token
        self._clock = clock

    async def create(self) -> str:
        """Return a new cookie value."""
        signed_at = str(int(self._clock().timestamp()))
        async with self._store.read() as tx:
            generation = await self.generation(tx)
        return f"{signed_at}.{self._signature(signed_at, generation)}"

    async def is_valid(self, value: str) -> bool:
        """Return whether this is the cookie value of a session that has not ended. Raises: StorageError."""
        signed_at, _, signature = value.partition(".")
        if self._token is None or not signed_at.isascii() or not signed_at.isdigit() or len(signed_at) > 12:
            return False
        # The value is signed, so a time in the future means that this computer's clock was set back.
        if abs(self._clock().timestamp() - int(signed_at)) > SESSION.total_seconds():
            return False
        async with self._store.read() as tx:
            generation = await self.generation(tx)
        return is_same(signature, self._signature(signed_at, generation))

    async def end_all(self) -> None:
        """End all sessions. Raises: StorageError, and then none has ended."""
        async with self._store.begin() as tx:
            await tx.meta.increase(_GENERATION)

    async def generation(self, tx: Tx) -> str:
        """Return what changes when all sessions end; empty before the first time."""
        return await tx.meta.get(_GENERATION) or ""

    def _signature(self, signed_at: str, generation: str) -> str:
        key = f"session:{self._token}" + (f":{generation}" if generation else "")
        return hmac.new(key.encode(), signed_at.encode(), hashlib.sha256).hexdigest()


def is_same(given: str, wanted: str) -> bool:
    """Compare in constant time, whatever the lengths."""
    digests = (hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest() for text in (given, wanted))
    return hmac.compare_digest(*digests)
