"""Follow: anyone hears of a story's news: named in its thread, by direct message, or in a daily digest of their own."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Final

from handlers.answers.answer import Note, Notice, Reply
from handlers.answers.parts import Button, Link, Row, Tone
from handlers.answers.serialize import DeserializeError, deserialize, serialize
from handlers.answers.times import clock_label, counted
from handlers.commands.call import Call, Tools
from handlers.delivery.closing import reopen_channel
from handlers.rules.pacing import next_digest
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

FIRST_DIGEST: Final = time(8, 30)
"""In the person's own zone."""
SHOWN: Final = 10
"""Stories that a list of one's own shows."""
_LOOKBACK: Final = timedelta(days=3)
"""News older than this is told to nobody who was not told then."""
_WAYS: Final[Mapping[FollowMode, tuple[str, str]]] = {
    FollowMode.MENTION: ("Name me in its thread", "you are named in its thread when it has news"),
    FollowMode.MESSAGE: ("Message me", "you get a direct message when it has news"),
    FollowMode.DIGEST: ("My daily digest", "its news is in a digest of your own"),
}


async def offer(tools: Tools, call: Call, story: Story) -> Reply:
    """The ways to follow it, and how this person does now."""
    async with tools.store.read() as tx:
        how = await tx.follows.mode(call.here.id, story.id, call.person.external_id)
        direct = await tx.channels.find(call.workspace.id, f"@{call.person.external_id}")
    text = "How should news of this story reach you?"
    if how is not None:
        text = f"You follow this story: {_WAYS[how][1]}.{_refused(direct, how)} Another way?"
    return Reply(answer=Notice(text=text, buttons=_buttons(story, how)))


async def follow(tools: Tools, call: Call, story: Story, how: FollowMode) -> Reply:
    """From now on so; doing it again is harmless."""
    async with tools.store.begin() as tx:
        at = ""
        if how is not FollowMode.MENTION:
            direct = await _direct(tx, call)
            if how is FollowMode.DIGEST:
                direct = await _with_digest(tx, call, direct)
                hour = clock_label(direct.digest_time or FIRST_DIGEST)
                at = f" Every day at {hour} {direct.digest_zone}, if there is any."
        if await tx.follows.mode(call.here.id, story.id, call.person.external_id) is not how:
            await tx.follows.set(call.here.id, story.id, call.person.external_id, call.now, mode=how)
    text = f"You follow this story: {_WAYS[how][1]}.{at}"
    return Reply(answer=Notice(text=text, tone=Tone.DONE, buttons=_buttons(story, how)), replaces=True)


async def stop(tools: Tools, call: Call, story: Story) -> Reply:
    async with tools.store.begin() as tx:
        await tx.follows.remove(call.workspace.id, story.id, call.person.external_id)
    return Reply(answer=Notice(text="You do not follow this story.", tone=Tone.DONE), replaces=True)


def _buttons(story: Story, now: FollowMode | None) -> tuple[Button, ...]:
    ways = [
        Button(label=label, action=f"follow:{story.id}:{how}", primary=now is None and how is FollowMode.MENTION)
        for how, (label, _) in _WAYS.items()
        if how is not now
    ]
    if now is not None:
        ways.append(Button(label="Stop following", action=f"follow:{story.id}:stop"))
    return tuple(ways)


def _refused(direct: Channel | None, how: FollowMode) -> str:
    """What follows from direct messages that the platform would not deliver."""
    if direct is None or direct.state is ChannelState.ACTIVE or how is FollowMode.MENTION:
        return ""
    reason = (direct.gone_reason or "they were refused").rstrip(". ")
    return (
        f" But I can't send you direct messages ({reason}), so you are named in its thread instead. "
        "Allow them, then press again."
    )


async def own_rows(tx: Tx, call: Call) -> tuple[Row, ...]:
    """A row a story that this person follows in this workspace, the last chosen first."""
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
    """The channel of this person's direct messages; who asks for them again allows them again."""
    channel = await tx.channels.ensure(
        call.workspace.id, f"@{call.person.external_id}", f"@{call.person.name}", now=call.now
    )
    if channel.state is ChannelState.GONE:
        await reopen_channel(tx, channel)
    return channel


async def _with_digest(tx: Tx, call: Call, direct: Channel) -> Channel:
    if direct.next_digest_at is not None:
        return direct
    return await tx.channels.update(
        direct.id,
        digest_time=FIRST_DIGEST,
        digest_zone=call.zone_name,
        digest_when_empty=False,
        next_digest_at=next_digest(call.now, call.zone_name, FIRST_DIGEST, direct.digest_days),
        last_digest_at=call.now,
    )


async def enqueue_direct_messages(store: Store, now: datetime) -> int:
    """Enqueue the direct messages for notes that are owed to threads, once each. Gives how many those were."""
    async with store.read() as tx:
        waiting = await tx.follows.pending_messages(since=now - _LOOKBACK)
    owed = 0
    for one in waiting:
        async with store.begin() as tx:
            notice = await _message(tx, one)
            _, created = await tx.deliveries.enqueue(
                NewDelivery(
                    channel_id=one.direct_channel_id,
                    kind=DeliveryKind.NOTICE,
                    subject=f"{MESSAGE_SUBJECT}{one.subject}",
                    due_at=now,
                    body=serialize(notice),
                ),
                now,
            )
            owed += created
    return owed


async def _message(tx: Tx, one: PendingMessage) -> Notice:
    """The note, said where nothing stands around it: no buttons, for a direct message belongs to no channel."""
    place = await tx.channels.get(one.channel_id)
    articles = [] if place is None else await tx.articles.of_story(one.story_id, place.workspace_id)
    try:
        note = deserialize(one.body)
    except DeserializeError:
        note = None
    where = "its channel" if place is None else place.label
    text = f"News in a story that you follow. To stop, press Follow on its alert in {where}."
    links = [Link(text=articles[0].title, url=articles[0].url)] if articles else []
    if isinstance(note, Note):
        was = f" (was: {note.before})" if note.before else ""
        text = f"{note.label}: {note.quote.text}{was} — {note.source.publisher}\n{text}"
        links.append(Link(text=note.source.publisher, url=note.source.url))
    return Notice(text=text, links=tuple(links))
