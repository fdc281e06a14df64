"""Metrics for Prometheus. Totals are read from the database; no label contains text from outside."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from storage.records import ArrivalState, SourceState
from storage.store import Store

_DURATIONS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0, 10.0)
"""Histogram buckets, in seconds."""


class Metrics:
    """The metrics of one process, in their own registry."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._arrivals = self._gauge("arrivals", "Arrivals stored, by their final state", "state")
        self._articles = self._gauge("articles", "Articles stored")
        self._outcomes = self._gauge("outcomes", "Matched articles in subscribed channels, by outcome", "state")
        self._deliveries = self._gauge("deliveries", "Deliveries, by state", "state")
        self._lag = self._gauge("delivery_lag_seconds", "How long the oldest due delivery has waited")
        self._sources = self._gauge("sources", "Sources, by state", "state")
        self._failing = self._gauge("sources_failing", "Active sources whose last poll failed")
        self._poll_lag = self._gauge("poll_lag_seconds", "How long the most overdue feed has waited for its poll")
        self._agrees = self._gauge("ledger_agrees", "1 while the sums of the ledger agree")
        self._polls = Counter("wirewatch_polls", "Polls of feeds by this process", ["result"], registry=self.registry)
        self._requests = Histogram(
            "wirewatch_request_seconds",
            "Time to answer a request",
            ["method", "route", "status"],
            buckets=_DURATIONS,
            registry=self.registry,
        )

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(f"wirewatch_{name}", text, labels, registry=self.registry)

    def polled(self, count: int = 1, *, failed: bool = False) -> None:
        """Count polls of feeds by this process."""
        self._polls.labels("failed" if failed else "ok").inc(count)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answered request. `route` is the pattern of the path, never the path itself."""
        label = method if method in ("GET", "HEAD", "POST") else "other"
        self._requests.labels(label, route, f"{status // 100}xx").observe(seconds)

    async def read(self, store: Store, now: datetime) -> None:
        """Set the gauges from the totals in the database."""
        async with store.read() as tx:
            ledger = await tx.ledger.totals()
            due = await tx.deliveries.next_due_at(now)
            sources = await tx.source_health.totals()
        for state in ArrivalState:
            self._arrivals.labels(state).set(getattr(ledger, state))
        for outcome in ("alert", "merged", "held"):
            self._outcomes.labels(outcome).set(getattr(ledger, outcome))
        for delivery_state, number in ledger.deliveries_by_state.items():
            self._deliveries.labels(delivery_state).set(number)
        for source_state in SourceState:
            self._sources.labels(source_state).set(sources.by_state.get(source_state, 0))
        self._failing.set(sources.failed)
        self._poll_lag.set(_waited(sources.next_poll_at, now))
        self._lag.set(_waited(due, now))
        self._articles.set(ledger.articles)
        self._agrees.set(ledger.agrees)

    def text(self) -> bytes:
        """Return the metrics in Prometheus' text format."""
        return generate_latest(self.registry)


def _waited(due: datetime | None, now: datetime) -> float:
    return max((now - due).total_seconds(), 0.0) if due else 0.0


def metrics_routes(metrics: Metrics, store: Store, clock: Callable[[], datetime]) -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/metrics", summary="Metrics for Prometheus", response_class=Response)
    async def read_metrics() -> Response:
        await metrics.read(store, clock())
        return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)

    return router
