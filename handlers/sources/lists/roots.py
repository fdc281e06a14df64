"""The first element of a file in XML, found in its first bytes without parsing the file."""

import re
from dataclasses import dataclass
from typing import Final

_BEFORE: Final = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s+|<\?[^>]*>|<!--.*?-->|<!DOCTYPE[^>\[]*>)*", re.DOTALL)
_ROOT: Final = re.compile(rb"<(?:[\w.-]+:)?([\w.-]+)[^>]*>")


@dataclass(frozen=True, slots=True)
class Root:
    name: str = ""
    """Without namespace. Empty if the file does not begin like XML."""
    tag: str = ""
    """The whole tag, with its attributes."""


def root_of(head: bytes) -> Root:
    """Return the root of a file in an encoding that includes ASCII, by its first bytes."""
    before = _BEFORE.match(head)
    found = _ROOT.match(head, before.end() if before else 0)
    return Root() if found is None else Root(found[1].decode(), found[0].decode("utf-8", "replace"))
