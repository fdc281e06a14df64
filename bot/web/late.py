"""Request handlers of a part that may be missing at times, such as Slack while it is not connected."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

Handler = Callable[[Request], Awaitable[Response]]


def when_connected(find: Callable[[], Handler | None]) -> Handler:
    """Return a handler that calls the one that `find` returns, and answers with status 503 while there is none."""

    async def handle(request: Request) -> Response:
        handler = find()
        if handler is None:
            body = {"error": "The platform is not connected at present."}
            return JSONResponse(body, status_code=503, headers={"Retry-After": "60"})
        return await handler(request)

    return handle
