"""The status page: the ledger with its sums, the sources with their health, and the topics with their charts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from bot.charts.svg import spark_svg
from bot.console.phrases import host_of, local_time, short_duration
from bot.web.context import WebContext
from bot.web.health import HealthCheck
from handlers.answers.times import ago, counted
from storage.records import DeliveryState, HeldReason, Ledger, Source, SourceState, Topic, Workspace
from storage.store import Tx

_DAYS: Final = 30
_MAX_TOPICS: Final = 60
_ORDER: Final = {"failing": 0, "healthy": 1, "inactive": 2}
"""The order of the sources by health, and the CSS classes."""
_UNSENT: Final = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNKNOWN, DeliveryState.FAILED)
_HELD: Final[Mapping[HeldReason, str]] = {
    HeldReason.PACE: "for the digest",
    HeldReason.QUIET: "quiet hours",
    HeldReason.BURST: "too many at once",
    HeldReason.OLD: "older articles",
    HeldReason.MUTED: "muted",
    HeldReason.LANGUAGE: "other language",
    HeldReason.PAUSED: "paused",
    HeldReason.BLOCKED: "channel blocked",
}


def status_routes(context: WebContext, check: HealthCheck) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/status")
    async def status() -> HTMLResponse:
        health = await check()
        now = context.clock()
        async with context.store.read() as tx:
            workspace = await context.workspace(tx)
            frame = await context.frame(tx, workspace, page="status")
            ledger = await tx.ledger.totals()
            sources = await tx.sources.visible(workspace.id)
            rows = [_source_row(source, await _last_arrival(tx, source), now) for source in sources]
            topics = await _topic_cards(tx, workspace, now)
        rows.sort(key=lambda row: (_ORDER[row["health"]], row["title"].casefold()))
        page = context.render(
            "status.html",
            now=now,
            zone=workspace.time_zone,
            problems=(*health.reasons, *health.warnings),
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
    deliveries = ledger.deliveries_by_state
    held = ledger.held_by_reason
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
                ("merged into an alert", ledger.merged, "tone-2"),
                *((f"held: {_HELD[reason]}", number, "tone-3") for reason, number in held.items() if number),
            ),
        ),
        _sum(
            "deliveries",
            ledger.deliveries,
            (
                ("sent", deliveries.get(DeliveryState.SENT, 0), "tone-1"),
                *((state.name.lower(), deliveries[state], "tone-5") for state in _UNSENT if deliveries.get(state)),
                ("dead", deliveries.get(DeliveryState.DEAD, 0), "tone-bad"),
            ),
        ),
    ]


def _sum(name: str, total: int, parts: Sequence[tuple[str, int, str]]) -> dict[str, Any]:
    """Return a total with its parts (name, number, CSS class), and a strip with the width of each part in percent."""
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


def _source_row(source: Source, last: datetime | None, now: datetime) -> dict[str, Any]:
    is_feed = source.is_polled
    health, status = _health(source)
    return {
        "title": source.title,
        "origin": host_of(source.url) if is_feed else source.kind.replace("_", " "),
        "health": health,
        "status": status,
        "error": source.error if health == "failing" else None,
        "last_article": ago(last, now=now) if last else "none yet",
        "next_poll": _next_poll(source, now) if is_feed else "not polled",
    }


def _health(source: Source) -> tuple[str, str]:
    """Return the source's health (a key of _ORDER) and its status in words."""
    if source.state == SourceState.PAUSED:
        return "inactive", "paused"
    if source.state == SourceState.GONE:
        return "inactive", "gone"
    if source.failures:
        return "failing", f"failed {counted(source.failures, 'time')}"
    if source.trouble_since is not None:
        return "failing", "silent"
    if source.is_polled and source.last_success_at is None:
        return "inactive", "not polled yet"
    return "healthy", "healthy"


def _next_poll(source: Source, now: datetime) -> str:
    if source.state != SourceState.ACTIVE or source.next_poll_at is None:
        return "never"
    wait = source.next_poll_at - now
    return f"in {short_duration(wait)}" if wait > timedelta(0) else "now"


async def _topic_cards(tx: Tx, workspace: Workspace, now: datetime) -> list[dict[str, Any]]:
    """Return the topics with the most articles first, each with a chart of its articles per local day."""
    now += timedelta(microseconds=1)  # `until` is exclusive: an article that arrived at `now` counts
    today = local_time(now, workspace.time_zone).date()
    days = [today - timedelta(days=back) for back in range(_DAYS - 1, -1, -1)]
    since = now - timedelta(days=_DAYS)
    totals: Mapping[int, int] = await tx.matches.counts(workspace.id, since=since, until=now)
    visible = await tx.topics.visible(workspace.id)
    ranked = sorted(visible, key=lambda topic: (-totals.get(topic.id, 0), topic.title.casefold()))[:_MAX_TOPICS]
    return [await _topic_card(tx, workspace, topic, days, (since, now)) for topic in ranked]


async def _topic_card(
    tx: Tx, workspace: Workspace, topic: Topic, days: Sequence[date], period: tuple[datetime, datetime]
) -> dict[str, Any]:
    since, until = period
    times = await tx.matches.times(topic.id, workspace.id, since=since, until=until)
    by_day = Counter(local_time(at, workspace.time_zone).date() for at in times)
    counts = [by_day[day] for day in days]
    alt = f"{topic.title}: {counted(sum(counts), 'article')} in {_DAYS} days"
    return {
        "title": topic.title,
        "color": topic.color,
        "total": sum(counts),
        "spark": Markup(spark_svg(counts, alt=alt)),  # noqa: S704 - spark_svg escapes its text
    }
