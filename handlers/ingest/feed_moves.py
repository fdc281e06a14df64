"""Permanent redirects of feeds: one is reported, and followed for good only when it lasts and leads to the same feed.

A maintenance page, a lapsed domain or a mistake in a server's settings redirects everything "permanently", too.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from handlers.answers.parts import Button
from handlers.ingest.feed_reports import FeedReport, enqueue_report
from storage.addresses import without_credentials
from storage.records import Source
from storage.store import Tx

MOVED_TIMES: Final = 3
"""Redirects with known entries, on different days, after which a feed is polled at its new address."""
_BETWEEN: Final = timedelta(hours=20)
"""Time after which a redirect counts again. Shorter than a day, so that a feed polled once a day counts each time."""
_LASTS: Final = timedelta(days=2)
"""Time between the first and the last of the redirects that count, which therefore fall on three days."""


async def follow_redirect(
    tx: Tx, source: Source, *, redirects_to: str | None, has_known_entries: bool, now: datetime
) -> dict[str, Any]:
    """Count a permanent redirect, and report the first one and the move. Returns the fields of the source that change.

    `redirects_to` is None if the feed was read at its own address, `has_known_entries` says whether an entry at the new
    address was known before the redirect. Nothing is counted while another source has the address, or if it cannot be
    stored.
    """
    none = {"moved_to": None, "moved_since": None, "moved_seen_at": None, "moved_times": 0}
    if redirects_to is None or not tx.addresses.can_store(redirects_to):
        return none if source.moved_to is not None else {}
    to = tx.addresses.marked(redirects_to)
    if to == source.url:
        return none if source.moved_to is not None else {}
    shown = without_credentials(redirects_to)
    is_taken = await tx.sources.is_taken(source, redirects_to)
    if to != source.moved_to:
        report = (
            _duplicate_report(source, shown, now) if is_taken else _first_report(source, shown, has_known_entries, now)
        )
        await enqueue_report(tx, source, report, now)
        times = int(has_known_entries and not is_taken)
        return {"moved_to": to, "moved_since": now, "moved_seen_at": now, "moved_times": times}
    if is_taken or not has_known_entries or (source.moved_times and now - (source.moved_seen_at or now) < _BETWEEN):
        return {}
    times = source.moved_times + 1
    since = source.moved_since if source.moved_times and source.moved_since else now
    if times < MOVED_TIMES or now - since < _LASTS:
        return {"moved_since": since, "moved_seen_at": now, "moved_times": times}
    text = f"{source.title} has moved to {shown}, and is polled there from now on."
    await enqueue_report(tx, source, FeedReport(event="moved", since=since, text=text), now)
    return {**none, "url": redirects_to}


def _duplicate_report(source: Source, shown: str, now: datetime) -> FeedReport:
    text = (
        f"{source.title} redirects permanently to {shown}, the address of another source. I keep its old address. "
        "Remove one of the two sources if they are the same feed."
    )
    remove = Button(label="Remove", action=f"source:remove:{source.id}")
    return FeedReport(event="redirected", since=now, text=text, buttons=(remove,))


def _first_report(source: Source, shown: str, has_known_entries: bool, now: datetime) -> FeedReport:
    text = f"{source.title} redirects permanently to {shown}"
    if has_known_entries:
        text += ". I keep its old address until the redirect has lasted three days."
        return FeedReport(event="redirected", since=now, text=text)
    text += (
        ", where none of its entries is listed. I keep its old address. If this is another feed, pause it until the "
        "site is back."
    )
    pause = Button(label="Pause", action=f"source:pause:{source.id}")
    return FeedReport(event="redirected", since=now, text=text, buttons=(pause,))
