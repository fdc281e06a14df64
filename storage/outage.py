"""Outages of the database: each is logged once when it begins and once when it ends, however many parts it concerns."""

import logging
import time

from storage.errors import DamagedDatabase, StorageError

logger = logging.getLogger(__name__)


class Outage:
    """Which kinds of access to the database fail at present. Everybody who uses the store shares one."""

    def __init__(self) -> None:
        self._failing: set[str] = set()
        self._ended_at = 0.0
        self.damage: str | None = None
        """Set once a damaged page was found. It stays until the process ends, because only a restored backup helps."""

    def failed(self, kind: str, error: StorageError, *, began_at: float) -> None:
        """Note that access of this kind failed. The first failure of an outage is logged.

        `began_at` is the time of time.monotonic() when it began. What began before the last outage ended belongs to it.
        """
        if isinstance(error, DamagedDatabase) and self.damage is None:
            self.damage = str(error)
            logger.error("The database is damaged: %s", error)
        elif began_at < self._ended_at:
            return
        elif not self._failing:
            logger.warning("The database does not answer, so everything that needs it waits: %s", error)
        self._failing.add(kind)

    def succeeded(self, kind: str) -> None:
        """Note that access of this kind works. When nothing fails any more, that is logged."""
        if kind in self._failing:
            self._failing.discard(kind)
            if not self._failing:
                self._ended_at = time.monotonic()
                logger.warning("The database answers again")
