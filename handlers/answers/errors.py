"""Errors that the bot raises. All of them are `WirewatchError`."""

from collections.abc import Sequence

from handlers.answers.parts import Button
from storage.errors import WirewatchError as WirewatchError


class UserError(WirewatchError):
    """An answer to a person, not a fault: what happened, what was tried, what to do next. It is shown as a Notice."""

    def __init__(self, text: str, *, code: str | None = None, buttons: Sequence[Button] = ()) -> None:
        super().__init__(text)
        self.text = text
        self.code = code
        self.buttons = tuple(buttons)


class UnreadableDocument(WirewatchError):
    """A document contains no article that can be read. The message says why; it is stored and shown to people."""


class QueryError(WirewatchError):
    """A query has a syntax error or can never match. The message is fit for people."""

    def __init__(self, message: str, *, query: str, column: int, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.query = query
        self.column = column
        """0-based offset into `query`."""
        self.suggestion = suggestion


class FetchError(WirewatchError):
    """A fetch failed. `status` is the HTTP status; None if there was no response. The message is fit for people."""

    def __init__(self, message: str, *, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after
        """Seconds, as requested by the server."""
