"""Conditional requests: ask for a document only if it changed since its ETag or Last-Modified, and read a 304.

ETag and Last-Modified are the validators of a response. `client.py` sends and receives them, and
`handlers/ingest/poll.py` stores those of a feed after its entries, so that a crash reads the feed again.
"""

from collections.abc import Mapping
from typing import Final, TypedDict

CONDITIONAL: Final = 0.95
"""Share of the polls that ask only for a changed feed."""


class Validators(TypedDict, total=False):
    """The validators of a response."""

    etag: str | None
    last_modified: str | None


def validators_to_send(etag: str | None, last_modified: str | None, *, chance: float) -> Validators:
    """Return the stored validators to send with a poll, by name; none in one poll of twenty.

    Dates alone hide corrections and entries dated back from servers that compare them, so that now and then the whole
    feed is asked for. `chance` is a random number from 0 to 1.
    """
    return {} if chance > CONDITIONAL else {"etag": etag, "last_modified": last_modified}


def condition(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """Return the headers that ask for the document only if it changed since the response with these validators.

    Validators are sent back as they were received. Without any, the request is unconditional.
    """
    headers = {}
    if etag:
        headers["If-None-Match"] = etag
    if last_modified:
        headers["If-Modified-Since"] = last_modified
    return headers


def is_not_modified(status: int, condition: Mapping[str, str]) -> bool:
    """Return whether the answer to a request with these headers of a condition says that the document did not change.

    A 304 to a request without a condition brings no document, so it is an error.
    """
    return status == 304 and bool(condition)


def validators(headers: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Return the ETag and the Last-Modified of a response; None for one that is missing."""
    return headers.get("ETag"), headers.get("Last-Modified")


def validators_to_store(etag: str | None, last_modified: str | None, *, not_modified: bool) -> dict[str, str | None]:
    """Return the validators of a response to store for the next request, by name.

    A 304 may repeat only some of them, perhaps with new values: the others stay as they are.
    """
    received = {"etag": etag, "last_modified": last_modified}
    return {name: value for name, value in received.items() if value is not None or not not_modified}
