"""The ledger: counts whose sums must agree."""

from dataclasses import dataclass

from storage.records.states import DeliveryKind, DeliveryState, HeldReason


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEnds:
    """Every arrival once, at the furthest end that its article reached in any channel."""

    failed: int = 0
    duplicate: int = 0
    unmatched: int = 0
    matched: int = 0  # no channel wanted it
    held: int = 0
    merged: int = 0
    dead: int = 0  # its alert will never be sent
    pending: int = 0  # its alert is not yet sent
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
class Ledger:
    """What became of everything, counted in one read. `agrees`: every arrival, article and outcome is accounted for."""

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

    @property
    def agrees(self) -> bool:
        return (
            self.arrivals == self.failed + self.duplicate + self.unmatched + self.matched
            and self.articles == self.unmatched + self.matched
            and self.outcomes == self.alert + self.merged + self.held
            and self.held == sum(self.held_by_reason.values())
            and self.deliveries == sum(self.deliveries_by_state.values()) == sum(self.deliveries_by_kind.values())
            and self.arrivals == self.ended.total
        )
