"""Separate an article from its story: it gets an alert of its own, and later articles like it join that alert."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from handlers.alerts.added_articles import DEBOUNCE
from handlers.answers.answer import Listing, Note, Notice, Reply
from handlers.answers.errors import UserError
from handlers.answers.parts import Button, Row, Tone
from handlers.answers.serialize import deserialize, serialize
from handlers.answers.times import counted, time_label
from handlers.commands.button_targets import load_article, load_story
from handlers.commands.call import Call, Tools
from handlers.delivery.added_headlines import SEPARATED, line_subject, rest_subject, separate_button
from handlers.stories.same_report import ReportedArticle, is_same_report
from storage.channel_stories import StoryMember, lead_of
from storage.records import Article, DeliveryKind, Outcome, OutcomeState
from storage.store import Tx

SHOWN: Final = 20
"""Articles in the list of a story's headlines."""


async def separate(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    """Separate the article from its story, with the other copies of it. A repeated click changes nothing more.

    Raises: UserError.
    """
    async with tools.store.begin() as tx:
        await tx.lock(f"story_corrections:{call.workspace.id}")
        article = await load_article(tx, call, arguments[0])
        story_id = await tx.channel_stories.story_of(call.channel, article)
        members = await _members(tx, call, story_id)
        lead = lead_of(members) if members else None
        if story_id is None or lead is None or len(members) < 2 or lead.article_id == article.id:
            return Reply(answer=Notice(text=_nothing_to_separate(article, members), tone=Tone.INFO))
        moved = await _same_reports(tx, call, article, story_id, {lead.article_id})
        new = await tx.stories.add(workspace_id=call.workspace.id, lead_article_id=article.id, now=call.now)
        before = await tx.story_corrections.separate(
            call.workspace.id, new.id, moved, by=call.person.external_id, now=call.now
        )
        has_alert = await _start_alerts(tx, call, article, new.id, before)
        await _update_threads(tx, call, moved, {story_id, *(outcome.story_id for outcome in before)})
    tools.wake_up()
    if call.channel.id in has_alert:
        text = (
            f"“{article.title}” is a story of its own now, with an alert here. Later reports like it join that alert."
        )
    else:
        text = (
            f"“{article.title}” is a story of its own now. It has no alert here, because it matches no subscription of "
            f"{call.channel.label}."
        )
    undo = Button(label="Undo", action=f"same:{new.id}:{story_id}")
    return Reply(answer=Notice(text=text, tone=Tone.DONE, buttons=(undo,)))


def _nothing_to_separate(article: Article, members: Sequence[StoryMember]) -> str:
    if len(members) < 2:
        return f"“{article.title}” already is a story of its own."
    return (
        f"The alert here begins with “{article.title}”, so it cannot be taken out of it. Separate the other articles "
        "instead: click All headlines in the menu of the alert."
    )


async def headlines(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    """List the articles of a story, each with a button that separates it. Raises: UserError."""
    async with tools.store.read() as tx:
        story = await load_story(tx, call, arguments[0])
        members = await _members(tx, call, story.id)
    if not members:
        raise UserError("That story is no longer stored.")
    lead = lead_of(members)
    others = [member for member in members if member is not lead]
    newest = others[-SHOWN:]
    rows = [_row(call, member, [separate_button(member.article_id)]) for member in reversed(newest)]
    summary = f"The alert shows this headline. {counted(len(others), 'further article')}, newest first."
    return Reply(
        answer=Listing(
            title="All headlines of the story",
            summary=summary,
            rows=(_row(call, lead, []), *rows),
            more=len(others) - len(newest),
        )
    )


def _row(call: Call, member: StoryMember, buttons: Sequence[Button]) -> Row:
    at = time_label(member.at, call.zone, now=call.now)
    return Row(title=member.title, url=member.url, detail=f"{member.publisher} · {at}", buttons=tuple(buttons))


async def _members(tx: Tx, call: Call, story_id: int | None) -> tuple[StoryMember, ...]:
    if story_id is None:
        return ()
    return (await tx.channel_stories.members([call.channel], {story_id})).get((call.channel.id, story_id), ())


async def _same_reports(tx: Tx, call: Call, article: Article, story_id: int, except_ids: set[int]) -> list[int]:
    """Return the article and the others of the story that copy it or have its headline."""
    articles = await tx.channel_stories.articles(call.channel, story_id)
    features = await tx.channel_stories.features(call.channel, story_id)
    reports = {
        each.id: ReportedArticle(each.title, each.publisher, data)
        for each, data in zip(articles, features, strict=True)
    }
    own = reports[article.id]
    return [
        id
        for id, report in reports.items()
        if id == article.id or (id not in except_ids and is_same_report(own, report))
    ]


async def _start_alerts(
    tx: Tx, call: Call, article: Article, story_id: int, before: Iterable[Outcome]
) -> frozenset[int]:
    """Begin an alert in each channel of the workspace that had the article in another one.

    Returns the channels that have an alert for the story now.
    """
    alerts: dict[int, int] = {}
    for outcome in sorted(before, key=lambda outcome: outcome.article_id != article.id):
        if outcome.state is OutcomeState.HELD:
            continue
        if outcome.channel_id not in alerts:
            delivery = await tx.story_corrections.start_alert(outcome, story_id, call.now)
            alerts[outcome.channel_id] = delivery.id
        else:
            await tx.story_corrections.set_alert(outcome, alerts[outcome.channel_id], OutcomeState.MERGED)
    return frozenset(alerts)


async def _update_threads(tx: Tx, call: Call, article_ids: Iterable[int], story_ids: set[int]) -> None:
    """Edit the alerts that showed the articles, and the notes in their threads, in all channels of the workspace."""
    own = {channel.id for channel in await tx.channels.of(call.workspace.id)}
    alerts = [alert for alert in await tx.deliveries.alerts_of(story_ids) if alert.channel_id in own]
    edits = {(alert.channel_id, alert.story_id): 1 for alert in alerts if alert.story_id is not None}
    await tx.deliveries.request_edits(edits, due_at=call.now)
    for channel_id, story_id in edits:
        for article_id in article_ids:
            line = await tx.deliveries.find(channel_id, DeliveryKind.NOTE, line_subject(article_id))
            note = None if line is None or line.body is None else deserialize(line.body)
            if line is not None and isinstance(note, Note):
                await tx.deliveries.set_body(line.id, serialize(replace(note, label=SEPARATED, buttons=())))
                await tx.deliveries.request_note_edit(channel_id, line.subject, due_at=call.now)
        await tx.deliveries.request_note_edit(channel_id, rest_subject(story_id), due_at=call.now + DEBOUNCE)
