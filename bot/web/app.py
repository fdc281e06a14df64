"""create_web: builds the HTTP application from its routes, behind one security middleware."""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
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
from bot.web.access import SLACK_PAGES, Access, Tokens
from bot.web.api import api_routes
from bot.web.body_limits import STALL
from bot.web.console_page import console_routes
from bot.web.context import WebContext
from bot.web.health import AliveCheck, HealthCheck, health_routes
from bot.web.live import live_routes
from bot.web.login import login_routes
from bot.web.metrics import Metrics, metrics_routes
from bot.web.proxies import Proxies
from bot.web.security import Guard
from bot.web.sessions import Sessions
from bot.web.status_page import status_routes
from handlers.commands.dispatch import Commands
from handlers.ingest.ingest import Ingest
from storage.errors import StorageError
from storage.store import Store

logger = logging.getLogger(__name__)

_HERE: Final = Path(__file__).parent
_STATIC: Final = _HERE / "static"


class _Static(StaticFiles):
    """Static files. Their addresses change with their content, so browsers may cache them."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "public, max-age=604800"
        return response


@dataclass(frozen=True, slots=True, kw_only=True)
class WebParts:
    """What the application is built from."""

    store: Store
    commands: Commands
    ingest: Ingest
    messenger: ConsoleMessenger
    tokens: Tokens
    """What opens the pages and the API. Without a token for the pages, bind to loopback."""
    health: HealthCheck
    alive: AliveCheck
    clock: Callable[[], datetime]
    metrics: Metrics = field(default_factory=Metrics)
    proxies: Proxies = field(default_factory=Proxies)
    stall: timedelta = STALL
    """How long the next part of a request's body may take."""
    slack_handler: Any = None
    """Handles POST /slack/events: an ASGI application, or a function of a Starlette request."""
    slack_pages: Any = None
    """Handles the pages that people open to install the app in their Slack workspace; the same kinds of handler."""


def create_web(parts: WebParts) -> FastAPI:
    """Return the application. `serve` calls its `state.end_streams` to end the live streams before the server stops."""
    access = Access(parts.tokens, Sessions(parts.store, token=parts.tokens.page, clock=parts.clock))
    context = _context(parts, access)
    # The built-in API pages load scripts from other sites, which the security policy forbids; /openapi.json stays.
    web = FastAPI(title="Wirewatch", version="1", docs_url=None, redoc_url=None)
    for router in (
        health_routes(parts.health, parts.alive),
        metrics_routes(parts.metrics, parts.store, parts.clock),
        api_routes(context),
        login_routes(context),
        live_routes(context),
        console_routes(context),
        status_routes(context, parts.health),
    ):
        web.include_router(router)
    if parts.slack_handler is not None:
        web.router.routes.append(Route("/slack/events", endpoint=parts.slack_handler, methods=["POST"]))
    for path in SLACK_PAGES if parts.slack_pages is not None else ():
        web.router.routes.append(Route(path, endpoint=parts.slack_pages, methods=["GET"]))
    web.state.end_streams = parts.messenger.changes.close
    web.mount("/static", _Static(directory=_STATIC), name="static")
    _explain_problems(web, context)
    web.add_middleware(Guard, access=access, proxies=parts.proxies, answered=parts.metrics.answered, stall=parts.stall)
    return web


def _context(parts: WebParts, access: Access) -> WebContext:
    environment = open_templates(_HERE / "templates")
    return WebContext(
        store=parts.store,
        commands=parts.commands,
        ingest=parts.ingest,
        messenger=parts.messenger,
        access=access,
        environment=environment,
        timeline=Timeline(environment),
        clock=parts.clock,
        version=_version(),
    )


def _version() -> str:
    """Return a hash of the static files."""
    digest = hashlib.sha256()
    for file in sorted(_STATIC.iterdir()):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _explain_problems(web: FastAPI, context: WebContext) -> None:
    """Answer every error with a message: as a page for people, as JSON for programs."""

    def explain(request: Request, status: int, text: str, headers: Any = None) -> Response:
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            title = {404: "Page not found", 503: "Temporarily unavailable"}.get(status, "Request failed")
            page = context.render("problem.html", title=title, text=text)
            return HTMLResponse(page, status_code=status, headers=headers)
        return JSONResponse({"detail": text}, status_code=status, headers=headers)

    @web.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> Response:
        text = "This page does not exist." if error.detail == "Not Found" else str(error.detail)
        return explain(request, error.status_code, text, error.headers)

    @web.exception_handler(RequestValidationError)
    async def invalid_input(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"][1:])
        return explain(request, 422, f"{field}: {first['msg']}")

    @web.exception_handler(StorageError)
    async def storage_error(request: Request, error: StorageError) -> Response:
        # The store logs when an outage begins and ends.
        return explain(request, 503, str(error), {"Retry-After": "5"})

    @web.exception_handler(Exception)
    async def internal_error(request: Request, error: Exception) -> Response:
        # The server logs the exception with its traceback.
        return explain(request, 500, "An internal error occurred and was logged. Nothing was changed.")
