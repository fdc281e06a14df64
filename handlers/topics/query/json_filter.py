"""A filter as MonitoRSS has them, a tree of AND and OR in JSON, written in the language of topics.

Its shape: https://github.com/synzen/MonitoRSS, services/user-feeds/src/article-filters/types.
"""

import json
from typing import Any, Final

from handlers.topics.query.expansion import DEPTH_MOST

FIELDS: Final = {
    "title": "title",
    "description": "body",
    "summary": "body",
    "content": "body",
    "author": "author",
    "link": "url",
    "url": "url",
    "tags": "tag",
    "categories": "tag",
    "category": "tag",
}
"""What an article has there, to the field here."""
_JOINS: Final = {"AND": " AND ", "OR": " OR "}


class BadFilter(ValueError):
    """A filter that has something that cannot be asked for here. Its text says what."""


def read_filter(text: str) -> Any:
    """The filter that a text is, or None for any other text."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    found = found.get("expression", found)
    return found if isinstance(found, dict) and found.get("type") in ("LOGICAL", "RELATIONAL") else None


def write_filter(part: Any, depth: int = 0) -> str:
    """The query that a filter is, or a part of one that stands so deep in it. Raises BadFilter."""
    if depth > DEPTH_MOST:
        raise BadFilter(f"more than {DEPTH_MOST} of its parts stand within one another")
    if not isinstance(part, dict):
        raise BadFilter(f"a part of it is not one: {_shown(part)}")
    match part.get("type"):
        case "LOGICAL":
            return _joined(part, depth)
        case "RELATIONAL":
            return _compared(part)
        case other:
            raise BadFilter(f"its parts are LOGICAL or RELATIONAL, not {_shown(other)}")


def _joined(part: dict[str, Any], depth: int) -> str:
    children = part.get("children")
    operator = part.get("op")
    if not isinstance(children, list) or not children:
        raise BadFilter(f"{_shown(operator)} joins nothing")
    if operator == "NOT":
        return f"NOT ({write_filter(children[0], depth + 1)})"
    if operator not in _JOINS:
        raise BadFilter(f"it is joined by AND, OR and NOT, not by {_shown(operator)}")
    written = [write_filter(child, depth + 1) for child in children]
    return written[0] if len(written) == 1 else f"({_JOINS[operator].join(written)})"


def _compared(part: dict[str, Any]) -> str:
    left, right = part.get("left"), part.get("right")
    name = left.get("value") if isinstance(left, dict) else left
    value = right.get("value") if isinstance(right, dict) else right
    field = FIELDS.get(str(name).casefold())
    if field is None:
        raise BadFilter(f"{', '.join(FIELDS)} can be asked for, not {_shown(name)}")
    if not isinstance(value, str) or not value.strip():
        raise BadFilter(f"{_shown(name)} is compared with nothing")
    match part.get("op"):
        case "CONTAINS" | "NOT_CONTAIN":
            written = f'{field}:"{_without_quotes(value)}"'
        case "EQ" | "NOT_EQ":
            written = f'{field}:="{_without_quotes(value)}"'
        case "MATCHES":
            written = f"{field}:/{value.replace('/', chr(92) + '/')}/"
        case other:
            raise BadFilter(f"it compares by CONTAINS, EQ and MATCHES, not by {_shown(other)}")
    excludes = str(part["op"]).startswith("NOT") != bool(part.get("not"))
    return f"NOT {written}" if excludes else written


def _without_quotes(value: str) -> str:
    return " ".join(value.replace('"', " ").split())


def _shown(value: object) -> str:
    return f"“{str(value)[:40]}”"
