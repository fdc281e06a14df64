"""Renders answers as Discord messages within Discord's limits. Does no I/O: equal answers give equal messages."""

from collections.abc import Sequence
from typing import assert_never

from bot.discord.message import Message, fits
from bot.discord.posts import alert_message, digest_embed, digest_message, note_message
from bot.discord.replies import (
    brief_message,
    explanation_message,
    listing_message,
    notice_message,
    preview_message,
    topic_test_message,
    trend_message,
)
from handlers.answers.answer import (
    Alert,
    Answer,
    Brief,
    Digest,
    Explanation,
    Listing,
    Note,
    Notice,
    Post,
    Preview,
    TopicTest,
    Trend,
)
from handlers.answers.split import split_digest


def render(answer: Answer) -> Message:
    """Return the message. Text that exceeds a limit is cut, at the end of a line where possible."""
    match answer:
        case Alert():
            return alert_message(answer)
        case Note():
            return note_message(answer)
        case Digest():
            return digest_message(answer)
        case Notice():
            return notice_message(answer)
        case Brief():
            return brief_message(answer)
        case Listing():
            return listing_message(answer)
        case Preview():
            return preview_message(answer)
        case Trend():
            return trend_message(answer)
        case TopicTest():
            return topic_test_message(answer)
        case Explanation():
            return explanation_message(answer)
        case _:
            assert_never(answer)


def split(post: Post) -> Sequence[Post]:
    """Return a digest in as many parts as it needs; any other post as it is."""
    return split_digest(post, lambda part: fits(digest_embed(part))) if isinstance(post, Digest) else (post,)
