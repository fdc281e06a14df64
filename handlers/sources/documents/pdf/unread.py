"""Tells people which pages of a PDF were not read, and why."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

from handlers.sources.documents.pdf.page import Page

NO_TEXT: Final = "The PDF contains no text. It may be a scan or consist of pictures."
NO_CHARACTERS: Final = (
    "The fonts of this PDF do not say which letters they show, so that its text cannot be read. "
    "Print it to a new PDF, or send the document from which it was made."
)


def unread_reason(pages: Sequence[Page], page_count: int) -> str | None:
    """Return which of the pages were not read, with the reasons, as sentences; None if all were.

    `pages`: those for which there was time. `page_count`: how many the document has.
    """
    reasons = [
        _sentence((page.number for page in pages if page.is_picture), "a picture without text, such as a scan"),
        _sentence((page.number for page in pages if not page.is_plausible), "in fonts that do not name their letters"),
        _sentence(range(len(pages) + 1, page_count + 1), "beyond what is read of one document"),
    ]
    return " ".join(reason for reason in reasons if reason) or None


def _sentence(numbers: Iterable[int], reason: str) -> str:
    pages = sorted(numbers)
    if not pages:
        return ""
    parts = []
    for _, group in groupby(enumerate(pages), key=lambda item: item[1] - item[0]):
        run = [number for _, number in group]
        parts.append(str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}")
    named = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return (
        f"Page {named} is {reason}, and was not read."
        if len(pages) == 1
        else (f"Pages {named} are {reason}, and were not read.")
    )
