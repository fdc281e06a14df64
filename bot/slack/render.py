"""Renders answers as Slack messages that are within every limit. Pure: nothing here calls Slack."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, assert_never

from bot.slack.block_kit import Block, context, escape, plain_text
from bot.slack.blocks import ImageOptions, blocks
from bot.slack.limits import BLOCKS, CHARACTERS, FALLBACK_TEXT, PLAIN_TEXT, truncate
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
from handlers.answers.bidi import isolated
from handlers.answers.plain import plain_lines
from handlers.answers.split import split_digest
from handlers.answers.times import counted

NO_IMAGES: Final = ImageOptions(web_images=False)
_ANY_CHART_FILE: Final = ImageOptions(chart_file="F00000000000")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    text: str
    """Shown in notifications and read by screen readers; escaped. Without blocks, it is the message."""
    blocks: list[Block]

    @property
    def has_images(self) -> bool:
        return any(block["type"] == "image" for block in self.blocks)

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments of chat.postMessage. Without blocks, the text is not formatted."""
        return {"text": self.text, "blocks": self.blocks} if self.blocks else {"text": self.text, "mrkdwn": False}


def render(answer: Answer, images: ImageOptions = ImageOptions()) -> Message:  # noqa: B008  (frozen)
    """Return the message. Blocks beyond Slack's limits are left out, and a line of the message says so."""
    text = escape(truncate(summary(answer), FALLBACK_TEXT)) or " "
    return Message(text=text, blocks=fit(list(blocks(answer, images)), max_blocks=BLOCKS, max_characters=CHARACTERS))


def render_plain(post: Post) -> Message:
    """Return the headline and the links as text, for a post whose blocks Slack refuses."""
    return Message(text=escape(truncate("\n".join(plain_lines(post, summary(post))), PLAIN_TEXT)) or " ", blocks=[])


def split(post: Post) -> Sequence[Post]:
    """Split a digest into as many parts as it needs, whether its chart is a file or text. Other posts stay whole."""
    return split_digest(post, _fits_any_chart) if isinstance(post, Digest) else (post,)


def _fits_any_chart(part: Digest) -> bool:
    return all(_fits(list(blocks(part, images)), BLOCKS, CHARACTERS) for images in (NO_IMAGES, _ANY_CHART_FILE))


def fit(all_blocks: list[Block], *, max_blocks: int, max_characters: int) -> list[Block]:
    """Return the blocks, or as many of the first as fit, followed by a note and the last row of buttons."""
    if _fits(all_blocks, max_blocks, max_characters):
        return all_blocks
    tail = [block for block in all_blocks[-1:] if block["type"] == "actions"]
    body = all_blocks[: len(all_blocks) - len(tail)]
    note = context(plain_text("… too long to show in full"))
    while body and not _fits([*body, note, *tail], max_blocks, max_characters):
        body.pop()
    return [*body, note, *tail]


def _fits(all_blocks: list[Block], max_blocks: int, max_characters: int) -> bool:
    return len(all_blocks) <= max_blocks and len(json.dumps(all_blocks, ensure_ascii=False)) <= max_characters


def summary(answer: Answer) -> str:
    """Return the answer in one line, for notifications."""
    match answer:
        case Alert():
            topics = " · ".join(isolated(topic.title) for topic in answer.topics)
            return f"{topics}: {isolated(answer.headline.text)}"
        case Note():
            return f"{answer.label}: {answer.quote.text}"
        case Digest():
            stories = counted(answer.stories, "story", "stories")
            return f"{answer.day:%A} {answer.day.day} {answer.day:%B}: {stories}"
        case Notice():
            return answer.text
        case Brief():
            counts = f"{counted(answer.articles, 'article')}, {counted(answer.total_stories, 'story', 'stories')}"
            return f"{answer.topic}, {answer.period}: {counts}"
        case Listing():
            return answer.title
        case Preview() | Trend():
            return answer.text
        case TopicTest():
            return f"{counted(answer.articles, 'article')} in {answer.days} days"
        case Explanation():
            return answer.verdict
        case _:
            assert_never(answer)
