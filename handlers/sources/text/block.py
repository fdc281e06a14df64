"""The lines of a document before they become an article."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One paragraph, heading or list item. `text` has no bullet point; `bullet` says whether the document shows one."""

    text: str
    bullet: bool = False
