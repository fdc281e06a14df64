"""Reads the JSON-LD of a page: the object that describes its article, and the values in it."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from handlers.sources.text.html_tree import Element, elements_at

_ARTICLE_TYPES: Final = re.compile(r"(?:\w*Article|BlogPosting|Report|PressRelease|WebPage|LiveBlogPosting)$")
_MAX_JSON: Final = 400_000
"""Characters. A longer JSON-LD block is not read."""


def linked_data(tree: Element) -> Mapping[str, Any]:
    """Return the JSON-LD object that describes the article, with its authors' names, else an empty mapping."""
    best: Mapping[str, Any] = {}
    people: dict[str, Mapping[str, Any]] = {}
    for node in elements_at(tree, "//script[@type='application/ld+json']")[:20]:
        text = node.text or ""
        if len(text) > _MAX_JSON:
            continue
        try:
            data = json.loads(text.strip().rstrip(";"), strict=False)
        except (ValueError, RecursionError):
            continue
        for candidate in _objects(data, depth=0):
            types = candidate.get("@type")
            names = [str(name) for name in (types if isinstance(types, list) else [types])]
            if "Person" in names and name_in(candidate):
                people[str(candidate.get("@id"))] = candidate
            if any(map(_ARTICLE_TYPES.match, names)) and (not best or best.get("@type") == "WebPage"):
                best = candidate
    author = best.get("author")
    if author is None and len(people) == 1:
        return {**best, "author": list(people.values())}
    references = author if isinstance(author, list) else [author]
    resolved = [people.get(str(part.get("@id")), part) if isinstance(part, dict) else part for part in references]
    return {**best, "author": resolved} if author else best


def _objects(data: object, *, depth: int) -> Iterator[Mapping[str, Any]]:
    if depth > 4:
        return
    if isinstance(data, list):
        for part in data[:50]:
            yield from _objects(part, depth=depth + 1)
    elif isinstance(data, dict):
        yield data
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _objects(data.get(name), depth=depth + 1)


def text_in(value: object) -> str | None:
    """Return the text of a value, or the first of several; None if there is none."""
    if isinstance(value, list):
        return next((text for part in value if (text := text_in(part))), None)
    return value.strip() or None if isinstance(value, str) else None


def name_in(value: object) -> str | None:
    """Return the name of a person or organization, or of the first of several; None if there is none."""
    if isinstance(value, list):
        return next((name for part in value if (name := name_in(part))), None)
    if isinstance(value, dict):
        return text_in(value.get("name"))
    return text_in(value)


def url_in(value: object) -> str | None:
    """Return the URL of a picture, or of the first of several; None if there is none."""
    if isinstance(value, list):
        return next((url for part in value if (url := url_in(part))), None)
    if isinstance(value, dict):
        return text_in(value.get("url")) or text_in(value.get("contentUrl"))
    return text_in(value)
