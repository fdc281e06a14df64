"""Translates Slack's errors into PostErrors. Only an answer in which Slack itself names an error is a refusal."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.ports import PostError, not_now, refused
from handlers.rules.refusal_table import find_refusal
from storage.records import Platform

REVOKED: Final = frozenset(
    {
        "account_inactive",
        "app_uninstalled",
        "invalid_auth",
        "invalid_refresh_token",
        "team_access_not_granted",
        "team_not_found",
        "token_revoked",
    }
)
"""The bot's token is no longer valid in the workspace."""
_UNCERTAIN: Final = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
"""Slack itself failed, so it may have done what was asked: https://docs.slack.dev/reference/methods/chat.postMessage#errors"""
_FIELDS: Final[Mapping[str, tuple[str, type]]] = {
    "apps.connections.open": ("url", str),
    "auth.test": ("user_id", str),
    "chat.postMessage": ("ts", str),
    "conversations.history": ("messages", list),
    "conversations.info": ("channel", dict),
    "conversations.members": ("members", list),
    "conversations.open": ("channel", dict),
    "conversations.replies": ("messages", list),
    "files.getUploadURLExternal": ("upload_url", str),
    "files.info": ("file", dict),
    "users.conversations": ("channels", list),
    "users.info": ("user", dict),
}
"""The field that the caller of a method reads, with its type. An object needs an id."""
_DEFAULT_WAIT: Final = timedelta(minutes=1)
"""The wait after a 429 that does not say how long to wait."""
_SECONDS: Final = re.compile(r"[0-9]{1,6}(\.[0-9]+)?")


class UnreadableAnswer(SlackClientError):
    """Slack's answer is not a JSON object with "ok", or lacks what was asked for.

    It is not known whether Slack did what was asked.
    """

    def __init__(self, status: int | None, headers: Mapping[str, str]) -> None:
        super().__init__(f"Slack's answer cannot be read (status {status})")
        self.status = status
        self.headers = headers


class CheckedClient(AsyncWebClient):
    """The SDK's client, which otherwise fails in various ways on an answer that is empty, HTML or plain text:
    https://github.com/slackapi/python-slack-sdk/issues/1100
    """

    async def _request(self, *, http_verb: Any, api_url: Any, req_args: Any) -> dict[str, Any]:
        try:
            answer = await super()._request(http_verb=http_verb, api_url=api_url, req_args=req_args)
        except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
            raise UnreadableAnswer(None, {}) from error
        except SlackApiError as error:  # the body is not valid JSON
            response: Any = error.response
            raise UnreadableAnswer(getattr(response, "status", None), getattr(response, "headers", {})) from error
        data = answer["data"]
        if not _is_readable(str(api_url).rpartition("/")[2], data):
            raise UnreadableAnswer(answer["status_code"], answer["headers"])
        return answer


def _is_readable(method: str, data: Any) -> bool:
    """Return whether this is an error of Slack, or has what the caller of the method reads."""
    if not isinstance(data, dict) or not isinstance(data.get("ok"), bool):
        return False
    name, kind = _FIELDS.get(method, ("ok", bool))
    value = data.get(name)
    return not data["ok"] or (isinstance(value, kind) and not (isinstance(value, dict) and not value.get("id")))


def post_error(error: Exception) -> PostError:
    """Return the PostError for an exception of `FAILURES`. The text of a refusal is its reason."""
    if isinstance(error, PostError):
        return error
    if isinstance(error, UnreadableAnswer) and error.status == 429:
        return _rate_limited(error.headers)
    if isinstance(error, SlackApiError):
        return _answered(error)
    if isinstance(error, aiohttp.ClientConnectorError):
        return not_now("Slack cannot be reached.", platform=Platform.SLACK)
    # A time-out, a reset connection, or an answer that is not JSON: Slack may have posted the message.
    wait = _retry_after(error.headers) if isinstance(error, UnreadableAnswer) else None
    return PostError(f"Slack did not confirm the message: {error_name(error)}.", retry_after=wait)


def _answered(error: SlackApiError) -> PostError:
    response: Any = error.response
    data = getattr(response, "data", None)
    status = getattr(response, "status_code", None)
    name = data.get("error") if isinstance(data, dict) and data.get("ok") is False else None
    if status == 429:
        return _rate_limited(response.headers)
    if not isinstance(name, str) or not name or name in _UNCERTAIN or status is None or status >= 500:
        wait = _retry_after(getattr(response, "headers", {}))
        return PostError(f"Slack failed with status {status} {name or ''}".rstrip() + ".", retry_after=wait)
    if name in ("ratelimited", "rate_limited"):
        return _rate_limited(response.headers)
    refusal = find_refusal(Platform.SLACK, name)
    if name == "missing_scope" and isinstance(data, dict) and data.get("needed"):
        reason = f"the app lacks the scope {data['needed']}. Install it again from its page to grant it"
        refusal = replace(refusal, reason=reason)
    return refused(refusal)


def _rate_limited(headers: Mapping[str, str]) -> PostError:
    return refused(find_refusal(Platform.SLACK, "ratelimited"), retry_after=_retry_after(headers) or _DEFAULT_WAIT)


def _retry_after(headers: Mapping[str, str]) -> timedelta | None:
    value = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return timedelta(seconds=float(value)) if _SECONDS.fullmatch(value) else None


def look_up_error(error: Exception) -> PostError:
    """Return the PostError for a failed request that changes nothing in Slack, and that can therefore be repeated."""
    failed = post_error(error)
    return failed if failed.refusal is not None else not_now(str(failed), platform=Platform.SLACK)


def error_name(error: Exception) -> str:
    """Return Slack's name for the error, or what happened instead of an answer."""
    data = getattr(getattr(error, "response", None), "data", None)
    if isinstance(data, dict) and data.get("error"):
        return str(data["error"])
    return str(error) if isinstance(error, UnreadableAnswer) else type(error).__name__


FAILURES: Final = (SlackClientError, aiohttp.ClientError, TimeoutError, OSError)
"""Everything that `CheckedClient` raises while it calls Slack."""
