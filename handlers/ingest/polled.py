"""What polling uses and returns, for feeds and for official lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from handlers.drafts import Draft
from storage.records import Article, Source


class Ingested(Protocol):
    @property
    def state(self) -> str: ...

    @property
    def article(self) -> Article | None: ...


class IngestEntries(Protocol):
    """The part of handlers.ingest.ingest.Ingest that polling uses."""

    async def __call__(self, drafts: Sequence[Draft], *, source: Source, now: datetime) -> Sequence[Ingested]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """The result of one poll."""

    source: Source
    """As updated by the poll."""
    entries: int = 0
    """The number of entries in the feed or list; 0 if it did not change."""
    new: int = 0
    revised: int = 0
    unchanged: bool = False
    error: str | None = None
