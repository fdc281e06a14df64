"""Slack's request signature: reads its two headers, and verifies a body that arrives in parts.

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
MAX_AGE: Final = timedelta(minutes=5)
"""How far a timestamp may be from our own time, in the past or in the future. An older request may be a replay."""
_SECONDS: Final = re.compile(r"[0-9]{1,12}")
_SIGNED: Final = re.compile(r"v0=[0-9a-f]{64}")


class Rejection(StrEnum):
    """Why a request is not accepted as one from Slack, and what to check if Slack did send it."""

    UNSIGNED = (
        f"This address accepts only requests that Slack signed, with one {SIGNATURE} and one {TIMESTAMP} header. "
        "If Slack sent this request, check that no proxy removes or repeats these headers."
    )
    MALFORMED = (
        f"The signature headers are not in Slack's format: {TIMESTAMP} is a time in Unix seconds, {SIGNATURE} is "
        "v0= and 64 hexadecimal digits. If Slack sent this request, check that no proxy changes these headers."
    )
    STALE = (
        "The timestamp of this request differs from this server's time by more than 5 minutes, so it may be a replay. "
        "If Slack sent it just now, check this server's clock."
    )
    FORGED = (
        "The signature does not match the request. If Slack sent it, check that SLACK_SIGNING_SECRET is the Signing "
        "Secret on the app's page, Basic Information, and that no proxy changes the body."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureHeaders:
    """Signature headers that are well-formed and recent. Whether they match the body is not verified yet."""

    timestamp: str
    signature: str


def read_headers(timestamps: Sequence[str], signatures: Sequence[str], now: datetime) -> SignatureHeaders | Rejection:
    """Return the headers, or the reason to reject the request whatever its body is.

    `timestamps` and `signatures` are all values of the two headers, and `now` is the time in UTC.
    """
    if len(timestamps) != 1 or len(signatures) != 1:
        return Rejection.UNSIGNED
    (timestamp,), (signature,) = timestamps, signatures
    if not _SECONDS.fullmatch(timestamp) or not _SIGNED.fullmatch(signature):
        return Rejection.MALFORMED
    if abs(now.timestamp() - int(timestamp)) > MAX_AGE.total_seconds():
        return Rejection.STALE
    return SignatureHeaders(timestamp=timestamp, signature=signature)


class BodyVerifier:
    """Compares one body with its signature. Hashing it part by part does not block the event loop for long."""

    def __init__(self, secret: str, headers: SignatureHeaders) -> None:
        self._expected = headers.signature
        self._hash = hmac.new(secret.encode(), f"v0:{headers.timestamp}:".encode(), hashlib.sha256)

    def update(self, part: bytes) -> None:
        self._hash.update(part)

    def matches(self) -> bool:
        """Return whether the parts so far are the signed body. The comparison takes constant time."""
        return hmac.compare_digest(f"v0={self._hash.hexdigest()}", self._expected)
