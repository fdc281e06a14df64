"""Button clicks. A click may arrive twice, late, or from somebody without permission; none of these does any harm."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from handlers.answers.answer import Brief, Notice, Reply
from handlers.answers.errors import UserError
from handlers.answers.parts import Form
from handlers.answers.times import read_clock, read_period
from handlers.commands import digest, news, sources, sources_add, subscribe, topics, topics_change, trend, unsubscribe
from handlers.commands.alert_buttons import follow_story, mark_not_relevant, mute, unmute
from handlers.commands.brief import brief_about, markdown
from handlers.commands.button_targets import (
    OLD_BUTTON,
    call_for_channel,
    load_feed,
    load_shared_post,
    load_source,
    load_subject,
    load_subscription,
    load_topic,
    parse_id,
    with_channel,
)
from handlers.commands.call import Call, Tools, require_open, require_right
from handlers.commands.find import find
from handlers.commands.home import home_listing
from handlers.commands.review import claim, mark_reviewed, release, reopen
from handlers.commands.same_story import same_story
from handlers.commands.separate import headlines, separate
from handlers.commands.sources_catch_up import catch_up
from handlers.commands.subscriptions import recheck, subscriptions
from handlers.commands.topics_test import save, test_subject
from handlers.commands.why import why
from storage.records import Grouping, Pace

_TOPICS: Final = "this workspace's topics"
_SOURCES: Final = "this workspace's sources"

Handler = Callable[[Tools, Call, Sequence[str]], Awaitable[Reply]]
"""Gets the arguments of the action. An IndexError means that one is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """What the first word of a button's action does."""

    handler: Handler
    changes: bool = False
    """Whether it needs the right to manage the channel of the click. If the action names a channel, the handler checks
    the right to manage that one instead."""
    affects: str = ""
    """What it changes if that is the whole workspace; see `Command.affects`."""


async def click(tools: Tools, call: Call, action: str) -> Reply:
    """Do what a button's action "verb:argument:argument" says. Raises: UserError, QueryError."""
    name, *arguments = action.split(":")
    verb = VERBS.get(name)
    if verb is None or len(action) > 100:
        raise UserError(OLD_BUTTON)
    if verb.changes:
        require_right(call, verb.affects)
    try:
        return await verb.handler(tools, call, arguments)
    except IndexError as error:
        raise UserError(OLD_BUTTON) from error


async def _brief(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    period = read_period(arguments[1] if len(arguments) > 1 else None)
    return await brief_about(tools, call, await load_subject(tools, call, arguments[0]), period)


async def _find(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    subject = await load_subject(tools, call, arguments[0])
    query = subject.query if subject.topic is None else subject.topic.name
    return await find(tools, with_channel(call, call.channel, query=query, period=arguments[1]))


async def _why(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    return await why(tools, with_channel(call, call.channel, url=str(parse_id(arguments[0]))))


async def _subscribe(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    if len(arguments) > 2:
        call = await call_for_channel(tools, call, arguments[2])
    require_right(call)
    require_open(call.channel)
    pace = _pace(arguments[1] if len(arguments) > 1 else "instant")
    if arguments[0].startswith("q."):
        subject = await load_subject(tools, call, arguments[0])
        topic = subject.topic or await subscribe.create_query_topic(tools, call, subject)
    else:
        topic = await load_topic(tools, call, arguments[0])
    return await subscribe.subscribe_to(tools, call, topic, pace, chosen=False)


def _pace(text: str) -> Pace:
    if text not in set(Pace):
        raise UserError(OLD_BUTTON)
    return Pace(text)


async def _unsubscribe(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    async with tools.store.read() as tx:
        subscription, channel, topic = await load_subscription(tx, call, arguments[0])
    target = with_channel(call, channel)
    require_right(target)
    return await unsubscribe.end_subscription(tools, target, subscription, topic, replaces=True)


async def _change_pace(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    async with tools.store.read() as tx:
        _, channel, topic = await load_subscription(tx, call, arguments[0])
    target = with_channel(call, channel)
    require_right(target)
    changed = await subscribe.subscribe_to(tools, target, topic, _pace(arguments[1]), chosen=True, replaces=True)
    return await subscriptions(tools, target, replaces=True) if arguments[2:] == ["list"] else changed


async def _change_grouping(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    """Ask how to group, or change it as the second argument says."""
    async with tools.store.begin() as tx:
        subscription, channel, topic = await load_subscription(tx, call, arguments[0])
        target = with_channel(call, channel)
        require_right(target)
        if len(arguments) > 1:
            if arguments[1] not in set(Grouping):
                raise UserError(OLD_BUTTON)
            await tx.subscriptions.update(subscription.id, grouping=Grouping(arguments[1]))
    if len(arguments) > 1:
        return await subscriptions(tools, target, replaces=True)
    return subscribe.ask_grouping(subscription, topic)


async def _unmention(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    async with tools.store.begin() as tx:
        subscription, channel, _ = await load_subscription(tx, call, arguments[0])
        target = with_channel(call, channel)
        require_right(target)
        await tx.subscriptions.update(subscription.id, mention=None, mention_name=None)
    return await subscriptions(tools, target, replaces=True)


async def _share(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    return Reply(answer=await load_shared_post(tools, call, arguments[0]), public=True)


async def _markdown(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    shared = await load_shared_post(tools, call, arguments[0])
    if not isinstance(shared, Brief):
        raise UserError(OLD_BUTTON)
    text = markdown(shared)
    return Reply(answer=Notice(text="The brief as Markdown:", code=text, file=("brief.md", text)))


async def _compare(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    period = read_period(arguments[1] if len(arguments) > 1 else None, default="30d")
    return await trend.compare(tools, call, await load_subject(tools, call, arguments[0]), arguments[0], period)


async def _trend(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    subjects = [await load_subject(tools, call, ref) for ref in arguments[:2]]
    return await trend.trend_about(tools, call, subjects, read_period(arguments[2], default="30d"))


async def _test(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    return await test_subject(tools, call, await load_subject(tools, call, arguments[0]))


async def _save(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    subject = await load_subject(tools, call, arguments[0] if arguments[0].startswith("q.") else f"q.{arguments[0]}")
    return await save(tools, call, subject)


async def _copy(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    return await topics_change.copy(tools, call, await load_topic(tools, call, arguments[0]))


async def _change_topic(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    if arguments[0] not in ("edit", "remove"):
        raise UserError(OLD_BUTTON)
    topic = await load_topic(tools, call, arguments[1])
    if arguments[0] == "edit":
        return topics_change.start_edit(topic)
    return await topics_change.remove_topic(tools, call, topic, sure=arguments[2:] == ["sure"], replaces=True)


async def _form(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    async with tools.store.read() as tx:
        body = await tx.drafts.get(arguments[0], call.workspace.id)
    if body is None or "form" not in body:
        raise UserError(OLD_BUTTON)
    values = tuple((str(name), str(value)) for name, value in body["form"]["values"].items())
    return topics_change.try_again(Form(command=body["form"]["command"], values=values))


async def _source(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    verb, id = arguments[0], arguments[1]
    if verb == "add":
        return await sources_add.add_feed(tools, call, await load_feed(tools, call, id), replaces=True)
    if verb not in ("retry", "pause", "resume", "remove"):
        raise UserError(OLD_BUTTON)
    async with tools.store.read() as tx:
        source = await load_source(tx, call, id)
    return await sources.change(tools, call, source, verb)


async def _catch_up(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    async with tools.store.read() as tx:
        source = await load_source(tx, call, arguments[0])
    return await catch_up(tools, call, source)


async def _digest(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    what = arguments[0]
    call = await call_for_channel(tools, call, arguments[1])
    if what == "change":
        return await digest.ask_time(call)
    require_right(call)
    if what == "hour":
        hour = read_clock(f"{arguments[2][:2]}:{arguments[2][2:]}")
        return await digest.set_time(tools, call, hour, replaces=True)
    if what == "at":
        return await digest.set_time(tools, call, subscribe.DEFAULT_DIGEST_TIME)
    if what == "pause":
        return await digest.turn_off(tools, call)
    if what == "empty":
        return await digest.set_when_empty(tools, call, posts=arguments[2] == "on")
    raise UserError(OLD_BUTTON)


async def _recheck(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    return await recheck(tools, await call_for_channel(tools, call, arguments[0]))


async def _show(tools: Tools, call: Call, arguments: Sequence[str]) -> Reply:
    if len(arguments) > 1:
        call = await call_for_channel(tools, call, arguments[1])
    match arguments[0]:
        case "home":
            return await home_listing(tools, call)
        case "subscriptions":
            return await subscriptions(tools, call)
        case "topics":
            return await topics.list_topics(tools, call)
        case "sources":
            return await sources.list_sources(tools, call)
        case "health":
            return await news.show_health(tools, call)
        case "digest":
            return await digest.show(tools, call)
        case _:
            return await news.show_help(tools, call)


VERBS: Final[Mapping[str, Verb]] = {
    "brief": Verb(handler=_brief),
    "catchup": Verb(handler=_catch_up),
    "claim": Verb(handler=claim),
    "compare": Verb(handler=_compare),
    "copy": Verb(handler=_copy, changes=True, affects=_TOPICS),
    "digest": Verb(handler=_digest),
    "find": Verb(handler=_find),
    "follow": Verb(handler=follow_story),
    "form": Verb(handler=_form, changes=True, affects=_TOPICS),
    "grouping": Verb(handler=_change_grouping),
    "headlines": Verb(handler=headlines),
    "irrelevant": Verb(handler=mark_not_relevant),
    "markdown": Verb(handler=_markdown),
    "mute": Verb(handler=mute, changes=True),
    "pace": Verb(handler=_change_pace),
    "recheck": Verb(handler=_recheck),
    "release": Verb(handler=release),
    "reopen": Verb(handler=reopen),
    "reviewed": Verb(handler=mark_reviewed),
    "save": Verb(handler=_save, changes=True, affects=_TOPICS),
    "same": Verb(handler=same_story, changes=True),
    "separate": Verb(handler=separate, changes=True),
    "share": Verb(handler=_share),
    "show": Verb(handler=_show),
    "source": Verb(handler=_source, changes=True, affects=_SOURCES),
    "subscribe": Verb(handler=_subscribe),
    "test": Verb(handler=_test),
    "topic": Verb(handler=_change_topic, changes=True, affects=_TOPICS),
    "trend": Verb(handler=_trend),
    "unmention": Verb(handler=_unmention),
    "unmute": Verb(handler=unmute, changes=True),
    "unsubscribe": Verb(handler=_unsubscribe),
    "why": Verb(handler=_why),
}
"""What the first word of `Button.action` may be."""
FORM_VERBS: Final = frozenset({"form", "topic"})
"""The verbs whose answer may be a form. They are quick, because platforms open a form only at once."""
