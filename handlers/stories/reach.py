"""How widely a story is reported: its publishers, and how many of them report on their own."""

from collections.abc import Iterable


def normalize_publisher(name: str) -> str:
    """Return a publisher's name for comparison: without regard to case and spaces."""
    return " ".join(name.split()).casefold()


def count_publishers(names: Iterable[str]) -> int:
    """Return how many different publishers these are. Several reports of one paper are one source."""
    return len({normalize_publisher(name) for name in names})
