"""Posts as plain text: headlines and links only, for a platform that refuses their full form."""

from collections.abc import Iterator

from handlers.answers.answer import Alert, Brief, Digest, Note, Notice, Post, Trend
from handlers.answers.parts import Link
from handlers.answers.phrases import also_line


def plain_lines(post: Post, first: str) -> tuple[str, ...]:
    """Return the lines of the post: `first`, which is the post in one line, and each headline with its address."""
    return (first, *_links(post))


def _links(post: Post) -> Iterator[str]:
    match post:
        case Alert():
            yield from _address(post.headline)
        case Note():
            if post.source.url:
                yield post.source.url
        case Digest():
            for group in post.groups:
                for story in group.stories:
                    yield story.headline.text
                    yield from _address(story.headline)
                    if story.also:
                        yield also_line(story.also, story.more_also)
        case Brief():
            for story in post.stories:
                yield story.headline.text
                yield from _address(story.headline)
        case Notice():
            for link in post.links:
                yield link.text
                yield from _address(link)
        case Trend():
            return


def _address(link: Link) -> Iterator[str]:
    if link.url:
        yield link.url
