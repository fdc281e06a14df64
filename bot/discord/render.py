"""Renders answers as Discord messages within Discord's limits. Does no I/O: equal answers give equal messages."""

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from bot.discord.limits import PLAIN_CONTENT, cut
from bot.discord.markdown import escape, web_address
from bot.discord.message import Message, embed_of, fits
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
from handlers.answers.plain import plain_lines
from handlers.answers.split import split_digest
from handlers.ports import Rendering


def render(answer: Answer, rendering: Rendering = Rendering.FULL) -> Message:
    """Return the message. Text that exceeds a limit is cut, at the end of a line where possible."""
    message = _render(answer)
    match rendering:
        case Rendering.FULL:
            return message
        case Rendering.WITHOUT_PICTURES:
            embed = {name: part for name, part in message.embed.items() if name not in ("image", "thumbnail")}
            return replace(message, embed=embed, chart=None)
        case Rendering.PLAIN_TEXT:
            return _plain(answer, message)
        case _:
            assert_never(rendering)


def _plain(answer: Answer, message: Message) -> Message:
    """Return the headline and the links as text. The embed remains only to carry the key of the delivery."""
    lines = plain_lines(answer, message.name) if isinstance(answer, Post) else (message.name,)
    return replace(
        message,
        content=cut("\n".join(web_address(line) or escape(line) for line in lines), PLAIN_CONTENT),
        embed=embed_of("Shown as text, because Discord refused the full message."),
        buttons=(),
        menus=(),
        chart=None,
        file=None,
    )


def _render(answer: Answer) -> Message:
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
