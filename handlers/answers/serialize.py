"""Converts posts to JSON values and back. Pending posts are stored, so that a restart posts exactly the same."""

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, Final, Literal, Union, cast, get_args, get_origin, get_type_hints

from handlers.answers.answer import Alert, Brief, Digest, Note, Notice, Post, Trend
from handlers.answers.errors import WirewatchError

_POSTS: Final[Mapping[str, type[Post]]] = {
    "alert": Alert,
    "note": Note,
    "digest": Digest,
    "notice": Notice,
    "brief": Brief,
    "trend": Trend,
}


class DeserializeError(WirewatchError):
    """A stored post cannot be read by this version."""


def serialize(post: Post) -> dict[str, Any]:
    """Return the post as JSON values. `deserialize` turns them back into an equal post."""
    return cast(dict[str, Any], _to_json(post))


def deserialize(body: Mapping[str, Any]) -> Post:
    """Return the post that was serialized. A field that is missing gets its default.

    Raises: DeserializeError.
    """
    post_type = _POSTS.get(body.get("type", ""))
    if post_type is None:
        raise DeserializeError(f"the stored post has the unknown type {body.get('type')!r}")
    try:
        return cast(Post, _from_json(post_type, body))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DeserializeError(f"this version cannot read the stored {body['type']}: {error}") from error


def _to_json(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _to_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_to_json(part) for part in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):  # or a datetime
        return value.isoformat()
    return value


def _from_json(hint: Any, value: Any) -> object:
    return _reader(hint)(value)


@cache
def _reader(hint: Any) -> Callable[[Any], object]:
    """Return the function that converts a JSON value to this type."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return lambda value: value
    if origin in (Union, types.UnionType):
        (inner,) = (argument for argument in arguments if argument is not type(None))
        return lambda value: None if value is None else _from_json(inner, value)
    if origin is tuple:
        if arguments[-1] is Ellipsis:
            return lambda value: tuple(_from_json(arguments[0], part) for part in value)
        return lambda value: tuple(_from_json(item, part) for item, part in zip(arguments, value, strict=True))
    if is_dataclass(hint):
        return _record_reader(cast(type[Any], hint))
    if issubclass(hint, datetime):
        return datetime.fromisoformat
    if issubclass(hint, date):
        return date.fromisoformat
    if issubclass(hint, Enum):
        return cast(Callable[[Any], object], hint)
    return _plain_reader(hint)


def _record_reader(record: type[Any]) -> Callable[[Any], object]:
    hints = get_type_hints(record)
    is_required = {field.name: field.default is MISSING for field in fields(record)}

    def read(value: Any) -> object:
        given = {
            name: _from_json(hints[name], value[name])
            for name, required in is_required.items()
            if required or name in value
        }
        return record(**given)

    return read


def _plain_reader(plain: type[Any]) -> Callable[[Any], object]:
    def read(value: Any) -> object:
        # JSON has only one type of number: 14.0 may be read as 14.
        if plain is float and type(value) is int:
            return float(value)
        if type(value) is not plain:
            raise TypeError(f"{value!r} is not {plain.__name__}")
        return value

    return read
