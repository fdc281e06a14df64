"""Which articles the roll-ups of a channel covered, so that its digest does not show them as new."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from storage.records import Channel, DeliveryKind
from storage.store import Tx

_KEPT: Final = timedelta(days=8)
"""A digest reaches back a week."""


async def record_rollup(tx: Tx, channel: Channel, subject: str, article_ids: Iterable[int], now: datetime) -> None:
    """Record that the roll-up with this subject names the stories of these articles."""
    recent = [
        entry for entry in await _entries(tx, channel) if datetime.fromisoformat(entry["enqueued_at"]) > now - _KEPT
    ]
    recent.append({"subject": subject, "enqueued_at": now.isoformat(), "articles": sorted(article_ids)})
    await tx.meta.set(_name(channel), json.dumps(recent))


async def rolled_up(tx: Tx, channel: Channel) -> Mapping[int, datetime]:
    """Return when each article's story was named in a roll-up that was posted, in UTC, by article id."""
    found: dict[int, datetime] = {}
    for entry in await _entries(tx, channel):
        delivery = await tx.deliveries.find(channel.id, DeliveryKind.NOTICE, entry["subject"])
        if delivery is not None and delivery.sent_at is not None:
            found.update(dict.fromkeys(entry["articles"], delivery.sent_at))
    return found


async def _entries(tx: Tx, channel: Channel) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads(await tx.meta.get(_name(channel)) or "[]")
    return entries


def _name(channel: Channel) -> str:
    return f"rollups:{channel.id}"
