"""/unsubscribe: end a subscription of a channel, or ask which one."""

from collections.abc import Sequence

from handlers.answers.answer import Listing, Notice, Reply
from handlers.answers.errors import UserError
from handlers.answers.parts import Button, Row, Tone
from handlers.commands.call import Call, Tools
from handlers.commands.subscriptions import SHOWN, subscribed_topics
from handlers.queries.subjects import similar_topics
from storage.records import Subscription, Topic
from storage.topics import normalize_name


async def unsubscribe(tools: Tools, call: Call) -> Reply:
    """End a subscription by the topic's name or a part of it, or ask if several match. Raises: UserError."""
    wanted = normalize_name(call.option("topic"))
    async with tools.store.read() as tx:
        held = await subscribed_topics(tx, call.channel)
    candidates = [
        (subscription, topic)
        for subscription, topic in held
        if wanted in (normalize_name(name) for name in (topic.name, topic.title, *topic.aliases))
    ] or [
        (subscription, topic)
        for subscription, topic in held
        if wanted in topic.name or wanted in normalize_name(topic.title)
    ]
    if not candidates:
        raise _not_subscribed(call, held)
    if len(candidates) > 1:
        rows = tuple(
            Row(
                title=topic.title,
                detail=subscription.pace,
                buttons=(Button(label="Unsubscribe", action=f"unsubscribe:{subscription.id}"),),
            )
            for subscription, topic in candidates[:SHOWN]
        )
        return Reply(answer=Listing(title=f"Which topic should {call.channel.label} no longer get?", rows=rows))
    return await end_subscription(tools, call, *candidates[0])


def _not_subscribed(call: Call, held: Sequence[tuple[Subscription, Topic]]) -> UserError:
    titles = ", ".join(topic.title for _, topic in held)
    meant = similar_topics(call.option("topic"), [topic for _, topic in held], limit=1)
    text = f'{call.channel.label} has no subscription to "{call.option("topic")}". '
    text += f"It gets: {titles}." if held else "It has no subscriptions at all."
    if meant:
        text += f" Did you mean {meant[0].title}?"
    buttons = [
        Button(label=f"Unsubscribe {topic.title}"[:25], action=f"unsubscribe:{subscription.id}")
        for subscription, topic in held
        if topic in meant
    ]
    return UserError(text, buttons=buttons)


async def end_subscription(
    tools: Tools, call: Call, subscription: Subscription, topic: Topic, *, replaces: bool = False
) -> Reply:
    """End the subscription, with a button that undoes it. Repeating it changes nothing."""
    async with tools.store.begin() as tx:
        await tx.subscriptions.remove(subscription.id)
    undo = Button(label="Undo", action=f"subscribe:{topic.id}:{subscription.pace}:{call.channel.id}")
    return Reply(
        answer=Notice(
            text=f"{call.channel.label} no longer gets {topic.title}. Alerts already posted stay.",
            tone=Tone.DONE,
            buttons=(undo,),
        ),
        replaces=replaces,
    )
