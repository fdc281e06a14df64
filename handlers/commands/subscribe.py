"""/subscribe: subscribe a channel to a topic or a query, show an example, and say how much to expect."""

from dataclasses import replace
from datetime import time
from typing import Final

from handlers.answers.answer import Alert, Notice, Preview, Reply
from handlers.answers.errors import UserError
from handlers.answers.parts import Button
from handlers.answers.times import clock_label
from handlers.commands.brief import subject_ref
from handlers.commands.call import Call, Tools, check_post, require_open
from handlers.commands.topic_rules import require_free_topic, topic_name
from handlers.delivery.compose import compose_alert
from handlers.queries.backfill import BACKFILL_PERIOD, backfill, enqueue_backfill
from handlers.queries.forecasts import forecast
from handlers.queries.subjects import Subject, find_subject, mentions_of, similar_topics
from handlers.rules.digest_times import next_digest
from storage.records import Channel, Grouping, Mention, Pace, Platform, Subscription, Topic
from storage.store import Tx
from storage.topics import NewTopic

DEFAULT_DIGEST_TIME: Final = time(8, 30)
"""Local time of a digest that is set up because a daily or weekly pace needs one."""


async def subscribe(tools: Tools, call: Call) -> Reply:
    """Subscribe the channel to a topic or a query, or ask if the query looks like a misspelt topic.

    Raises: UserError, QueryError.
    """
    require_open(call.channel)
    _require_mentionable(call)
    pace = Pace(call.option("pace").casefold() or Pace.INSTANT)
    async with tools.store.read() as tx:
        subject = await find_subject(tx, call.workspace.id, call.option("topic"))
    if subject.topic is None and (question := await _ask_if_misspelt(tools, call, subject, pace)) is not None:
        return question
    topic = subject.topic or await create_query_topic(tools, call, subject)
    return await subscribe_to(tools, call, topic, pace, chosen=bool(call.option("pace")))


def _require_mentionable(call: Call) -> None:
    """Raise UserError if the command asks to mention somebody whom this person may not have mentioned."""
    mention = call.mention
    if mention is None:
        return
    if mention.barred is not None:
        raise UserError(f"I can't mention {mention.name}: {mention.barred} Nothing was changed.")
    if mention.person not in (None, call.person.external_id):
        raise UserError(
            f"I mention people only if they ask for it themselves: {mention.name} can click Follow on an alert, or "
            "subscribe with their own name. Nothing was changed."
        )


async def _ask_if_misspelt(tools: Tools, call: Call, subject: Subject, pace: Pace) -> Reply | None:
    """Return a question if the query matches no recent article and is spelt like a topic's name; else None."""
    async with tools.store.read() as tx:
        meant = similar_topics(subject.query, await tx.topics.visible(call.workspace.id))
        if not meant:
            return None
        since = call.now - BACKFILL_PERIOD
        if (await mentions_of(tx, call.workspace.id, subject, since=since, until=call.now)).all:
            return None
    text = (
        f'There is no topic "{subject.query}", and no article of the last 30 days matches these words. '
        f"Did you mean {' or '.join(topic.title for topic in meant)}? You have not subscribed yet."
    )
    if call.mention is not None:
        text += f" To have {call.mention.name} mentioned, run the command again with the right name."
    buttons = [
        Button(
            label=f"Subscribe to {topic.title}"[:25],
            action=f"subscribe:{topic.id}:{pace}:{call.channel.id}",
            primary=place == 0,
        )
        for place, topic in enumerate(meant)
    ]
    ref = subject_ref(tools, call, subject)
    buttons.append(Button(label="Subscribe to exactly this", action=f"subscribe:{ref}:{pace}:{call.channel.id}"))
    return Reply(answer=Notice(text=text, buttons=tuple(buttons)))


async def create_query_topic(tools: Tools, call: Call, subject: Subject) -> Topic:
    """Return a topic of the workspace with this query, named after it. A second call returns the same topic.

    Raises: UserError if the workspace has too many topics.
    """
    async with tools.store.begin() as tx:
        await require_free_topic(tx, call.workspace.id)
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
            existing = await tx.topics.find(call.workspace.id, name)
            if existing is not None and existing.query == subject.query:
                return existing
        else:
            raise UserError("There are too many topics with this name. Choose another: /topics add NAME = QUERY")
    await backfill(tools.store, topic.id)
    return topic


async def subscribe_to(
    tools: Tools, call: Call, topic: Topic, pace: Pace, *, chosen: bool, replaces: bool = False
) -> Reply:
    """Subscribe the channel, and show what it will get. A chosen pace also changes an existing subscription."""
    async with tools.store.begin() as tx:
        subscription, created = await tx.subscriptions.ensure(
            channel_id=call.channel.id, topic_id=topic.id, pace=pace, created_by=call.person.external_id, now=call.now
        )
        text = f"{call.channel.label} now gets {topic.title} {_how(pace)}."
        if not created:
            text = f"{call.channel.label} already gets {topic.title} {_how(subscription.pace)}."
            if chosen and subscription.pace is not pace:
                text = f"{call.channel.label} now gets {topic.title} {_how(pace)}; it was {subscription.pace}."
                subscription = await tx.subscriptions.update(subscription.id, pace=pace)
            if subscription.paused_reason is not None:
                text += f" It was paused ({subscription.paused_reason.rstrip('.')}) and is active again."
                subscription = await tx.subscriptions.update(subscription.id, paused_reason=None)
        before, grouping = subscription.grouping, call.option("grouping").casefold()
        if grouping and grouping != before:
            subscription = await tx.subscriptions.update(subscription.id, grouping=Grouping(grouping))
        if subscription.grouping is not before or before is not Grouping.NORMAL:
            text += f" {_grouping_note(subscription.grouping)}"
        subscription, note = await _set_silent(tx, call, subscription)
        text += note
        if call.mention is not None:
            subscription = await tx.subscriptions.update(
                subscription.id, mention=call.mention.external_id, mention_name=call.mention.name
            )
            text += f" {_mention_note(subscription)}"
        channel, set_up = await _ensure_digest(tx, call, subscription)
        if set_up:
            text += f" I set up a digest at {clock_label(DEFAULT_DIGEST_TIME)} every day; change it with /digest at."
        elif subscription.pace is Pace.INSTANT and channel.next_digest_at is None:
            text += " This channel has no digest."
    text += await check_post(tools, channel, call.now)
    async with tools.store.read() as tx:
        preview = await _preview(tx, call, channel, topic, subscription, text)
    return Reply(answer=preview, replaces=replaces)


async def _set_silent(tx: Tx, call: Call, subscription: Subscription) -> tuple[Subscription, str]:
    """Store whether alerts notify people, if the command says so. Return the subscription and what the answer says."""
    asked = call.option("notify").casefold()
    if asked and (asked == "off") is not subscription.silent:
        subscription = await tx.subscriptions.update(subscription.id, silent=asked == "off")
    if not asked and not subscription.silent:
        return subscription, ""
    if not subscription.silent:
        return subscription, " Its alerts notify people as usual."
    if call.workspace.platform is Platform.SLACK:
        return subscription, " Slack has no silent messages: its alerts notify people as usual."
    return subscription, " Its alerts are silent: they notify nobody."


def _grouping_note(grouping: Grouping) -> str:
    """Return a sentence that says which articles share an alert."""
    return {
        Grouping.STRICT: "Grouping is strict: only copies and reports under the same headline share an alert.",
        Grouping.NORMAL: "Grouping is normal: reports of one event share an alert.",
        Grouping.OFF: "Grouping is off: each article is an alert of its own.",
    }[grouping]


def ask_grouping(subscription: Subscription, topic: Topic) -> Reply:
    """Return the question which articles about the topic should share an alert."""
    buttons = tuple(
        Button(
            label=grouping.value.title(),
            action=f"grouping:{subscription.id}:{grouping}",
            primary=grouping is subscription.grouping,
        )
        for grouping in Grouping
    )
    text = (
        f"Which articles about {topic.title} share an alert? Strict: only copies and reports under the same headline. "
        "Normal: reports of one event. Off: none, each article is an alert of its own."
    )
    return Reply(answer=Notice(text=text, buttons=buttons))


def _mention_note(subscription: Subscription) -> str:
    if subscription.pace is Pace.INSTANT:
        return f"Each new alert mentions {subscription.mention_name}, once."
    return f"Digests mention nobody; {subscription.mention_name} will be mentioned if you change the pace to instant."


def _how(pace: Pace) -> str:
    return {
        Pace.INSTANT: "as one alert per story",
        Pace.DAILY: "in the daily digest",
        Pace.WEEKLY: "in the first digest of the week",
    }[pace]


async def _ensure_digest(tx: Tx, call: Call, subscription: Subscription) -> tuple[Channel, bool]:
    """Set up a digest if the pace needs one and the channel has none. Return the channel, and whether this was done.

    The digest follows the person's time zone if the workspace has not chosen one.
    """
    workspace, channel = call.workspace, call.channel
    if subscription.pace is Pace.INSTANT or channel.digest_time is not None:
        return channel, False
    own = call.person.time_zone is not None and workspace.time_zone == "UTC"
    zone = call.zone_name if own else workspace.time_zone
    channel = await tx.channels.update(
        channel.id,
        digest_time=DEFAULT_DIGEST_TIME,
        digest_days=list(range(7)),
        digest_zone=zone if own else channel.digest_zone,
        next_digest_at=next_digest(call.now, channel.digest_zone or zone, DEFAULT_DIGEST_TIME),
        last_digest_at=channel.last_digest_at or call.now,
    )
    return channel, True


async def _preview(
    tx: Tx, call: Call, channel: Channel, topic: Topic, subscription: Subscription, text: str
) -> Preview:
    newest = await tx.matches.mentions(topic.id, call.workspace.id, since=call.now - BACKFILL_PERIOD, newest=1)
    example = await _example(tx, channel, newest)
    if example is None:
        text += " No article of the last 30 days matches it, so there is no example to show."
    buttons = [
        Button(label=pace.value.title(), action=f"pace:{subscription.id}:{pace}", primary=pace is subscription.pace)
        for pace in Pace
    ]
    if channel.next_digest_at is None:
        buttons.append(Button(label=f"Digest at {clock_label(DEFAULT_DIGEST_TIME)}", action=f"digest:at:{channel.id}"))
    buttons.append(Button(label="Brief", action=f"brief:{topic.id}:7d"))
    buttons.append(Button(label="Unsubscribe", action=f"unsubscribe:{subscription.id}"))
    expected = await forecast(tx, call.workspace.id, {topic.id: subscription.grouping}, now=call.now)
    return Preview(
        text=text,
        example=example,
        pace=subscription.pace,
        posts_a_week=expected[topic.id],
        next_digest_at=channel.next_digest_at,
        time_zone=call.zone_name,
        buttons=tuple(buttons),
    )


async def _example(tx: Tx, channel: Channel, newest: tuple[Mention, ...]) -> Alert | None:
    """Return the alert of the newest stored story, without buttons: these work on posted alerts only."""
    for mention in newest:
        if mention.story_id is not None:
            return replace(await compose_alert(tx, channel, mention.story_id), mentions=(), buttons=(), menu=())
    return None
