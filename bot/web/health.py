"""Health checks: /healthz says whether the process is alive, /readyz whether it can do its work."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from handlers.answers.errors import WirewatchError
from handlers.queries.poll_lag import poll_lag
from storage.store import Store

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A component that must work: the database, a loop or a gateway."""

    name: str
    ok: bool
    detail: str = ""
    """What is wrong, for people. It is public: no secret and no text from outside."""
    vital: bool = False
    """True: when this component fails, only a restart helps, so the process counts as dead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    parts: tuple[Part, ...] = ()
    warnings: tuple[str, ...] = ()
    """What works, but not as it should. Public, like the details of the parts."""

    @property
    def alive(self) -> bool:
        return all(part.ok for part in self.parts if part.vital)

    @property
    def ready(self) -> bool:
        return all(part.ok for part in self.parts)

    @property
    def reasons(self) -> tuple[str, ...]:
        """One line for each component that does not work."""
        return tuple(f"{part.name}: {part.detail or 'unhealthy'}" for part in self.parts if not part.ok)


HealthCheck = Callable[[], Awaitable[Health]]


async def database_health(store: Store, now: datetime) -> Health:
    """Return whether the database answers a query now (UTC), with a warning if feeds are polled late."""
    try:
        async with store.read() as tx:
            lag = await poll_lag(tx, now)
    except (WirewatchError, OSError) as error:
        # The error names the file or the host, which must not become public.
        logger.warning("The database does not answer: %s", error)
        return Health(parts=(Part(name="database", ok=False, detail="the database does not answer"),))
    return Health(parts=(Part(name="database", ok=True),), warnings=() if lag is None else (lag,))


def health_routes(check: HealthCheck) -> APIRouter:
    """Return the routes for a supervisor or load balancer. They need no token."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz", summary="Whether the process is alive")
    async def healthz() -> JSONResponse:
        health = await check()
        reasons = [f"{part.name}: {part.detail or 'dead'}" for part in health.parts if part.vital and not part.ok]
        return JSONResponse(
            {"status": "alive" if health.alive else "dead", "reasons": reasons},
            status_code=200 if health.alive else 503,
        )

    @router.get("/readyz", summary="Whether the bot can do its work: database reachable and migrated, loops running")
    async def readyz() -> JSONResponse:
        health = await check()
        parts = {part.name: part.ok for part in health.parts}
        return JSONResponse(
            {
                "status": "ready" if health.ready else "not ready",
                "reasons": list(health.reasons),
                "warnings": list(health.warnings),
                "parts": parts,
            },
            status_code=200 if health.ready else 503,
        )

    return router
