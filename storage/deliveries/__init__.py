"""Deliveries: a transactional outbox.

Everything that the bot posts is first a row. A poster claims the row, posts, and settles the row. A row whose poster
stopped in between is looked up on the platform before it is posted again.
"""

from storage.deliveries.claiming import Claiming
from storage.deliveries.queue import ADDED_SUBJECT, NewDelivery
from storage.deliveries.settling import Settling

__all__ = ("ADDED_SUBJECT", "Deliveries", "NewDelivery")


class Deliveries(Claiming, Settling):
    """All operations on deliveries: enqueue, claim and settle."""
