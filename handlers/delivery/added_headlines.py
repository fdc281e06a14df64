"""Notes that show the headlines of articles that were added to a story, so that no different headline is hidden."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Final

from handlers.answers.answer import Note
from handlers.answers.parts import Button, Link, Quote, Report
from handlers.delivery.compose import NothingToShow
from handlers.stories.shown_headlines import Headline, unshown
from storage.channel_stories import StoryMember, lead_of
from storage.deliveries import ADDED_SUBJECT
from storage.records import Channel
from storage.store import Tx

SEPARATED: Final = "Separated"
"""The label of the note for an article that people took out of the story."""
MAX_LINES: Final = 3
"""Added articles of a story that get a note of their own. One more note counts the others."""
_ARTICLE: Final = re.compile(rf"{ADDED_SUBJECT}(\d+)|\d+:(\d+):new")
"""The subjects of notes that show the headline of an article."""


def line_subject(article_id: int) -> str:
    """Return the subject of the note for an added article. It is unique in a channel, whatever becomes of the story."""
    return f"{ADDED_SUBJECT}{article_id}"


def rest_subject(story_id: int) -> str:
    """Return the subject of the note that counts the further articles of the story."""
    return f"{ADDED_SUBJECT}story:{story_id}"


def hidden_members(members: Sequence[StoryMember], subjects: Iterable[str]) -> list[StoryMember]:
    """Return the articles whose headline the channel has not seen in an alert or a note, oldest first.

    `subjects` are those of the channel's notes about the story.
    """
    shown = {member.article_id for member in members if member.alert_since is not None}
    shown.add(lead_of(members).article_id)
    shown |= shown_articles(subjects)
    headlines = [Headline(member.article_id, member.title, member.publisher) for member in members]
    hidden = set(unshown(headlines, shown))
    return [member for member in members if member.article_id in hidden]


def shown_articles(subjects: Iterable[str]) -> frozenset[int]:
    """Return the articles that have a note with their headline."""
    found = (_ARTICLE.fullmatch(subject) for subject in subjects)
    return frozenset(int(match[1] or match[2]) for match in found if match is not None)


def count_lines(members: Sequence[StoryMember], subjects: Collection[str]) -> int:
    """Return how many of the articles have a note of their own that shows nothing but their headline."""
    return sum(line_subject(member.article_id) in subjects for member in members)


def added_note(member: StoryMember, *, label: str = "Added") -> Note:
    """Return the note that shows the headline of an added article and who published it."""
    return Note(
        label=label,
        quote=Quote(text=member.title),
        source=Report(publisher=member.publisher, url=member.url, at=member.at),
        headline=Link(text=member.title, url=member.url),
        buttons=(separate_button(member.article_id),),
    )


def separate_button(article_id: int) -> Button:
    """Return the button that takes the article out of its story."""
    return Button(label="Separate story", action=f"separate:{article_id}")


async def compose_rest(tx: Tx, channel: Channel, story_id: int) -> Note:
    """Return the note that counts the added articles without a note of their own, and shows the newest of them.

    Raises: NothingToShow.
    """
    members = (await tx.channel_stories.members([channel], {story_id})).get((channel.id, story_id), ())
    subjects = (await tx.deliveries.note_subjects([story_id])).get(channel.id, frozenset())
    hidden = hidden_members(members, subjects) if members else []
    if not hidden:
        raise NothingToShow("Every headline of this story is shown.")
    note = added_note(hidden[-1], label=f"And {len(hidden):,} more")
    return replace(note, buttons=(headlines_button(story_id),))


def headlines_button(story_id: int) -> Button:
    """Return the button that lists the articles of the story."""
    return Button(label="All headlines", action=f"headlines:{story_id}")
