"""What the first document would wait for, done before it comes: the language model read, the phrases compiled."""

from typing import Final

from handlers.sources.document import read_document

_TEXT: Final = """A headline of some words over a text that nobody sees

By Some Writer
1 March 2024

Everything that is loaded only when it is first asked for is loaded by reading a document such as this one. (Photo: X)

Read more:

It takes the better part of a second, and whoever drops the first file of the day does not have to wait for that."""


def warm_up() -> None:
    """Read a document that has what readers look for. Uses the processor for about a second: call it in a thread."""
    read_document(_TEXT.encode(), content_type="text/plain", name="")
