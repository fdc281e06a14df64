"""Posts as JSON values and back: what is owed is kept word for word, so that a restart posts the same."""

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, Final, Literal, Union, cast, get_args, get_origin, get_type_hints

from handlers.answers.answer import Alert, Brief, Digest, Note, Notice, Post, Trend
from handlers.answers.errors import WirewatchError

_SHAPES: Final[Mapping[str, type[Post]]] = {
    "alert": Alert,
    "note": Note,
    "digest": Digest,
    "notice": Notice,
    "brief": Brief,
    "trend": Trend,
}


class DeserializeError(WirewatchError):
    """A frozen post that this version cannot read."""


def serialize(post: Post) -> dict[str, Any]:
    """The post as JSON values. `deserialize` gives an equal post back."""
    return cast(dict[str, Any], _serialized(post))


def deserialize(body: Mapping[str, Any]) -> Post:
    """The post that was frozen. A field that a later version added gets its default. Raises: DeserializeError."""
    shape = _SHAPES.get(body.get("type", ""))
    if shape is None:
        raise DeserializeError(f"a frozen post of the unknown type {body.get('type')!r}")
    try:
        return cast(Post, _deserialized(shape, body))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DeserializeError(f"a frozen {body['type']} that this version cannot read: {error}") from error


def _serialized(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _serialized(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_serialized(part) for part in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):  # a datetime too
        return value.isoformat()
    return value


def _deserialized(hint: Any, value: Any) -> object:
    return _reader(hint)(value)


@cache
def _reader(hint: Any) -> Callable[[Any], object]:
    """What turns JSON values into a value of this type."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return lambda value: value
    if origin in (Union, types.UnionType):
        (one,) = (argument for argument in arguments if argument is not type(None))
        return lambda value: None if value is None else _deserialized(one, value)
    if origin is tuple:
        if arguments[-1] is Ellipsis:
            return lambda value: tuple(_deserialized(arguments[0], part) for part in value)
        return lambda value: tuple(_deserialized(one, part) for one, part in zip(arguments, value, strict=True))
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
    known = {field.name: field.default is MISSING for field in fields(record)}

    def read(value: Any) -> object:
        given = {
            name: _deserialized(hints[name], value[name])
            for name, required in known.items()
            if required or name in value
        }
        return record(**given)

    return read


def _plain_reader(plain: type[Any]) -> Callable[[Any], object]:
    def read(value: Any) -> object:
        # JSON has one kind of number: 14.0 may come back as 14.
        if plain is float and type(value) is int:
            return float(value)
        if type(value) is not plain:
            raise TypeError(f"{value!r} is not {plain.__name__}")
        return value

    return read
