"""Responses as Discord's API sends them."""

import json
from typing import Any

from aiohttp import web


def json_reply(data: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Return a JSON response. Its content type has no charset, as on Discord."""
    return web.Response(
        body=json.dumps(data).encode(), status=status, headers={"Content-Type": "application/json"} | (headers or {})
    )


def refusal(status: int, code: int) -> web.Response:
    """Return an error with one of Discord's JSON error codes."""
    return json_reply({"message": "refused", "code": code}, status=status)
