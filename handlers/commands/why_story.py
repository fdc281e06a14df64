"""What /why says of an article that was added to a story: which story, why, where it is shown, and what to do."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from handlers.answers.parts import Step
from handlers.answers.times import counted
from handlers.delivery.added_headlines import hidden_members, line_subject, rest_subject, shown_articles
from handlers.stories.common_words import common_words
from handlers.stories.features import decode_features
from handlers.stories.near_duplicates import is_near_duplicate
from handlers.stories.shown_headlines import headline_key
from storage.channel_stories import StoryMember, lead_of
from storage.records import Article, Channel, DeliveryKind, DeliveryState
from storage.store import Tx

_MAX_TITLE: Final = 90
_WHAT_TO_DO: Final = "If it reports something else, click Separate story."


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPlace:
    """Where an article is that is not the one by which its story is shown."""

    steps: tuple[Step, ...]
    verdict: str = ""
    """For people; empty if the channel has no alert for the story."""


async def place_in_story(tx: Tx, channel: Channel, article: Article, story_id: int) -> StoryPlace | None:
    """Return where the channel shows the article; None if its story is shown by this article."""
    members = (await tx.channel_stories.members([channel], {story_id})).get((channel.id, story_id), ())
    own = next((member for member in members if member.article_id == article.id), None)
    if own is None or own.alert_since is not None:
        return None
    lead = lead_of(members)
    if lead is own:
        return None
    name = f"“{_short(lead.title)}” ({lead.publisher})"
    reason = await _reason(tx, channel, story_id, own, lead)
    others = counted(len(members) - 1, "other article")
    step = Step(ok=True, text=f"It is in the story {name}, with {others}, because {reason}.")
    alert = await tx.deliveries.find(channel.id, DeliveryKind.ALERT, str(story_id))
    if alert is None or alert.state is DeliveryState.DEAD:
        return StoryPlace(steps=(step, Step(ok=True, text="Digests and lists show a story once.")))
    subjects = (await tx.deliveries.note_subjects([story_id])).get(channel.id, frozenset())
    shown, text = _line(own, members, subjects, story_id)
    verdict = f"Posted in the thread of {name}." if shown else f"Never shown on its own: it is part of {name}."
    return StoryPlace(steps=(step, Step(ok=shown, text=text)), verdict=f"{verdict} {_WHAT_TO_DO}")


def _line(
    own: StoryMember, members: Sequence[StoryMember], subjects: Collection[str], story_id: int
) -> tuple[bool, str]:
    """Return whether the thread of the alert shows the article, and a sentence that says how."""
    if line_subject(own.article_id) in subjects:
        return True, "The thread of its alert has a line with its headline."
    if own.article_id in shown_articles(subjects):
        return True, "The thread of its alert has a new fact from it, with its headline."
    if own not in hidden_members(members, subjects):
        return False, "It has no line in the thread: its headline is one that was shown, so it only counts as a source."
    if rest_subject(story_id) in subjects:
        return False, "The last note in the thread of its alert counts it, without its headline."
    return False, "It has no line in the thread of its alert."


async def _reason(tx: Tx, channel: Channel, story_id: int, own: StoryMember, lead: StoryMember) -> str:
    """Return why the article is in the story, as the end of a sentence."""
    outlets = {own.publisher, lead.publisher}
    if headline_key(own.title, outlets) == headline_key(lead.title, outlets):
        return "it has the same headline"
    articles = await tx.channel_stories.articles(channel, story_id)
    features = await tx.channel_stories.features(channel, story_id)
    return await asyncio.to_thread(_compare, own.article_id, lead.article_id, articles, features)


def _compare(own_id: int, lead_id: int, articles: Sequence[Article], encoded: Sequence[bytes]) -> str:
    by_id = {article.id: article for article in articles}
    features = {article.id: decode_features(data) for article, data in zip(articles, encoded, strict=True)}
    for other in (lead_id, *features):
        if other != own_id and is_near_duplicate(features[own_id], features[other]):
            copied = by_id[other]
            return f"its text is nearly that of “{_short(copied.title)}” ({copied.publisher})"
    own, lead = by_id[own_id], by_id[lead_id]
    words = common_words((own.title, own.text), (lead.title, lead.text))
    return f"both have the words {', '.join(words)}" if words else "it resembles other articles of the story"


def _short(title: str) -> str:
    return title if len(title) <= _MAX_TITLE else f"{title[: _MAX_TITLE - 1].rstrip()}…"
