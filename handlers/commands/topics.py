"""/topics: the catalogue's topics and the workspace's own: list, show, add, edit, remove, copy."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Final

from handlers.answers.answer import Listing, Notice, Reply
from handlers.answers.errors import UserError
from handlers.answers.parts import Button, Form, Row, Tone
from handlers.answers.times import counted, time_label
from handlers.commands.call import Call, Tools
from handlers.commands.subscribe import expectation, forecast
from handlers.commands.topic_rules import channels_that_lose, check_room, topic_name
from handlers.queries.backfill import BACKFILL_PERIOD, backfill, enqueue_backfill
from handlers.queries.backtest import SHARE_SAMPLE, never_seen, remarks, shares
from handlers.queries.subjects import find_topic, read_query, resolver
from handlers.topics.query.names import that_name, topic_tree
from handlers.topics.query.query import in_words
from storage.records import SHARED, Topic
from storage.store import Tx
from storage.topics import NewTopic

_SHOWN: Final = 40
_WEEK: Final = timedelta(days=7)
EDITED_MOST: Final = 1_900
"""Characters of a query that `/topics edit` can take: of the 2,000 of a command its first words need some."""


async def show_all(tools: Tools, call: Call) -> Reply:
    async with tools.store.read() as tx:
        topics = await tx.topics.visible(call.workspace.id)
        counts = await tx.matches.counts(call.workspace.id, since=call.now - _WEEK)
        held = {one.topic_id for one in await tx.subscriptions.of_channel(call.channel.id)}
    rows = []
    for topic in topics[:_SHOWN]:
        parts = [topic.description] if topic.description else []
        parts.append(f"{counted(counts.get(topic.id, 0), 'article')} in 7 days")
        if topic.workspace_id != SHARED:
            parts.append("yours")
        button = (
            Button(label="Brief", action=f"brief:{topic.id}:7d")
            if topic.id in held
            else Button(label="Subscribe", action=f"subscribe:{topic.id}:instant")
        )
        rows.append(Row(title=topic.title, detail=" · ".join(parts), buttons=(button,)))
    own = sum(topic.workspace_id != SHARED for topic in topics)
    return Reply(
        answer=Listing(
            title="Topics",
            summary=f"{counted(len(topics), 'topic')}, {own} of your own. "
            "Make one: /topics add chips = semiconductor OR chipmaker",
            rows=tuple(rows),
            more=max(len(topics) - _SHOWN, 0),
        )
    )


async def show(tools: Tools, call: Call) -> Reply:
    """Raises: UserError."""
    async with tools.store.read() as tx:
        topic = await find_topic(tx, call.workspace.id, call.option("name"))
        rows = await _figures(tx, call, topic)
    buttons = [
        Button(label="Brief", action=f"brief:{topic.id}:7d", primary=True),
        Button(label="Subscribe", action=f"subscribe:{topic.id}:instant"),
        Button(label="Test", action=f"test:{topic.id}"),
    ]
    if topic.workspace_id == SHARED:
        buttons.append(Button(label="Copy", action=f"copy:{topic.id}"))
    else:
        buttons.append(Button(label="Remove", action=f"topic:remove:{topic.id}"))
    return Reply(answer=Listing(title=topic.title, summary=topic.description, rows=rows, buttons=tuple(buttons)))


async def _figures(tx: Tx, call: Call, topic: Topic) -> tuple[Row, ...]:
    stories = await tx.matches.tallies(topic.id, call.workspace.id, since=call.now - BACKFILL_PERIOD)
    expected = (await forecast(tx, call.workspace.id, [topic.id], now=call.now))[topic.id]
    unwanted = await tx.feedback.count([story.story_id for story in stories], workspace_id=call.workspace.id)
    channels = await channels_that_lose(tx, call, topic)
    just_after = call.now + timedelta(microseconds=1)
    (lately,) = await tx.matches.span_counts(
        [topic.id], call.workspace.id, [call.now - _WEEK, just_after], until=just_after
    )
    figures = [
        f"{counted(sum(story.articles for story in stories), 'article')} in 30 days",
        f"{lately} of them in the last 7",
        counted(len(stories), "story", "stories"),
    ]
    if expected is not None:
        figures.append(expectation(expected))
    if unwanted:
        figures.append(f'"Not relevant" pressed {counted(unwanted, "time")}')
    rows = [Row(title="Query", detail=topic.query)]
    if topic.aliases:
        rows.append(Row(title="Also", detail=" · ".join(topic.aliases)))
    rows.append(Row(title="Figures", detail=" · ".join(figures)))
    if stories:
        last = max(story.last_at for story in stories)
        rows.append(Row(title="Last mention", detail=time_label(last, call.zone, now=call.now)))
    if await tx.backfills.get(topic.id) is not None:
        rows.append(Row(title="Past", detail="older articles are still being looked through"))
    rows.append(Row(title="Subscribed", detail=", ".join(channels) or "no channel here"))
    rows.append(Row(title="From", detail="the catalogue" if topic.workspace_id == SHARED else "this workspace"))
    return tuple(rows)


async def add(tools: Tools, call: Call) -> Reply:
    """Raises: UserError, QueryError."""
    if not (call.option("name") and call.option("query")):
        begun = tuple((name, call.option(name)) for name in ("name", "query") if call.option(name))
        return Reply(
            answer=Notice(
                text="A topic needs a name and a query:",
                tone=Tone.REFUSED,
                code="/topics add NAME = QUERY",
                form=Form(command="topics add", values=begun),
            )
        )
    name, title, query = topic_name(call.option("name")), call.option("name"), in_words(call.option("query"))
    home = call.workspace.id
    async with tools.store.begin() as tx:
        topics = await tx.topics.visible(home)
        read_query(query, topics)
        await check_room(tx, home)
        known = await tx.topics.find(home, name)
        topic = None
        if known is None or known.name != name:
            topic = await tx.topics.add(NewTopic(workspace_id=home, name=name, title=title, query=query), call.now)
            if topic is not None:
                await enqueue_backfill(tx, topic.id, now=call.now)
    if topic is None:
        raise _taken(name, known)
    await backfill(tools.store, topic.id)
    code = query if query != call.option("query") else None  # what was made of a filter in JSON
    return await _said(tools, call, topic, f"{topic.title} is a topic now.", code=code)


def _taken(name: str, known: Topic | None) -> UserError:
    if known is not None and known.workspace_id == SHARED:
        return UserError(
            f'The catalogue has a topic "{name}". Choose another name, or copy it and change the copy.',
            code=f"{known.name} = {known.query}",
            buttons=(Button(label="Copy", action=f"copy:{known.id}"),),
        )
    return UserError(
        f'There is a topic "{name}" already. Change it with /topics edit, or choose another name.',
        code=f"/topics edit {name} = {known.query if known else 'QUERY'}",
    )


async def edit(tools: Tools, call: Call) -> Reply:
    """Raises: UserError, QueryError."""
    if not call.option("query"):
        async with tools.store.read() as tx:
            return start_edit(await find_topic(tx, call.workspace.id, call.option("name")))
    query = in_words(call.option("query"))
    async with tools.store.begin() as tx:
        topic = await find_topic(tx, call.workspace.id, call.option("name"))
        _require_own(topic)
        changed = replace(topic, query=query)
        topics = [changed if one.id == topic.id else one for one in await tx.topics.visible(call.workspace.id)]
        read_query(changed.query, topics)
        before = topic.query
        topic = await tx.topics.update(topic.id, query=query)
        for one in (topic, *that_name(topic, topics)):
            await enqueue_backfill(tx, one.id, now=call.now)
    await backfill(tools.store, topic.id)
    return await _said(tools, call, topic, f"{topic.title} has a new query.", code=f"was  {before}\nnow  {topic.query}")


def start_edit(topic: Topic) -> Reply:
    """The query as it is, to be changed. Raises: UserError."""
    _require_own(topic)
    return Reply(
        answer=Notice(
            text=f"Change the query of {topic.title}:",
            code=f"/topics edit {topic.name} = {topic.query}",
            form=Form(command="topics edit", values=(("name", topic.name), ("query", topic.query))),
        )
    )


def try_again(form: Form) -> Reply:
    """What was said before, to be changed."""
    values = dict(form.values)
    return Reply(
        answer=Notice(
            text="Change it and say it again:",
            code=f"/{form.command} {values.get('name', 'NAME')} = {values.get('query', 'QUERY')}",
            form=form,
        )
    )


def _require_own(topic: Topic) -> None:
    """Raises: UserError for a topic of the catalogue, which every workspace shares."""
    if topic.workspace_id == SHARED:
        raise UserError(
            f"{topic.title} is the catalogue's, shared by everyone, so it can't be changed from here. "
            "Copy it: the copy is yours to change.",
            code=f"/topics add {topic.name} ours = {topic.query}",
            buttons=(Button(label="Copy", action=f"copy:{topic.id}"),),
        )


async def _said(tools: Tools, call: Call, topic: Topic, text: str, *, code: str | None = None) -> Reply:
    async with tools.store.read() as tx:
        since = call.now - BACKFILL_PERIOD
        newest = await tx.matches.mentions(topic.id, call.workspace.id, since=since, newest=SHARE_SAMPLE)
        just_after = call.now + timedelta(microseconds=1)
        (many,) = await tx.matches.span_counts([topic.id], call.workspace.id, [since, just_after], until=just_after)
        expected = (await forecast(tx, call.workspace.id, [topic.id], now=call.now))[topic.id]
        owed = await tx.backfills.get(topic.id)
        tree = topic_tree(topic, resolve=resolver(await tx.topics.visible(call.workspace.id)))
        never = await never_seen(tx, call.workspace.id, tree)
        articles = await tx.articles.by_ids(one.article_id for one in reversed(newest))
    brought = await asyncio.to_thread(shares, tree, tuple(articles.values()))
    found = f" It matches {counted(many, 'stored article')} of the last 30 days"
    found += f", {expectation(expected)}." if many and expected is not None else "."
    found += remarks(brought, never)
    if owed is not None:
        found += " Older ones are still being looked through."
    return Reply(
        answer=Notice(
            text=text + found,
            tone=Tone.DONE,
            code=code,
            buttons=(
                Button(label="Subscribe", action=f"subscribe:{topic.id}:instant", primary=True),
                Button(label="Brief", action=f"brief:{topic.id}:30d"),
                Button(label="Test", action=f"test:{topic.id}"),
            ),
        )
    )


async def remove(tools: Tools, call: Call) -> Reply:
    """Raises: UserError."""
    async with tools.store.read() as tx:
        topic = await find_topic(tx, call.workspace.id, call.option("name"))
    return await remove_topic(tools, call, topic, sure=False)


async def remove_topic(tools: Tools, call: Call, topic: Topic, *, sure: bool, replaces: bool = False) -> Reply:
    """Asks first where channels would lose it. Raises: UserError."""
    _require_own(topic)
    async with tools.store.begin() as tx:
        channels = await channels_that_lose(tx, call, topic)
        namers = that_name(topic, await tx.topics.visible(call.workspace.id))
        if (channels or namers) and not sure:
            lost = f"{', '.join(channels)} would no longer get {topic.title}. " if channels else ""
            if namers:
                what = "names it and would match" if len(namers) == 1 else "name it and would match"
                lost += f"{', '.join(one.title for one in namers)} {what} nothing. "
            return Reply(
                answer=Notice(
                    text=f"{lost}Its stored matches go too.",
                    buttons=(Button(label="Remove it", action=f"topic:remove:{topic.id}:sure", primary=True),),
                ),
                replaces=replaces,
            )
        await tx.topics.remove(topic.id)
    text = f"{topic.title} is removed."
    if channels:
        text += f" {', '.join(channels)} no longer {'gets' if len(channels) == 1 else 'get'} it."
    return Reply(
        answer=Notice(text=text, tone=Tone.DONE, code=f"/topics add {topic.name} = {topic.query}"), replaces=replaces
    )


async def copy(tools: Tools, call: Call, topic: Topic) -> Reply:
    """A topic of the workspace's own that says the same. Raises: UserError.

    A query too long for a command, which could not be edited, is not repeated but named: the copy follows it.
    """
    is_long = len(topic.query) > EDITED_MOST
    async with tools.store.begin() as tx:
        await check_room(tx, call.workspace.id)
        made = None
        for number in range(1, 20):
            suffix = "ours" if number == 1 else f"ours {number}"
            made = await tx.topics.add(
                NewTopic(
                    workspace_id=call.workspace.id,
                    name=topic_name(f"{topic.name[:70]} {suffix}"),
                    title=f"{topic.title} ({suffix})",
                    query=f"@{topic.name.replace(' ', '-')}" if is_long else topic.query,
                    aliases=() if is_long else topic.aliases,
                    description=topic.description,
                    color=topic.color,
                ),
                call.now,
            )
            if made is not None:
                await enqueue_backfill(tx, made.id, now=call.now)
                break
    if made is None:
        raise UserError(f"There are many copies of {topic.title} already. Edit one of them; /topics list shows them.")
    await backfill(tools.store, made.id)
    more = " NOT word" if is_long else ""
    code = f"/topics edit {made.name} = {made.query}{more}"
    return await _said(tools, call, made, f"{made.title} is yours.", code=code)
