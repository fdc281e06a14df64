"""The body of a console message as a post again."""

from typing import Any

from handlers.answers.answer import Notice, Post
from handlers.answers.serialize import DeserializeError, deserialize


def post_of(body: dict[str, Any]) -> Post:
    """The post. One that another version wrote and this one cannot read becomes a notice that says so."""
    try:
        return deserialize(body)
    except DeserializeError:
        return Notice(text="This message was written by another version of Wirewatch and cannot be shown.")
