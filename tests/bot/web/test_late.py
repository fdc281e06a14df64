"""A request for a part that is not connected is answered with status 503 until the part is there."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.web.late import Handler, when_connected

REQUEST = Request({"type": "http", "method": "POST", "path": "/slack/events", "headers": []})


async def answer(request: Request) -> Response:
    return PlainTextResponse("ok")


async def test_a_request_is_answered_with_503_until_the_platform_is_connected() -> None:
    handlers: list[Handler] = []
    handle = when_connected(lambda: handlers[0] if handlers else None)

    early = await handle(REQUEST)
    handlers.append(answer)
    late = await handle(REQUEST)

    assert (early.status_code, early.headers["Retry-After"]) == (503, "60")
    assert (late.status_code, late.body) == (200, b"ok")
