"""How long stored rows stay, by kind."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What has an age of its own, in the order in which it is deleted."""

    ARTICLES = "articles"
    ARRIVALS = "arrivals"
    TRACES = "traces"
    DIGESTS = "digests"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long rows of each kind stay. None: for ever."""

    articles: timedelta | None = timedelta(days=400)
    shown: timedelta | None = timedelta(days=1_200)
    """For articles that people still see or have decided about (`StayReason`), and for digests."""
    traces: timedelta | None = timedelta(days=90)
    """For the evaluated queries of an article's matches. `/why` evaluates the present query for older ones."""
    arrivals: timedelta | None = timedelta(days=120)
    """For arrivals of what feeds do not list any more."""

    def of(self, kind: Kind) -> timedelta | None:
        """Return the age that rows of this kind have when they may be deleted."""
        match kind:
            case Kind.ARTICLES:
                return self.articles
            case Kind.ARRIVALS:
                return self.arrivals
            case Kind.TRACES:
                return self.traces
            case Kind.DIGESTS:
                return self.shown
