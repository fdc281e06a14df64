"""/subscribe, /unsubscribe and /subscriptions: what a channel gets, at what pace, and what to expect of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final

from handlers.answers.answer import Alert, Listing, Notice, Preview, Reply
from handlers.answers.errors import UserError
from handlers.answers.parts import Button, Row, Tone
from handlers.answers.times import clock_label, rate
from handlers.commands.brief import reference
from handlers.commands.call import Call, Tools, require_open
from handlers.commands.topic_rules import check_room, topic_name
from handlers.delivery.compose import compose_alert
from handlers.queries.backfill import BACKFILL_PERIOD, backfill, enqueue_backfill
from handlers.queries.subjects import Subject, find_subject, mentions_of, similar_topics
from handlers.rules.pacing import next_digest
from storage.records import Channel, Mention, Pace, Subscription, Topic, Workspace
from storage.store import Tx
from storage.topics import NewTopic, fold_name

FIRST_DIGEST: Final = time(8, 30)
"""The hour of a digest that a daily or weekly pace needs and nobody chose."""
SHOWN: Final = 25
FORECAST_FROM: Final = timedelta(weeks=4)
"""How far back the stories of a forecast began."""


async def subscribe(tools: Tools, call: Call) -> Reply:
    """Raises: UserError, QueryError."""
    require_open(call.channel)
    _require_mentionable(call)
    pace = Pace(call.option("pace").casefold() or Pace.INSTANT)
    async with tools.store.read() as tx:
        subject = await find_subject(tx, call.workspace.id, call.option("topic"))
    if subject.topic is None and (doubt := await _doubt(tools, call, subject, pace)) is not None:
        return doubt
    topic = subject.topic or await topic_for(tools, call, subject)
    return await subscribe_to(tools, call, topic, pace, chosen=bool(call.option("pace")))


def _require_mentionable(call: Call) -> None:
    """Raises: UserError where whom the command names may not be mentioned by us at this person's wish."""
    mention = call.mention
    if mention is None:
        return
    if mention.barred is not None:
        raise UserError(f"I can't mention {mention.name}: {mention.barred} Nothing was changed.")
    if mention.person not in (None, call.person.external_id):
        raise UserError(
            f"I mention a person only where they ask for it themselves: {mention.name} can press Follow on an alert, "
            "or subscribe with their own name. Nothing was changed."
        )


async def _doubt(tools: Tools, call: Call, subject: Subject, pace: Pace) -> Reply | None:
    """Asks, where the words hit nothing that is stored and are written nearly as a topic is called."""
    async with tools.store.read() as tx:
        meant = similar_topics(subject.query, await tx.topics.visible(call.workspace.id))
        if (
            not meant
            or (await mentions_of(tx, call.workspace.id, subject, since=call.now - BACKFILL_PERIOD, until=call.now)).all
        ):
            return None
    ref = reference(tools, call, subject)
    names = " or ".join(topic.title for topic in meant)
    return Reply(
        answer=Notice(
            text=f'Nothing on "{subject.query}" is stored from the last 30 days, and there is no topic of that name. '
            f"Did you mean {names}? Nothing is subscribed yet."
            + (
                f" To have {call.mention.name} mentioned, repeat the command with the right name."
                if call.mention
                else ""
            ),
            buttons=(
                *(
                    Button(
                        label=f"Subscribe {topic.title}"[:25],
                        action=f"subscribe:{topic.id}:{pace}:{call.channel.id}",
                        primary=place == 0,
                    )
                    for place, topic in enumerate(meant)
                ),
                Button(label="As I wrote it", action=f"subscribe:{ref}:{pace}:{call.channel.id}"),
            ),
        )
    )


async def topic_for(tools: Tools, call: Call, subject: Subject) -> Topic:
    """A topic of the workspace's own for this query, named after it."""
    async with tools.store.begin() as tx:
        await check_room(tx, call.workspace.id)
        title = subject.query if len(subject.query) <= 60 else subject.query[:59].rstrip() + "…"
        plain = title.replace("=", " ").lstrip("@ ")
        for attempt in range(1, 100):
            name = topic_name(plain if attempt == 1 else f"{plain[:56]} {attempt}")
            topic = await tx.topics.add(
                NewTopic(workspace_id=call.workspace.id, name=name, title=title, query=subject.query), call.now
            )
            if topic is not None:
                await enqueue_backfill(tx, topic.id, now=call.now)
                break
            known = await tx.topics.find(call.workspace.id, name)
            if known is not None and known.query == subject.query:
                return known
        else:
            raise UserError("There are too many topics of this name. Name it yourself: /topics add NAME = QUERY")
    await backfill(tools.store, topic.id)
    return topic


async def subscribe_to(
    tools: Tools, call: Call, topic: Topic, pace: Pace, *, chosen: bool, replaces: bool = False
) -> Reply:
    """Subscribe the channel, and show what will come. A chosen pace also changes a subscription that is there."""
    async with tools.store.begin() as tx:
        subscription, created = await tx.subscriptions.ensure(
            channel_id=call.channel.id, topic_id=topic.id, pace=pace, created_by=call.person.external_id, now=call.now
        )
        text = f"{call.channel.label} now gets {topic.title}, {_how(pace)}."
        if not created:
            text = f"{call.channel.label} gets {topic.title} already, {_how(subscription.pace)}."
            changed = {}
            if chosen and subscription.pace is not pace:
                changed["pace"] = pace
                text = f"{call.channel.label} now gets {topic.title} {_how(pace)}; it was {subscription.pace}."
            if subscription.paused_reason is not None:
                text += f" It was paused ({subscription.paused_reason.rstrip('.')}) and goes on now."
                subscription = await tx.subscriptions.update(subscription.id, paused_reason=None)
            if changed:
                subscription = await tx.subscriptions.update(subscription.id, **changed)
        if call.mention is not None:
            subscription = await tx.subscriptions.update(
                subscription.id, mention=call.mention.external_id, mention_name=call.mention.name
            )
            text += f" {_mentions(subscription)}"
        channel, made = await needs_digest(tx, call.workspace, call.channel, subscription, call)
        if made:
            text += f" I set a digest at {clock_label(FIRST_DIGEST)} every day; change it with /digest at."
        elif subscription.pace is Pace.INSTANT and channel.next_digest_at is None:
            text += " No digest is set for this channel."
    async with tools.store.read() as tx:
        preview = await _preview(tx, call, channel, topic, subscription, text)
    return Reply(answer=preview, replaces=replaces)


def _mentions(subscription: Subscription) -> str:
    if subscription.pace is Pace.INSTANT:
        return f"Each new alert mentions {subscription.mention_name}, once."
    return f"A digest mentions nobody: {subscription.mention_name} is mentioned once the pace is instant."


def _how(pace: Pace) -> str:
    return {
        Pace.INSTANT: "an alert for each story",
        Pace.DAILY: "in the daily digest",
        Pace.WEEKLY: "in the first digest of the week",
    }[pace]


async def needs_digest(
    tx: Tx, workspace: Workspace, channel: Channel, subscription: Subscription, call: Call
) -> tuple[Channel, bool]:
    """The channel, with a digest where the pace needs one, and whether it was set now."""
    if subscription.pace is Pace.INSTANT or channel.digest_time is not None:
        return channel, False
    own = call.person.time_zone is not None and workspace.time_zone == "UTC"
    zone = call.zone_name if own else workspace.time_zone
    channel = await tx.channels.update(
        channel.id,
        digest_time=FIRST_DIGEST,
        digest_days=list(range(7)),
        digest_zone=zone if own else channel.digest_zone,
        next_digest_at=next_digest(call.now, channel.digest_zone or zone, FIRST_DIGEST),
        last_digest_at=channel.last_digest_at or call.now,
    )
    return channel, True


async def _preview(
    tx: Tx, call: Call, channel: Channel, topic: Topic, subscription: Subscription, text: str
) -> Preview:
    newest = await tx.matches.mentions(topic.id, call.workspace.id, since=call.now - BACKFILL_PERIOD, newest=1)
    example = await _example(tx, channel, newest)
    if example is None:
        text += " Nothing on it is stored from the last 30 days; the first story will show here as it comes."
    buttons = [
        Button(label=pace.value.title(), action=f"pace:{subscription.id}:{pace}", primary=pace is subscription.pace)
        for pace in Pace
    ]
    if channel.next_digest_at is None:
        buttons.append(Button(label=f"Digest at {clock_label(FIRST_DIGEST)}", action=f"digest:at:{channel.id}"))
    buttons.append(Button(label="Brief", action=f"brief:{topic.id}:7d"))
    buttons.append(Button(label="Unsubscribe", action=f"unsubscribe:{subscription.id}"))
    return Preview(
        text=text,
        example=example,
        pace=subscription.pace,
        posts_a_week=(await forecast(tx, call.workspace.id, [topic.id], now=call.now))[topic.id],
        next_digest_at=channel.next_digest_at,
        time_zone=call.zone_name,
        buttons=tuple(buttons),
    )


async def _example(tx: Tx, channel: Channel, newest: tuple[Mention, ...]) -> Alert | None:
    """The alert of the newest stored story, as it would look; its buttons belong to posted alerts only."""
    for mention in newest:
        if mention.story_id is not None:
            return replace(await compose_alert(tx, channel, mention.story_id), mentions=(), buttons=(), menu=())
    return None


async def forecast(tx: Tx, workspace_id: int, topic_ids: Sequence[int], *, now: datetime) -> Mapping[int, float | None]:
    """By topic, the stories to expect a week, from those of the last 30 days; None where nothing was watched yet.

    What was watched for less than a week counts as a week: a busy first day is no forecast.
    """
    just_after = now + timedelta(microseconds=1)
    early = just_after - FORECAST_FROM
    starts = await tx.matches.story_starts(
        topic_ids, workspace_id, since=now - BACKFILL_PERIOD, early=early, until=just_after
    )
    nothing = None if await tx.articles.last_received_at(workspace_id) is None else 0.0
    expected: dict[int, float | None] = dict.fromkeys(topic_ids, nothing)
    for topic_id, found in starts.items():
        watched = just_after - max(early, min(found.first_at, now - timedelta(days=7)))
        expected[topic_id] = round(found.later / (watched / timedelta(days=7)), 2)
    return expected


async def unsubscribe(tools: Tools, call: Call) -> Reply:
    """Raises: UserError."""
    asked = fold_name(call.option("topic"))
    async with tools.store.read() as tx:
        held = await held_by(tx, call.channel)
    exact = [one for one in held if asked in (fold_name(name) for name in (one[1].name, one[1].title, *one[1].aliases))]
    near = exact or [one for one in held if asked in one[1].name or asked in fold_name(one[1].title)]
    if not near:
        titles = ", ".join(topic.title for _, topic in held) or "nothing"
        meant = similar_topics(call.option("topic"), [topic for _, topic in held], limit=1)
        raise UserError(
            f'{call.channel.label} has no subscription to "{call.option("topic")}". It gets: {titles}.'
            + (f" Did you mean {meant[0].title}?" if meant else ""),
            buttons=[
                Button(label=f"Unsubscribe {topic.title}"[:25], action=f"unsubscribe:{one.id}")
                for one, topic in held
                if topic in meant
            ],
        )
    if len(near) > 1:
        rows = tuple(
            Row(
                title=topic.title,
                detail=subscription.pace,
                buttons=(Button(label="Unsubscribe", action=f"unsubscribe:{subscription.id}"),),
            )
            for subscription, topic in near[:SHOWN]
        )
        return Reply(answer=Listing(title=f"Which one should {call.channel.label} stop getting?", rows=rows))
    return await end_subscription(tools, call, near[0][0], near[0][1])


async def end_subscription(
    tools: Tools, call: Call, subscription: Subscription, topic: Topic, *, replaces: bool = False
) -> Reply:
    async with tools.store.begin() as tx:
        await tx.subscriptions.remove(subscription.id)
    again = Button(label="Undo", action=f"subscribe:{topic.id}:{subscription.pace}:{call.channel.id}")
    return Reply(
        answer=Notice(
            text=f"{call.channel.label} no longer gets {topic.title}. Alerts that are posted stay.",
            tone=Tone.DONE,
            buttons=(again,),
        ),
        replaces=replaces,
    )


async def held_by(tx: Tx, channel: Channel) -> list[tuple[Subscription, Topic]]:
    """What the channel is subscribed to, with its topics."""
    held = await tx.subscriptions.of_channel(channel.id)
    topics = await tx.topics.by_ids([subscription.topic_id for subscription in held])
    return [(one, topics[one.topic_id]) for one in held if one.topic_id in topics]


def expectation(posts: float) -> str:
    """ "about 3 stories a week"."""
    if posts == 0:
        return "none in 30 days"
    if posts < 1:
        return "less than one story a week"
    return f"about {rate(posts)} {'story' if rate(posts) == '1' else 'stories'} a week"
