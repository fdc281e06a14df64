"""Answers as messages, a pure function: the blocks within every limit, and the text beside them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, assert_never

from bot.slack.blocks import Look, blocks
from bot.slack.limits import BLOCKS, CHARACTERS, FALLBACK_TEXT, Block, context, cut, escape, plain
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
from handlers.answers.times import counted

PLAIN: Final = Look(web_images=False)
"""No picture at all."""
_ANY_FILE: Final = Look(chart_file="F00000000000")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    text: str
    """For notifications and screen readers, escaped."""
    blocks: list[Block]

    @property
    def has_pictures(self) -> bool:
        return any(block["type"] == "image" for block in self.blocks)


def render(answer: Answer, look: Look = Look()) -> Message:  # noqa: B008  (frozen)
    """The message, within every limit; what does not fit is cut at a block's border and said so."""
    text = escape(cut(say(answer), FALLBACK_TEXT)) or " "
    return Message(text=text, blocks=fitted(list(blocks(answer, look)), most=BLOCKS, characters=CHARACTERS))


def split(post: Post) -> Sequence[Post]:
    """A digest in as many parts as it needs, with its chart as a file or in characters; anything else as it is."""
    return split_digest(post, _fits_anyhow) if isinstance(post, Digest) else (post,)


def _fits_anyhow(part: Digest) -> bool:
    return all(_fits(list(blocks(part, look)), BLOCKS, CHARACTERS) for look in (PLAIN, _ANY_FILE))


def fitted(all_blocks: list[Block], *, most: int, characters: int) -> list[Block]:
    """The blocks, or the first of them, a note that says so, and the last row of buttons."""
    if _fits(all_blocks, most, characters):
        return all_blocks
    tail = [block for block in all_blocks[-1:] if block["type"] == "actions"]
    body = all_blocks[: len(all_blocks) - len(tail)]
    note = context(plain("… cut to what fits here"))
    while body and not _fits([*body, note, *tail], most, characters):
        body.pop()
    return [*body, note, *tail]


def _fits(all_blocks: list[Block], most: int, characters: int) -> bool:
    return len(all_blocks) <= most and len(json.dumps(all_blocks, ensure_ascii=False)) <= characters


def say(answer: Answer) -> str:
    """The answer in a line, for notifications."""
    match answer:
        case Alert():
            topics = " · ".join(topic.title for topic in answer.topics)
            return f"{topics}: {answer.headline.text}"
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
