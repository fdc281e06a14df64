"""Health: is the process alive, and is it ready to work; /healthz and /readyz say so."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from handlers.answers.errors import WirewatchError
from storage.store import Store

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing that must work: the database, a loop, a gateway."""

    name: str
    ok: bool
    detail: str = ""
    """What is wrong, for people; no secret and no text from outside."""
    vital: bool = False
    """While it is not ok, only a restart helps: the process counts as dead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    parts: tuple[Part, ...] = ()

    @property
    def alive(self) -> bool:
        return all(part.ok for part in self.parts if part.vital)

    @property
    def ready(self) -> bool:
        return all(part.ok for part in self.parts)

    @property
    def reasons(self) -> tuple[str, ...]:
        """A line for each part that is not well."""
        return tuple(f"{part.name}: {part.detail or 'not well'}" for part in self.parts if not part.ok)


HealthCheck = Callable[[], Awaitable[Health]]


async def database_part(store: Store) -> Part:
    """Whether the database answers a query now."""
    try:
        async with store.read() as tx:
            await tx.meta.get("topics_version")
    except (WirewatchError, OSError) as error:
        # The error names the file or the host, which is nobody's business outside.
        logger.warning("The database does not answer: %s", error)
        return Part(name="database", ok=False, detail="the database does not answer")
    return Part(name="database", ok=True)


def health_routes(check: HealthCheck) -> APIRouter:
    """For whoever restarts or routes to this process; open to all, without a token."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz", summary="The process is alive")
    async def healthz() -> JSONResponse:
        health = await check()
        reasons = [f"{part.name}: {part.detail or 'dead'}" for part in health.parts if part.vital and not part.ok]
        return JSONResponse(
            {"status": "alive" if health.alive else "dead", "reasons": reasons},
            status_code=200 if health.alive else 503,
        )

    @router.get("/readyz", summary="The bot can do its work: database reachable and migrated, loops running")
    async def readyz() -> JSONResponse:
        health = await check()
        parts = {part.name: part.ok for part in health.parts}
        return JSONResponse(
            {"status": "ready" if health.ready else "not ready", "reasons": list(health.reasons), "parts": parts},
            status_code=200 if health.ready else 503,
        )

    return router
