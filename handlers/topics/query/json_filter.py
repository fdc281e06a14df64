"""Convert a JSON filter of MonitoRSS, a tree of AND and OR, to a query.

The format: https://github.com/synzen/MonitoRSS, services/user-feeds/src/article-filters/types.
"""

import json
from typing import Any, Final

from handlers.topics.query.expansion import MAX_DEPTH

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
"""The query field for each property that a filter can test."""
_OPERATORS: Final = {"AND": " AND ", "OR": " OR "}


class InvalidFilter(ValueError):
    """A filter cannot be converted. The message says why, as the end of a sentence."""


def read_filter(text: str) -> Any:
    """Return the filter that the text contains, or None for any other text."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    found = found.get("expression", found)
    return found if isinstance(found, dict) and found.get("type") in ("LOGICAL", "RELATIONAL") else None


def write_filter(part: Any, depth: int = 0) -> str:
    """Return a filter, or a part of one at this depth, as a query. Raises: InvalidFilter."""
    if depth > MAX_DEPTH:
        raise InvalidFilter(f"its parts are nested more than {MAX_DEPTH} deep")
    if not isinstance(part, dict):
        raise InvalidFilter(f"one of its parts is not an object: {_shown(part)}")
    match part.get("type"):
        case "LOGICAL":
            return _logical(part, depth)
        case "RELATIONAL":
            return _relational(part)
        case other:
            raise InvalidFilter(f"a part has the type {_shown(other)} instead of LOGICAL or RELATIONAL")


def _logical(part: dict[str, Any], depth: int) -> str:
    children = part.get("children")
    operator = part.get("op")
    if not isinstance(children, list) or not children:
        raise InvalidFilter(f"{_shown(operator)} has no children")
    if operator == "NOT":
        return f"NOT ({write_filter(children[0], depth + 1)})"
    if operator not in _OPERATORS:
        raise InvalidFilter(f"it uses the operator {_shown(operator)}; only AND, OR and NOT are supported")
    written = [write_filter(child, depth + 1) for child in children]
    return written[0] if len(written) == 1 else f"({_OPERATORS[operator].join(written)})"


def _relational(part: dict[str, Any]) -> str:
    left, right = part.get("left"), part.get("right")
    name = left.get("value") if isinstance(left, dict) else left
    value = right.get("value") if isinstance(right, dict) else right
    field = FIELDS.get(str(name).casefold())
    if field is None:
        raise InvalidFilter(f"it tests {_shown(name)}; only these can be tested: {', '.join(FIELDS)}")
    if not isinstance(value, str) or not value.strip():
        raise InvalidFilter(f"it compares {_shown(name)} with an empty value")
    match part.get("op"):
        case "CONTAINS" | "NOT_CONTAIN":
            written = f'{field}:"{_without_quotes(value)}"'
        case "EQ" | "NOT_EQ":
            written = f'{field}:="{_without_quotes(value)}"'
        case "MATCHES":
            written = f"{field}:/{value.replace('/', chr(92) + '/')}/"
        case other:
            raise InvalidFilter(f"it compares with {_shown(other)}; only CONTAINS, EQ and MATCHES are supported")
    excludes = str(part["op"]).startswith("NOT") != bool(part.get("not"))
    return f"NOT {written}" if excludes else written


def _without_quotes(value: str) -> str:
    return " ".join(value.replace('"', " ").split())


def _shown(value: object) -> str:
    return f"“{str(value)[:40]}”"
