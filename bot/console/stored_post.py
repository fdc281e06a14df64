"""Reads the posts that are stored as the bodies of console messages."""

from typing import Any

from handlers.answers.answer import Notice, Post
from handlers.answers.serialize import DeserializeError, deserialize


def read_post(body: dict[str, Any]) -> Post:
    """Return the post, or a notice that says that another version of Wirewatch wrote it and this one cannot read it."""
    try:
        return deserialize(body)
    except DeserializeError:
        return Notice(text="This message was written by another version of Wirewatch and cannot be shown.")
