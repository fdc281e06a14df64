"""How late feeds are polled: the pollers store what they spend their time on, and whoever is asked reads it."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Final

from handlers.rules.poll_lag import PollLoad, late_sentence
from storage.store import Tx

_NAME: Final = "poll_load"


async def store_load(tx: Tx, load: PollLoad) -> None:
    """Store the last measurement of a process. That of another process is replaced."""
    values = asdict(load) | {"at": load.at.isoformat(), "started_at": load.started_at.isoformat()}
    await tx.meta.set(_NAME, json.dumps(values))


async def poll_lag(tx: Tx, now: datetime) -> str | None:
    """Return "feeds are 12 minutes late because ..." with the reason; None if no feed is late. `now` is in UTC."""
    oldest_due = await tx.polls.oldest_due(now)
    return late_sentence(oldest_due, _parsed(await tx.meta.get(_NAME)), now)


def _parsed(text: str | None) -> PollLoad | None:
    if text is None:
        return None
    values = json.loads(text)
    times = {name: datetime.fromisoformat(values[name]) for name in ("at", "started_at")}
    return PollLoad(**(values | times))
