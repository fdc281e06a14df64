"""The ticks that keep the database small and sound: they delete what has reached its age, and look after the file."""

from datetime import timedelta
from typing import Final

from bot.core import utc_now
from bot.schedule import Tick
from handlers.ingest.reindex import reindex
from handlers.rules.retention import Retention
from handlers.workspaces.retention import delete_expired
from handlers.workspaces.uninstall import delete_departed
from storage.store import Store
from storage.upkeep import checkpoint, find_damage

_CLEAN_UP_EVERY: Final = timedelta(hours=1)
_RETENTION_EVERY: Final = timedelta(minutes=5)
_REINDEX_EVERY: Final = timedelta(seconds=10)
_REINDEXED: Final = 500
"""Articles of an earlier version that are indexed again in one run: some seconds, during which others write too."""
_DAMAGE_EVERY: Final = timedelta(hours=24)
_CHECKPOINT_EVERY: Final = timedelta(seconds=30)


def upkeep_ticks(store: Store, retention: Retention) -> tuple[Tick, ...]:
    """Return the ticks for this store."""
    return (
        Tick(name="removals", every=_CLEAN_UP_EVERY, run=lambda: delete_departed(store, utc_now())),
        Tick(name="retention", every=_RETENTION_EVERY, run=lambda: delete_expired(store, utc_now(), retention)),
        Tick(name="reindex", every=_REINDEX_EVERY, run=lambda: reindex(store, limit=_REINDEXED)),
        Tick(name="damage", every=_DAMAGE_EVERY, run=lambda: find_damage(store), may_run_on=True),
        Tick(name="checkpoint", every=_CHECKPOINT_EVERY, run=lambda: checkpoint(store)),
    )
