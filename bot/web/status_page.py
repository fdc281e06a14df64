"""The status page: the ledger with its sums, sources with their health and next poll, topics with their charts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from bot.charts.svg import spark_svg
from bot.console.phrases import host_of, local, span
from bot.web.context import Desk
from bot.web.health import HealthCheck
from handlers.answers.times import ago, counted
from storage.records import DeliveryState, Ledger, Source, SourceKind, SourceState, Topic, Workspace
from storage.store import Tx

_DAYS: Final = 30
_MOST_TOPICS: Final = 60
_BY_HEALTH: Final = {"trouble": 0, "well": 1, "resting": 2}


def status_routes(desk: Desk, check: HealthCheck) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/status")
    async def status() -> HTMLResponse:
        health = await check()
        now = desk.clock()
        async with desk.store.read() as tx:
            workspace = await desk.workspace(tx)
            frame = await desk.frame(tx, workspace, page="status")
            ledger = await tx.ledger.totals()
            sources = await tx.sources.visible(workspace.id)
            rows = [_source(source, await _last_arrival(tx, source), now) for source in sources]
            topics = await _topics(tx, workspace, now)
        rows.sort(key=lambda row: (_BY_HEALTH[row["health"]], row["title"].casefold()))
        page = desk.render(
            "status.html",
            now=now,
            zone=workspace.time_zone,
            unwell=health.reasons,
            ledger=ledger,
            sums=_sums(ledger),
            sources=rows,
            topics=topics,
            days=_DAYS,
            **frame,
        )
        return HTMLResponse(page)

    return router


def _sums(ledger: Ledger) -> list[dict[str, Any]]:
    sent = ledger.deliveries_by_state
    waiting = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNKNOWN, DeliveryState.FAILED)
    return [
        _sum(
            "arrivals",
            ledger.arrivals,
            (
                ("matched", ledger.matched, "tone-1"),
                ("unmatched", ledger.unmatched, "tone-3"),
                ("duplicate", ledger.duplicate, "tone-4"),
                ("failed", ledger.failed, "tone-bad"),
            ),
        ),
        _sum(
            "articles in channels",
            ledger.outcomes,
            (
                ("alert", ledger.alert, "tone-1"),
                ("merged into one", ledger.merged, "tone-2"),
                *((f"held: {reason}", number, "tone-3") for reason, number in ledger.held_by_reason.items() if number),
            ),
        ),
        _sum(
            "deliveries",
            ledger.deliveries,
            (
                ("sent", sent.get(DeliveryState.SENT, 0), "tone-1"),
                *((str(state), sent.get(state, 0), "tone-5") for state in waiting if sent.get(state, 0)),
                ("dead", sent.get(DeliveryState.DEAD, 0), "tone-bad"),
            ),
        ),
    ]


def _sum(name: str, total: int, parts: Sequence[tuple[str, int, str]]) -> dict[str, Any]:
    """A total with its parts, and the parts as a strip whose lengths are their shares."""
    strip = []
    x = 0.0
    for _, number, css_class in parts:
        width = 100 * number / total if total else 0.0
        if number:
            strip.append({"class": css_class, "x": round(x, 3), "width": round(width, 3)})
        x += width
    shown = [{"name": part, "number": number, "class": css_class} for part, number, css_class in parts]
    return {"name": name, "total": total, "parts": shown, "strip": strip}


async def _last_arrival(tx: Tx, source: Source) -> datetime | None:
    if source.last_arrival_at is not None:
        return source.last_arrival_at
    newest = await tx.arrivals.recent(source.id, 1)
    return newest[0].received_at if newest else None


def _source(source: Source, last: datetime | None, now: datetime) -> dict[str, Any]:
    feed = source.kind == SourceKind.FEED
    health, words = _health(source)
    return {
        "title": source.title,
        "place": host_of(source.url) if feed else source.kind.replace("_", " "),
        "health": health,
        "words": words,
        "error": source.error if health == "trouble" else None,
        "last": ago(last, now=now) if last else "none yet",
        "next": _next_poll(source, now) if feed else "as they come",
    }


def _health(source: Source) -> tuple[str, str]:
    if source.state == SourceState.PAUSED:
        return "resting", "paused"
    if source.state == SourceState.GONE:
        return "resting", "gone"
    if source.failures:
        return "trouble", f"failed {counted(source.failures, 'time')}"
    if source.trouble_since is not None:
        return "trouble", "silent"
    if source.kind == SourceKind.FEED and source.last_success_at is None:
        return "resting", "not read yet"
    return "well", "well"


def _next_poll(source: Source, now: datetime) -> str:
    if source.state != SourceState.ACTIVE or source.next_poll_at is None:
        return "never"
    left = source.next_poll_at - now
    return f"in {span(left)}" if left > timedelta(0) else "now"


async def _topics(tx: Tx, workspace: Workspace, now: datetime) -> list[dict[str, Any]]:
    """The topics most written about first, each with its articles a local day."""
    now += timedelta(microseconds=1)  # what arrived this very moment counts
    today = local(now, workspace.time_zone).date()
    days = [today - timedelta(days=back) for back in range(_DAYS - 1, -1, -1)]
    since = now - timedelta(days=_DAYS)
    totals: Mapping[int, int] = await tx.matches.counts(workspace.id, since=since, until=now)
    visible = await tx.topics.visible(workspace.id)
    ranked = sorted(visible, key=lambda topic: (-totals.get(topic.id, 0), topic.title.casefold()))[:_MOST_TOPICS]
    return [await _topic(tx, workspace, topic, days, since, now) for topic in ranked]


async def _topic(
    tx: Tx, workspace: Workspace, topic: Topic, days: Sequence[Any], since: datetime, now: datetime
) -> dict[str, Any]:
    times = await tx.matches.times(topic.id, workspace.id, since=since, until=now)
    by_day = Counter(local(at, workspace.time_zone).date() for at in times)
    counts = [by_day[day] for day in days]
    alt = f"{topic.title}: {counted(sum(counts), 'article')} in {_DAYS} days"
    return {
        "title": topic.title,
        "color": topic.color,
        "total": sum(counts),
        "spark": Markup(spark_svg(counts, alt=alt)),  # noqa: S704 - spark_svg escapes its words
    }
