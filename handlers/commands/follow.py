"""Follow a story: anyone can get its news by a mention in its thread, a direct message, or a personal daily digest."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Final

from handlers.answers.answer import Note, Notice, Reply
from handlers.answers.parts import Button, Link, Row, Tone
from handlers.answers.serialize import DeserializeError, deserialize, serialize
from handlers.answers.times import clock_label, counted
from handlers.commands.call import Call, Tools
from handlers.delivery.blocking import open_channel
from handlers.rules.digest_times import next_digest
from storage.deliveries import NewDelivery
from storage.follows import MESSAGE_SUBJECT, PendingMessage
from storage.records import (
    Channel,
    ChannelState,
    DeliveryKind,
    FollowMode,
    Story,
)
from storage.store import Store, Tx

DEFAULT_DIGEST_TIME: Final = time(8, 30)
"""Local time in the person's time zone."""
SHOWN: Final = 10
"""Stories in the list of what a person follows."""
_LOOKBACK: Final = timedelta(days=3)
"""Older news is no longer sent to people who have not got it."""
_WAYS: Final[Mapping[FollowMode, tuple[str, str]]] = {
    FollowMode.MENTION: ("Mention me in its thread", "you are mentioned in its thread when there is news"),
    FollowMode.MESSAGE: ("Message me", "you get a direct message when there is news"),
    FollowMode.DIGEST: ("My daily digest", "its news comes in your own daily digest"),
}
"""For each way, the label of its button and the words that confirm it."""


async def ask_how(tools: Tools, call: Call, story: Story) -> Reply:
    """Ask how to follow the story, and say how the person follows it now."""
    async with tools.store.read() as tx:
        how = await tx.follows.mode(call.here.id, story.id, call.person.external_id)
        direct = await tx.channels.find(call.workspace.id, f"@{call.person.external_id}")
    text = "How do you want to get news of this story?"
    if how is not None:
        text = f"You follow this story: {_WAYS[how][1]}.{_refused(direct, how)} You can choose another way, or stop."
    return Reply(answer=Notice(text=text, buttons=_buttons(story, how)))


async def follow(tools: Tools, call: Call, story: Story, how: FollowMode) -> Reply:
    """Follow the story in this way from now on. Repeating it changes nothing."""
    async with tools.store.begin() as tx:
        at = ""
        if how is not FollowMode.MENTION:
            direct = await _direct(tx, call)
            if how is FollowMode.DIGEST:
                direct = await _with_digest(tx, call, direct)
                hour = clock_label(direct.digest_time or DEFAULT_DIGEST_TIME)
                at = f" It comes every day at {hour} {direct.digest_zone} if there is news."
        if await tx.follows.mode(call.here.id, story.id, call.person.external_id) is not how:
            await tx.follows.set(call.here.id, story.id, call.person.external_id, call.now, mode=how)
    text = f"You follow this story: {_WAYS[how][1]}.{at}"
    return Reply(answer=Notice(text=text, tone=Tone.DONE, buttons=_buttons(story, how)), replaces=True)


async def stop(tools: Tools, call: Call, story: Story) -> Reply:
    """Stop following the story in every channel of the workspace. Repeating it changes nothing."""
    async with tools.store.begin() as tx:
        await tx.follows.remove(call.workspace.id, story.id, call.person.external_id)
    return Reply(answer=Notice(text="You no longer follow this story.", tone=Tone.DONE), replaces=True)


def _buttons(story: Story, current: FollowMode | None) -> tuple[Button, ...]:
    buttons = [
        Button(label=label, action=f"follow:{story.id}:{how}", primary=current is None and how is FollowMode.MENTION)
        for how, (label, _) in _WAYS.items()
        if how is not current
    ]
    if current is not None:
        buttons.append(Button(label="Stop following", action=f"follow:{story.id}:stop"))
    return tuple(buttons)


def _refused(direct: Channel | None, how: FollowMode) -> str:
    """Return what happens if the platform refused to deliver direct messages to this person."""
    if direct is None or direct.state is ChannelState.ACTIVE or how is FollowMode.MENTION:
        return ""
    reason = (direct.gone_reason or "they were refused").rstrip(". ")
    return (
        f" But I can't send you direct messages ({reason}), so you are mentioned in its thread instead. "
        "Allow direct messages, then follow the story again."
    )


async def followed_rows(tx: Tx, call: Call) -> tuple[Row, ...]:
    """Return a row for each story that the person follows in this workspace, the most recently followed first."""
    rows: list[Row] = []
    for story_id, (_, how) in list((await tx.follows.of_person(call.workspace.id, call.person.external_id)).items()):
        articles = await tx.articles.of_story(story_id, call.workspace.id) if len(rows) < SHOWN else ()
        if articles:
            rows.append(
                Row(
                    title=articles[0].title,
                    url=articles[0].url,
                    detail=f"{counted(len(articles), 'article')} · {_WAYS[how][1]}",
                    buttons=(Button(label="Stop following", action=f"follow:{story_id}:stop"),),
                )
            )
    return tuple(rows)


async def _direct(tx: Tx, call: Call) -> Channel:
    """Return the channel of the person's direct messages. It is opened again if it was closed."""
    channel = await tx.channels.ensure(
        call.workspace.id, f"@{call.person.external_id}", f"@{call.person.name}", now=call.now
    )
    if channel.state is not ChannelState.ACTIVE:
        await open_channel(tx, channel, now=call.now)
    return channel


async def _with_digest(tx: Tx, call: Call, direct: Channel) -> Channel:
    """Return the channel with a daily digest, which is set now if it has none."""
    if direct.next_digest_at is not None:
        return direct
    return await tx.channels.update(
        direct.id,
        digest_time=DEFAULT_DIGEST_TIME,
        digest_zone=call.zone_name,
        digest_when_empty=False,
        next_digest_at=next_digest(call.now, call.zone_name, DEFAULT_DIGEST_TIME, direct.digest_days),
        last_digest_at=call.now,
    )


async def enqueue_direct_messages(store: Store, now: datetime) -> int:
    """Enqueue direct messages with the notes that go to threads of followed stories. Return how many are new.

    A repeated call enqueues nothing twice.
    """
    async with store.read() as tx:
        waiting = await tx.follows.pending_messages(since=now - _LOOKBACK)
    enqueued = 0
    for pending in waiting:
        async with store.begin() as tx:
            notice = await _message(tx, pending)
            _, created = await tx.deliveries.enqueue(
                NewDelivery(
                    channel_id=pending.direct_channel_id,
                    kind=DeliveryKind.NOTICE,
                    subject=f"{MESSAGE_SUBJECT}{pending.subject}",
                    due_at=now,
                    body=serialize(notice),
                ),
                now,
            )
            enqueued += created
    return enqueued


async def _message(tx: Tx, pending: PendingMessage) -> Notice:
    """Return the note with its context, without buttons: these act on a channel, and a direct message has none."""
    channel = await tx.channels.get(pending.channel_id)
    articles = [] if channel is None else await tx.articles.of_story(pending.story_id, channel.workspace_id)
    try:
        note = deserialize(pending.body)
    except DeserializeError:
        note = None
    where = "its channel" if channel is None else channel.label
    text = f"This is news in a story that you follow. To stop, click Follow on its alert in {where}."
    links = [Link(text=articles[0].title, url=articles[0].url)] if articles else []
    if isinstance(note, Note):
        was = f" (was: {note.before})" if note.before else ""
        text = f"{note.label}: {note.quote.text}{was} — {note.source.publisher}\n{text}"
        links.append(Link(text=note.source.publisher, url=note.source.url))
    return Notice(text=text, links=tuple(links))
