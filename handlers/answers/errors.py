"""The errors of the house: one root, and the one that is an answer to a person."""

from collections.abc import Sequence

from handlers.answers.parts import Button
from storage.errors import WirewatchError as WirewatchError


class UserError(WirewatchError):
    """An answer, not a fault: what happened, what was tried, what to do next. Becomes a Notice in commands.py."""

    def __init__(self, text: str, *, code: str | None = None, buttons: Sequence[Button] = ()) -> None:
        super().__init__(text)
        self.text = text
        self.code = code
        self.buttons = tuple(buttons)


class UnreadableDocument(WirewatchError):
    """A document that gives no article. The message is the reason, for the ledger and the person."""


class QueryError(WirewatchError):
    """A query that cannot be understood or could never match."""

    def __init__(self, message: str, *, query: str, column: int, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.query = query
        self.column = column
        """0-based offset into `query`."""
        self.suggestion = suggestion


class FetchError(WirewatchError):
    """A fetch that brought nothing. `gone` is a 410; `status` is None where there was no HTTP answer."""

    def __init__(self, message: str, *, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after
        """Seconds, as the server asked."""
