"""The ledger: counts whose sums agree."""

from dataclasses import dataclass

from storage.records.states import DeliveryKind, DeliveryState, HeldReason


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEnds:
    """Arrivals by the furthest result that their article reached in any channel. Each arrival counts once."""

    failed: int = 0
    duplicate: int = 0
    unmatched: int = 0
    matched: int = 0  # no channel subscribes to its topics
    held: int = 0
    merged: int = 0
    dead: int = 0  # its alert is never sent
    pending: int = 0  # its alert is not sent yet
    sent: int = 0

    @property
    def total(self) -> int:
        return (
            self.failed
            + self.duplicate
            + self.unmatched
            + self.matched
            + self.held
            + self.merged
            + self.dead
            + self.pending
            + self.sent
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PrunedRows:
    """How many of the counted rows retention has deleted."""

    arrivals: int = 0
    articles: int = 0
    outcomes: int = 0
    deliveries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """All counts since the database was created, taken from one state of the database."""

    arrivals: int
    failed: int
    duplicate: int
    unmatched: int
    matched: int
    articles: int
    outcomes: int
    alert: int
    merged: int
    held: int
    held_by_reason: dict[HeldReason, int]
    deliveries: int
    deliveries_by_state: dict[DeliveryState, int]
    deliveries_by_kind: dict[DeliveryKind, int]
    ended: LedgerEnds
    pruned: PrunedRows = PrunedRows()

    @property
    def agrees(self) -> bool:
        """Whether every arrival, article, outcome and delivery is accounted for."""
        return (
            self.arrivals == self.failed + self.duplicate + self.unmatched + self.matched
            and self.articles == self.unmatched + self.matched
            and self.outcomes == self.alert + self.merged + self.held
            and self.held == sum(self.held_by_reason.values())
            and self.deliveries == sum(self.deliveries_by_state.values()) == sum(self.deliveries_by_kind.values())
            and self.arrivals == self.ended.total
        )
