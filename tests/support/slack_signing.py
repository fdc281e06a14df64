"""Signs requests as Slack does: https://docs.slack.dev/authentication/verifying-requests-from-slack/"""

import hashlib
import hmac
import time

from tests.support.slack_server import SIGNING_SECRET


def signed(body: bytes, *, age_s: int = 0, secret: str = SIGNING_SECRET, stamp: str | None = None) -> dict[str, str]:
    """Return the two headers of a request that was signed so many seconds ago. `stamp` replaces the timestamp."""
    stamp = str(int(time.time()) - age_s) if stamp is None else stamp
    base = b"v0:" + stamp.encode() + b":" + body
    signature = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={signature}"}
