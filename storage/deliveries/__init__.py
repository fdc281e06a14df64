"""Deliveries: the outbox. What is owed is a row; who posts it claims it; a row found half-sent is looked up first."""

from storage.deliveries.claiming import Claiming
from storage.deliveries.queue import NewDelivery
from storage.deliveries.settling import Settling

__all__ = ("Deliveries", "NewDelivery")


class Deliveries(Claiming, Settling):
    """Everything that is done with a delivery: owed, claimed, settled."""
