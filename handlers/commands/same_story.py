"""Join two stories of a channel that report the same event: they share the older alert from then on."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from handlers.alerts.added_articles import enqueue_added
from handlers.answers.answer import Listing, Notice, Reply
from handlers.answers.errors import UserError
from handlers.answers.parts import Button, Row, Tone
from handlers.answers.times import time_label
from handlers.commands.button_targets import load_story
from handlers.commands.call import Call, Tools
from handlers.stories.common_words import common_words
from storage.channel_stories import StoryMember, lead_of
from storage.records import Article, DeliveryState
from storage.store import Tx

SHOWN: Final = 8
"""Stories to choose from. Slack shows the buttons of as many rows."""
_RECENT: Final = timedelta(days=7)
_COMPARED: Final = 50
"""The newest alerts of the channel that are compared with the story."""
_MANY_WORDS: Final = 1_000


async def same_story(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    """Ask which story of the channel is the same, or join the two. A repeated click changes nothing more.

    Raises: UserError.
    """
    if len(arguments) > 1:
        return await _join(tools, call, arguments)
    async with tools.store.read() as tx:
        story = await load_story(tx, call, arguments[0])
        leads = await _recent_leads(tx, call, story.id)
        own = leads.pop(story.id, None)
        articles = await tx.articles.by_ids(lead.article_id for lead in leads.values())
        article = None if own is None else (await tx.articles.by_ids([own.article_id]))[own.article_id]
    if own is None or article is None:
        raise UserError("This channel has no alert for that story.")
    if not leads:
        return Reply(answer=Notice(text=f"{call.channel.label} has no other alert of the last 7 days.", tone=Tone.INFO))
    order = await asyncio.to_thread(_nearest_first, article, leads, articles)
    rows = [_row(call, story.id, story_id, leads[story_id]) for story_id in order[:SHOWN]]
    return Reply(
        answer=Listing(
            title=f"Which story is the same as “{own.title}”?",
            summary="The most similar one is first, then the newest. Their reports share the older alert from then on.",
            rows=tuple(rows),
            more=len(order) - len(rows),
        )
    )


def _row(call: Call, story_id: int, other_id: int, lead: StoryMember) -> Row:
    at = time_label(lead.at, call.zone, now=call.now)
    return Row(
        title=lead.title,
        url=lead.url,
        detail=f"{lead.publisher} · {at}",
        buttons=(Button(label="Same story", action=f"same:{story_id}:{other_id}"),),
    )


async def _recent_leads(tx: Tx, call: Call, story_id: int) -> dict[int, StoryMember]:
    """Return the article of each recent alert of the channel, by story id, newest alert first; and of this story."""
    alerts = await tx.deliveries.recent_alerts(call.channel.id, since=call.now - _RECENT, limit=_COMPARED)
    ids = [alert.story_id for alert in alerts if alert.story_id is not None]
    members = await tx.channel_stories.members([call.channel], {story_id, *ids})
    found = {id: members[call.channel.id, id] for id in (story_id, *ids) if (call.channel.id, id) in members}
    return {id: lead_of(of_story) for id, of_story in found.items()}


def _nearest_first(article: Article, leads: dict[int, StoryMember], articles: dict[int, Article]) -> list[int]:
    """Return the story with most words in common first, then the others in their order."""

    def common(story_id: int) -> int:
        other = articles.get(leads[story_id].article_id)
        return 0 if other is None else _common(article, other)

    nearest = max(leads, key=common)
    return [nearest, *(story_id for story_id in leads if story_id != nearest)]


def _common(one: Article, other: Article) -> int:
    return len(common_words((one.title, one.text), (other.title, other.text), limit=_MANY_WORDS))


async def _join(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    async with tools.store.begin() as tx:
        await tx.lock(f"story_corrections:{call.workspace.id}")
        one, other = [await load_story(tx, call, id) for id in arguments[:2]]
        if one.id == other.id:
            return Reply(answer=Notice(text="These already are one story.", tone=Tone.DONE), replaces=True)
        older, younger = sorted((one, other), key=lambda story: (story.started_at, story.id))
        members = await tx.channel_stories.members([call.channel], {older.id, younger.id})
        if len(members) < 2:
            raise UserError("One of these stories has no articles any more, so there is nothing to join.")
        titles = [lead_of(members[call.channel.id, story.id]).title for story in (older, younger)]
        await tx.story_corrections.join(
            call.workspace.id, younger.id, older.id, by=call.person.external_id, now=call.now
        )
        await _show_added(tx, call, older.id)
    tools.wake_up()
    text = (
        f"“{titles[0]}” and “{titles[1]}” are one story in this workspace now. Later reports join the older alert. "
        "To take an article out again, click Separate story on its line in the thread."
    )
    return Reply(answer=Notice(text=text, tone=Tone.DONE), replaces=True)


async def _show_added(tx: Tx, call: Call, story_id: int) -> None:
    """Enqueue the notes for headlines that channels of the workspace have not seen in an alert."""
    channels = {channel.id: channel for channel in await tx.channels.of(call.workspace.id)}
    alerts = {
        (alert.channel_id, story_id): alert.id
        for alert in await tx.deliveries.alerts_of([story_id])
        if alert.channel_id in channels and alert.subject == str(story_id) and alert.state is not DeliveryState.DEAD
    }
    await enqueue_added(tx, alerts, channels, call.now)
