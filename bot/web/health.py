"""Health checks: /healthz says whether the process is alive, /readyz whether it can do its work."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from handlers.answers.errors import WirewatchError
from handlers.queries.poll_lag import poll_lag
from storage.store import Store


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
AliveCheck = Callable[[], Health]
"""Must not wait for anything, least of all for the database."""

LIMIT_S: Final = 2.0
"""Within this time the database must have answered."""
_FRESH_S: Final = 1.0
"""A result is used again for this time, so that requests from outside cannot make the bot write all the time."""


async def poll_warnings(store: Store, now: datetime) -> tuple[str, ...]:
    """Return a warning if feeds are polled late, for `now` in UTC. Empty while the database does not answer."""
    try:
        async with store.read() as tx:
            lag = await poll_lag(tx, now)
    except (WirewatchError, OSError):
        return ()
    return () if lag is None else (lag,)


class DatabaseCheck:
    """Checks whether the database can be written and read. Calls at the same time share one attempt."""

    def __init__(self, store: Store, *, limit_s: float = LIMIT_S) -> None:
        self._store = store
        self._limit_s = limit_s
        self._attempt: asyncio.Task[bool] | None = None
        self._ended = 0.0
        """When the last attempt ended, by the clock of the event loop."""

    async def part(self) -> Part:
        """Return the state of the database. The store logs the error, which names the file or the host."""
        if self._store.outage.damage is not None:
            return Part(name="database", ok=False, detail="a page of the file is damaged: restore a backup")
        loop = asyncio.get_running_loop()
        if self._attempt is None or (self._attempt.done() and loop.time() - self._ended > _FRESH_S):
            self._attempt = loop.create_task(self._answers(), name="database check")
        await asyncio.wait({self._attempt}, timeout=self._limit_s)
        if not self._attempt.done():  # it goes on, because a cancelled statement would not end sooner
            return Part(name="database", ok=False, detail=f"the database does not answer within {self._limit_s:g} s")
        if self._attempt.result():
            return Part(name="database", ok=True)
        return Part(name="database", ok=False, detail="the database does not answer")

    async def close(self) -> None:
        """End an attempt that is still waiting."""
        if self._attempt is not None:
            self._attempt.cancel()
            await asyncio.gather(self._attempt, return_exceptions=True)

    async def _answers(self) -> bool:
        try:
            async with self._store.begin() as tx:
                written = await tx.meta.increase("health_checks")
            async with self._store.read() as tx:
                return int(await tx.meta.get("health_checks") or 0) >= written
        except (WirewatchError, OSError):
            return False
        finally:
            self._ended = asyncio.get_running_loop().time()


def health_routes(check: HealthCheck, alive: AliveCheck) -> APIRouter:
    """Return the routes for a supervisor or load balancer. They need no token."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz", summary="Whether the process is alive; never waits for the database")
    async def healthz() -> JSONResponse:
        health = alive()
        reasons = [f"{part.name}: {part.detail or 'dead'}" for part in health.parts if part.vital and not part.ok]
        return JSONResponse(
            {"status": "alive" if health.alive else "dead", "reasons": reasons},
            status_code=200 if health.alive else 503,
        )

    @router.get(
        "/readyz", summary="Whether the bot can do its work: the database can be written, loops run, ticks are on time"
    )
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
