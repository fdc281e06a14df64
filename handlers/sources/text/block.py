"""The lines of a document before they become an article."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, heading or list item. `bullet` says whether it has a bullet, which `text` does not include."""

    text: str
    bullet: bool = False
