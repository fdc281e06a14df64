"""Phrases about the parts of a document that are kept apart from the text of its article."""

from collections.abc import Iterator, Sequence
from typing import Final

from handlers.answers.parts import Step
from handlers.answers.times import counted
from storage.records import SetAside

_MOST: Final = 5
"""Parts that are named."""
_BEGINNING: Final = 100
"""Characters of a part that are shown."""


def set_aside_phrase(parts: Sequence[SetAside]) -> str:
    """Return what was set aside, such as "quoted letter (120 words), signature (9 words)"."""
    named = [f"{part.rule} ({counted(word_count(part), 'word')})" for part in parts[:_MOST]]
    more = len(parts) - len(named)
    return ", ".join(named) + (f", and {counted(more, 'more part', 'more parts')}" if more else "")


def set_aside_steps(parts: Sequence[SetAside]) -> Iterator[Step]:
    """Yield a step of `/why` for each part, with its beginning, and one for the parts beyond the limit."""
    for part in parts[:_MOST]:
        size = counted(word_count(part), "word")
        yield Step(ok=True, text=f"Set aside: {part.rule}, {size}: “{_beginning(part.text)}”")
    if len(parts) > _MOST:
        yield Step(ok=True, text=f"Set aside: {counted(len(parts) - _MOST, 'more part', 'more parts')}.")


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _BEGINNING else f"{line[: _BEGINNING - 1].rstrip()}…"


def word_count(part: SetAside) -> int:
    return len(part.text.split())
