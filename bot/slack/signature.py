"""Slack's request signature: what its two headers must hold, and whether a body that arrives in parts matches them.

https://docs.slack.dev/authentication/verifying-requests-from-slack/
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

TIMESTAMP: Final = "X-Slack-Request-Timestamp"
SIGNATURE: Final = "X-Slack-Signature"
FRESH: Final = timedelta(minutes=5)
"""How far a timestamp may be from our own time, in the past or in the future: an older request may be a replay."""
_SECONDS: Final = re.compile(r"[0-9]{1,12}")
_SIGNED: Final = re.compile(r"v0=[0-9a-f]{64}")


class Refusal(StrEnum):
    """Why a request is not taken for one of Slack's, and what to check if it is."""

    UNSIGNED = (
        f"This address takes only requests that Slack signed, with one {SIGNATURE} and one {TIMESTAMP} header. "
        "If Slack sent this request, check that no proxy removes or repeats these headers."
    )
    UNREADABLE = (
        f"The signature headers are not as Slack sends them: {TIMESTAMP} is a time in Unix seconds, {SIGNATURE} is "
        "v0= and 64 hexadecimal digits. If Slack sent this request, check that no proxy changes these headers."
    )
    STALE = (
        "This request was signed more than 5 minutes before or after the time of this server, so it may be a replay. "
        "If Slack sent it just now, check this server's clock."
    )
    FORGED = (
        "The signature does not match the request. If Slack sent it, check that SLACK_SIGNING_SECRET is the Signing "
        "Secret on the app's page, Basic Information, and that no proxy changes the body."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Signature headers that can be read and are fresh. Whether they match the body is not known yet."""

    timestamp: str
    signature: str


def read_headers(timestamps: Sequence[str], signatures: Sequence[str], now: datetime) -> Signed | Refusal:
    """Read the values of the two headers. A refusal needs no body: the request is not from Slack, whatever it holds."""
    if len(timestamps) != 1 or len(signatures) != 1:
        return Refusal.UNSIGNED
    (timestamp,), (signature,) = timestamps, signatures
    if not _SECONDS.fullmatch(timestamp) or not _SIGNED.fullmatch(signature):
        return Refusal.UNREADABLE
    if abs(now.timestamp() - int(timestamp)) > FRESH.total_seconds():
        return Refusal.STALE
    return Signed(timestamp=timestamp, signature=signature)


class BodyCheck:
    """Compares one body with its signature. The body is hashed part by part, so that no part holds the event loop."""

    def __init__(self, secret: str, signed: Signed) -> None:
        self._expected = signed.signature
        self._hash = hmac.new(secret.encode(), f"v0:{signed.timestamp}:".encode(), hashlib.sha256)

    def update(self, part: bytes) -> None:
        self._hash.update(part)

    def matches(self) -> bool:
        """Whether the parts so far are the signed body, compared in constant time."""
        return hmac.compare_digest(f"v0={self._hash.hexdigest()}", self._expected)
