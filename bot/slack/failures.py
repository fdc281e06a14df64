"""Translates Slack's errors into a PostError that says whether to retry, to look for the post first, or to give up."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from handlers.ports import PostError, PostFailure

# Error names: https://docs.slack.dev/reference/methods/chat.postMessage#errors
_CHANNEL_ERRORS: Final[Mapping[str, str]] = {
    "channel_not_found": "it was deleted, or I was never invited. Invite me with /invite @Wirewatch",
    "is_archived": "it is archived",
    "not_in_channel": "I am not a member. Invite me with /invite @Wirewatch",
    "restricted_action": "a workspace setting lets only some people post there",
    "restricted_action_read_only_channel": "it is read-only",
    "restricted_action_thread_only_channel": "it allows posts in threads only",
    "restricted_action_non_threadable_channel": "it has no threads",
    "no_permission": "I lack the permission to post there",
    "access_denied": "I lack the permission to post there",
    "method_not_supported_for_channel_type": "I cannot post in this kind of channel",
    "user_not_found": "this workspace has no such person",
    "user_not_visible": "Slack does not let me write to this person",
    "user_disabled": "this person's account is closed",
    "cannot_dm_bot": "it belongs to another bot",
}
"""Why the bot cannot post in a channel. The text follows "I can't post in #intel: "."""
REVOKED: Final = frozenset(
    {
        "account_inactive",
        "app_uninstalled",
        "invalid_auth",
        "invalid_refresh_token",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "team_not_found",
        "token_expired",
        "token_revoked",
    }
)
"""The bot's token is no longer valid in the workspace."""
_LATER: Final = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded", "service_unavailable"})
_PERHAPS: Final = frozenset({"fatal_error", "internal_error", "request_timeout", "accesslimited"})


def post_error(error: Exception) -> PostError:
    """Return the PostError for an exception of `FAILURES`. For CHANNEL_GONE its text is only the reason."""
    if isinstance(error, SlackApiError):
        return _refused(error)
    if isinstance(error, aiohttp.ClientConnectorError):
        return PostError("Slack cannot be reached.", failure=PostFailure.LATER)
    # A time-out, a reset connection, or an answer that is not JSON: Slack may have posted the message.
    return PostError(f"Slack did not confirm the message ({type(error).__name__}).", failure=PostFailure.PERHAPS)


def _refused(error: SlackApiError) -> PostError:
    response: Any = error.response
    status = getattr(response, "status_code", 200)
    name = str(response.get("error") or "") if hasattr(response, "get") else ""
    if status < 500 and (status == 429 or name in _LATER):
        seconds = _retry_after(getattr(response, "headers", {}) or {})
        return PostError("Slack asks to wait before the next message.", failure=PostFailure.LATER, retry_after=seconds)
    if status >= 500 or name in _PERHAPS:
        return PostError(f"Slack failed with status {status} {name}.".replace(" .", "."), failure=PostFailure.PERHAPS)
    if name in REVOKED:
        return PostError(
            f"Slack no longer accepts this workspace's token ({name}). Install the app again.",
            failure=PostFailure.WORKSPACE_GONE,
        )
    if name == "missing_scope":
        scope = str(response.get("needed") or "it needs")
        return PostError(
            f"the app lacks the scope {scope}. A workspace admin can grant it: install the app again from its page",
            failure=PostFailure.CHANNEL_GONE,
        )
    if name in _CHANNEL_ERRORS:
        return PostError(_CHANNEL_ERRORS[name], failure=PostFailure.CHANNEL_GONE)
    return PostError(f"Slack refused this message: {name or status}.", failure=PostFailure.REFUSED)


def _retry_after(headers: Mapping[str, str]) -> timedelta | None:
    value = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return timedelta(seconds=float(value)) if value.replace(".", "", 1).isdigit() else None


FAILURES: Final = (SlackClientError, aiohttp.ClientError, TimeoutError, OSError)
"""Everything that slack_sdk raises while it calls Slack."""
