"""create_web: the HTTP server's application, made of its routes and guarded by one middleware."""

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

from bot.console.messenger import ConsoleMessenger
from bot.console.render import open_templates
from bot.console.timeline import Timeline
from bot.web.api import api_routes
from bot.web.console_page import console_routes
from bot.web.desk import Desk
from bot.web.health import HealthCheck, health_routes
from bot.web.live import live_routes
from bot.web.login import login_routes
from bot.web.metrics import Metrics, metrics_routes
from bot.web.security import SLACK_PAGES, Access, Guard
from bot.web.status_page import status_routes
from handlers.commands.dispatch import Commands
from handlers.ingest.ingest import Ingest
from storage.errors import StorageError
from storage.store import Store

logger = logging.getLogger(__name__)

_HERE: Final = Path(__file__).parent
_STATIC: Final = _HERE / "static"


class _Static(StaticFiles):
    """Files whose address changes with them, so a browser need not ask again."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "public, max-age=604800"
        return response


def create_web(
    *,
    store: Store,
    commands: Commands,
    ingest: Ingest,
    messenger: ConsoleMessenger,
    token: str | None,
    api_token: str | None,
    health: HealthCheck,
    clock: Callable[[], datetime],
    slack_handler: Any = None,
    slack_pages: Any = None,
    metrics: Metrics | None = None,
) -> FastAPI:
    """The application. `serve` ends the pages' live streams by `state.end_streams` before the server stops.

    `token` is required of people when set; without it only requests to a loopback name are answered, so bind to
    loopback. `slack_handler` takes POST /slack/events: an ASGI application, or a function of a Starlette request.
    `slack_pages` takes what people open to install the app into their Slack workspace.
    """
    figures = metrics or Metrics()
    environment = open_templates(_HERE / "templates")
    access = Access(token=token, api_token=api_token, clock=clock)
    desk = Desk(
        store=store,
        commands=commands,
        ingest=ingest,
        messenger=messenger,
        access=access,
        environment=environment,
        timeline=Timeline(environment),
        clock=clock,
        version=_version(),
    )
    # The pages that show the API read scripts from elsewhere, which our policy forbids; /openapi.json stays.
    web = FastAPI(title="Wirewatch", version="1", docs_url=None, redoc_url=None)
    for router in (
        health_routes(health),
        metrics_routes(figures, store, clock),
        api_routes(desk),
        login_routes(desk),
        live_routes(desk),
        console_routes(desk),
        status_routes(desk, health),
    ):
        web.include_router(router)
    if slack_handler is not None:
        web.router.routes.append(Route("/slack/events", endpoint=slack_handler, methods=["POST"]))
    for path in SLACK_PAGES if slack_pages is not None else ():
        web.router.routes.append(Route(path, endpoint=slack_pages, methods=["GET"]))
    web.state.end_streams = messenger.changes.close
    web.mount("/static", _Static(directory=_STATIC), name="static")
    _explain_problems(web, desk)
    web.add_middleware(Guard, access=access, answered=figures.answered)
    return web


def _version() -> str:
    digest = hashlib.sha256()
    for file in sorted(_STATIC.iterdir()):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _explain_problems(web: FastAPI, desk: Desk) -> None:
    """Every problem in words: as a page for people, as JSON for programs."""

    def explain(request: Request, status: int, text: str, headers: Any = None) -> Response:
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            title = {404: "Not here", 503: "Not now"}.get(status, "That did not work")
            page = desk.render("problem.html", title=title, text=text)
            return HTMLResponse(page, status_code=status, headers=headers)
        return JSONResponse({"detail": text}, status_code=status, headers=headers)

    @web.exception_handler(HTTPException)
    async def known(request: Request, error: HTTPException) -> Response:
        text = "There is no such page." if error.detail == "Not Found" else str(error.detail)
        return explain(request, error.status_code, text, error.headers)

    @web.exception_handler(RequestValidationError)
    async def wrong(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"][1:])
        return explain(request, 422, f"{place}: {first['msg']}")

    @web.exception_handler(StorageError)
    async def no_database(request: Request, error: StorageError) -> Response:
        logger.error("The database did not answer a request: %s", error)
        return explain(request, 503, f"{error} Nothing was changed.", {"Retry-After": "5"})

    @web.exception_handler(Exception)
    async def fault(request: Request, error: Exception) -> Response:
        # The server logs the exception with its trace.
        return explain(request, 500, "The bot made a mistake; it is in its log. Nothing was changed.")
