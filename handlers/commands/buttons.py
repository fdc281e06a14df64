"""Buttons: each verb once. A press may come twice, late, or from a stranger: it is answered kindly, or does nothing."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from handlers.answers.answer import Brief, Notice, Reply
from handlers.answers.errors import UserError
from handlers.answers.parts import Button, Form, Tone
from handlers.answers.times import read_clock, read_period
from handlers.commands import digest as digest_command
from handlers.commands import follow, news, subscribe, trend
from handlers.commands import sources as sources_command
from handlers.commands import topics as topics_command
from handlers.commands.brief import brief_of, markdown
from handlers.commands.button_targets import (
    call_about,
    feed_at,
    moved,
    shared_at,
    source_at,
    story_at,
    subject_at,
    subscription_at,
    topic_at,
)
from handlers.commands.call import Call, Tools, number, require_open, require_right
from handlers.commands.find import find
from handlers.commands.home import at_home
from handlers.commands.subscriptions import subscriptions
from handlers.commands.topics_test import save, test_subject
from handlers.commands.why import why
from storage.records import FollowMode, Pace

_OLD: Final = "This button is from an older version of the message. Run the command again for a fresh one."

_TOPICS: Final = "this workspace's topics"
_SOURCES: Final = "this workspace's sources"

Handler = Callable[[Tools, Call, Sequence[str]], Awaitable[Reply]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    handler: Handler
    changes: bool = False
    """Needs the right of the place. A verb about a channel that its button names asks for the right of that one."""
    owns: str = ""
    """What it changes, where that is the whole workspace's."""


async def click(tools: Tools, call: Call, action: str) -> Reply:
    """What the button does. Raises: UserError, QueryError."""
    name, *arguments = action.split(":")
    verb = VERBS.get(name)
    if verb is None or len(action) > 100:
        raise UserError(_OLD)
    if verb.changes:
        require_right(call, verb.owns)
    try:
        return await verb.handler(tools, call, arguments)
    except IndexError as error:
        raise UserError(_OLD) from error


async def _brief(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    period = read_period(arguments[1] if len(arguments) > 1 else None)
    return await brief_of(tools, call, await subject_at(tools, call, arguments[0]), period)


async def _find(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    subject = await subject_at(tools, call, arguments[0])
    query = subject.query if subject.topic is None else subject.topic.name
    return await find(tools, moved(call, call.channel, query=query, period=arguments[1]))


async def _why(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    return await why(tools, moved(call, call.channel, url=str(number(arguments[0]))))


async def _irrelevant(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    async with tools.store.begin() as tx:
        story = await story_at(tx, call, arguments[0])
        new = await tx.feedback.add(call.channel.id, story.id, call.person.external_id, call.now)
    text = "Noted: not relevant. /topics show counts these, and /topics test helps to narrow the query."
    return Reply(answer=Notice(text=text if new else "You said so already; it is noted.", tone=Tone.DONE))


async def _follow(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    async with tools.store.read() as tx:
        story = await story_at(tx, call, arguments[0])
    how = arguments[1] if len(arguments) > 1 else ""
    if not how:
        return await follow.offer(tools, call, story)
    if how == "stop":
        return await follow.stop(tools, call, story)
    if how not in set(FollowMode):
        raise UserError(_OLD)
    return await follow.follow(tools, call, story, FollowMode(how))


async def _mute(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    kind, id = arguments[0], arguments[1]
    async with tools.store.begin() as tx:
        if kind == "story":
            subject, name = f"story:{(await story_at(tx, call, id)).id}", "this story"
        elif kind == "source":
            source = await source_at(tx, call, id)
            subject, name = f"source:{source.id}", source.title
        else:
            raise UserError(_OLD)
        await tx.mutes.add(call.channel.id, subject, call.person.external_id, call.now)
    return Reply(
        answer=Notice(
            text=f"{call.channel.label} hears no more of {name}. What is posted stays.",
            tone=Tone.DONE,
            buttons=(Button(label="Undo", action=f"unmute:{kind}:{number(id)}"),),
        )
    )


async def _unmute(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    async with tools.store.begin() as tx:
        kind = "story" if arguments[0] == "story" else "source"
        id = (await story_at(tx, call, arguments[1])).id if kind == "story" else number(arguments[1])
        await tx.mutes.remove(call.channel.id, f"{kind}:{id}")
    return Reply(answer=Notice(text=f"{call.channel.label} hears of it again.", tone=Tone.DONE), replaces=True)


async def _subscribe(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    if len(arguments) > 2:
        call = await call_about(tools, call, arguments[2])
    require_right(call)
    require_open(call.channel)
    pace = _pace(arguments[1] if len(arguments) > 1 else "instant")
    if arguments[0].startswith("q."):
        subject = await subject_at(tools, call, arguments[0])
        topic = subject.topic or await subscribe.topic_for(tools, call, subject)
    else:
        topic = await topic_at(tools, call, arguments[0])
    return await subscribe.subscribe_to(tools, call, topic, pace, chosen=False)


def _pace(text: str) -> Pace:
    if text not in set(Pace):
        raise UserError(_OLD)
    return Pace(text)


async def _unsubscribe(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    async with tools.store.read() as tx:
        subscription, channel, topic = await subscription_at(tx, call, arguments[0])
    there = moved(call, channel)
    require_right(there)
    return await subscribe.end_subscription(tools, there, subscription, topic, replaces=True)


async def _change_pace(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    async with tools.store.read() as tx:
        _, channel, topic = await subscription_at(tx, call, arguments[0])
    there = moved(call, channel)
    require_right(there)
    changed = await subscribe.subscribe_to(tools, there, topic, _pace(arguments[1]), chosen=True, replaces=True)
    return await subscriptions(tools, there, replaces=True) if arguments[2:] == ["list"] else changed


async def _unmention(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    async with tools.store.begin() as tx:
        subscription, channel, _ = await subscription_at(tx, call, arguments[0])
        there = moved(call, channel)
        require_right(there)
        await tx.subscriptions.update(subscription.id, mention=None, mention_name=None)
    return await subscriptions(tools, there, replaces=True)


async def _share(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    return Reply(answer=await shared_at(tools, call, arguments[0]), public=True)


async def _markdown(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    shared = await shared_at(tools, call, arguments[0])
    if not isinstance(shared, Brief):
        raise UserError(_OLD)
    text = markdown(shared)
    return Reply(answer=Notice(text="The brief as Markdown:", code=text, file=("brief.md", text)))


async def _compare(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    period = read_period(arguments[1] if len(arguments) > 1 else None, default="30d")
    return await trend.compare(tools, call, await subject_at(tools, call, arguments[0]), arguments[0], period)


async def _trend(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    subjects = [await subject_at(tools, call, ref) for ref in arguments[:2]]
    return await trend.trend_of(tools, call, subjects, read_period(arguments[2], default="30d"))


async def _test(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    return await test_subject(tools, call, await subject_at(tools, call, arguments[0]))


async def _save(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    subject = await subject_at(tools, call, arguments[0] if arguments[0].startswith("q.") else f"q.{arguments[0]}")
    return await save(tools, call, subject)


async def _copy(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    return await topics_command.copy(tools, call, await topic_at(tools, call, arguments[0]))


async def _change_topic(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    if arguments[0] not in ("edit", "remove"):
        raise UserError(_OLD)
    topic = await topic_at(tools, call, arguments[1])
    if arguments[0] == "edit":
        return topics_command.start_edit(topic)
    return await topics_command.remove_topic(tools, call, topic, sure=arguments[2:] == ["sure"], replaces=True)


async def _form(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    async with tools.store.read() as tx:
        body = await tx.drafts.get(arguments[0], call.workspace.id)
    if body is None or "form" not in body:
        raise UserError(_OLD)
    values = tuple((str(name), str(value)) for name, value in body["form"]["values"].items())
    return topics_command.try_again(Form(command=body["form"]["command"], values=values))


async def _source(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    verb, id = arguments[0], arguments[1]
    if verb == "add":
        return await sources_command.add_feed(tools, call, await feed_at(tools, call, id), replaces=True)
    if verb not in ("retry", "pause", "resume", "remove"):
        raise UserError(_OLD)
    async with tools.store.read() as tx:
        source = await source_at(tx, call, id)
    return await sources_command.change(tools, call, source, verb)


async def _digest(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    what = arguments[0]
    call = await call_about(tools, call, arguments[1])
    if what == "change":
        return await digest_command.change(call)
    require_right(call)
    if what == "hour":
        hour = read_clock(f"{arguments[2][:2]}:{arguments[2][2:]}")
        return await digest_command.set_hour(tools, call, hour, replaces=True)
    if what == "at":
        return await digest_command.set_hour(tools, call, subscribe.FIRST_DIGEST)
    if what == "pause":
        return await digest_command.off(tools, call)
    if what == "empty":
        return await digest_command.when_empty(tools, call, says=arguments[2] == "on")
    raise UserError(_OLD)


async def _show(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    if len(arguments) > 1:
        call = await call_about(tools, call, arguments[1])
    match arguments[0]:
        case "home":
            return await at_home(tools, call)
        case "subscriptions":
            return await subscriptions(tools, call)
        case "topics":
            return await topics_command.show_all(tools, call)
        case "sources":
            return await sources_command.show_all(tools, call)
        case "health":
            return await news.show_health(tools, call)
        case "digest":
            return await digest_command.show(tools, call)
        case _:
            return await news.show_help(tools, call)


VERBS: Final[Mapping[str, Verb]] = {
    "brief": Verb(handler=_brief),
    "compare": Verb(handler=_compare),
    "copy": Verb(handler=_copy, changes=True, owns=_TOPICS),
    "digest": Verb(handler=_digest),
    "find": Verb(handler=_find),
    "follow": Verb(handler=_follow),
    "form": Verb(handler=_form, changes=True, owns=_TOPICS),
    "irrelevant": Verb(handler=_irrelevant),
    "markdown": Verb(handler=_markdown),
    "mute": Verb(handler=_mute, changes=True),
    "pace": Verb(handler=_change_pace),
    "save": Verb(handler=_save, changes=True, owns=_TOPICS),
    "share": Verb(handler=_share),
    "show": Verb(handler=_show),
    "source": Verb(handler=_source, changes=True, owns=_SOURCES),
    "subscribe": Verb(handler=_subscribe),
    "test": Verb(handler=_test),
    "topic": Verb(handler=_change_topic, changes=True, owns=_TOPICS),
    "trend": Verb(handler=_trend),
    "unmention": Verb(handler=_unmention),
    "unmute": Verb(handler=_unmute, changes=True),
    "unsubscribe": Verb(handler=_unsubscribe),
    "why": Verb(handler=_why),
}
"""The verbs of `Button.action`."""
