"""The plain form of a post has every headline and its address, and nothing else."""

from dataclasses import replace

import pytest

from handlers.answers.answer import Brief, Digest, Note, Notice, Post
from handlers.answers.parts import Link, Quote
from handlers.answers.plain import plain_lines
from tests.support.answers import LEAD, alert, brief, digest

LINKED = Notice(text="Two more:", links=(Link(text="One", url="https://example.com/1"), Link(text="Two", url=None)))


@pytest.mark.parametrize(
    ("post", "expected"),
    [
        (alert(), ["first", alert().headline.url]),
        (replace(alert(), headline=Link(text="No address", url=None)), ["first"]),
        (Note(label="New", quote=Quote(text="More."), source=LEAD), ["first", LEAD.url]),
        (LINKED, ["first", "One", "https://example.com/1", "Two"]),
    ],
    ids=["alert", "alert without an address", "note", "notice"],
)
def test_the_lines_are_the_headlines_with_their_addresses(post: Post, expected: list[str]) -> None:
    assert list(plain_lines(post, "first")) == expected


@pytest.mark.parametrize("post", [digest(3), brief()], ids=["digest", "brief"])
def test_each_story_of_a_list_has_its_headline(post: Digest | Brief) -> None:
    stories = post.stories if isinstance(post, Brief) else [story for group in post.groups for story in group.stories]

    assert {story.headline.text for story in stories} <= set(plain_lines(post, "first"))
    assert len(stories) >= 1
