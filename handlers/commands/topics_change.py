"""/topics add, edit and remove, and the button that copies a topic of the catalogue."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from handlers.answers.answer import Notice, Reply
from handlers.answers.errors import UserError
from handlers.answers.parts import Button, Form, Tone
from handlers.answers.times import counted
from handlers.commands.call import Call, Tools
from handlers.commands.labels import forecast_label
from handlers.commands.topic_rules import require_free_topic, subscribed_channels, topic_name
from handlers.queries.backfill import BACKFILL_PERIOD, backfill, enqueue_backfill
from handlers.queries.backtest import SHARE_SAMPLE, never_seen, remarks, shares
from handlers.queries.forecasts import forecast, grouping_in
from handlers.queries.subjects import find_topic, read_query, resolver
from handlers.topics.index.budget import SIMPLIFY
from handlers.topics.query.names import dependent_topics, topic_tree
from handlers.topics.query.query import convert_filter
from storage.records import SHARED, Topic
from storage.topics import NewTopic

MAX_EDITABLE: Final = 1_900
"""Characters of a query that fits in `/topics edit NAME = QUERY`, which takes up to 2,000 in all."""


async def add(tools: Tools, call: Call) -> Reply:
    """Add a topic, or show a form if its name or query is missing. Raises: UserError, QueryError."""
    if not (call.option("name") and call.option("query")):
        values = tuple((name, call.option(name)) for name in ("name", "query") if call.option(name))
        return Reply(
            answer=Notice(
                text="A topic needs a name and a query:",
                tone=Tone.REFUSED,
                code="/topics add NAME = QUERY",
                form=Form(command="topics add", values=values),
            )
        )
    name, title, query = topic_name(call.option("name")), call.option("name"), convert_filter(call.option("query"))
    workspace_id = call.workspace.id
    async with tools.store.begin() as tx:
        topics = await tx.topics.visible(workspace_id)
        read_query(query, topics)
        await require_free_topic(tx, workspace_id)
        existing = await tx.topics.find(workspace_id, name)
        topic = None
        if existing is None or existing.name != name:
            topic = await tx.topics.add(
                NewTopic(workspace_id=workspace_id, name=name, title=title, query=query), call.now
            )
            if topic is not None:
                await enqueue_backfill(tx, topic.id, now=call.now)
    if topic is None:
        raise _name_taken(name, existing)
    await backfill(tools.store, topic.id)
    code = query if query != call.option("query") else None  # the query that a filter in JSON was converted to
    return await _changed(tools, call, topic, f"{topic.title} is now a topic.", code=code)


def _name_taken(name: str, existing: Topic | None) -> UserError:
    if existing is not None and existing.workspace_id == SHARED:
        return UserError(
            f'The catalogue already has a topic "{name}". Choose another name, or copy that topic and change the copy.',
            code=f"{existing.name} = {existing.query}",
            buttons=(Button(label="Copy", action=f"copy:{existing.id}"),),
        )
    return UserError(
        f'There is already a topic "{name}". Change it with /topics edit, or choose another name.',
        code=f"/topics edit {name} = {existing.query if existing else 'QUERY'}",
    )


async def edit(tools: Tools, call: Call) -> Reply:
    """Change a topic's query, or show a form with the present one. Raises: UserError, QueryError."""
    if not call.option("query"):
        async with tools.store.read() as tx:
            return start_edit(await find_topic(tx, call.workspace.id, call.option("name")))
    query = convert_filter(call.option("query"))
    async with tools.store.begin() as tx:
        topic = await find_topic(tx, call.workspace.id, call.option("name"))
        _require_own(topic)
        edited = replace(topic, query=query)
        topics = [edited if other.id == topic.id else other for other in await tx.topics.visible(call.workspace.id)]
        read_query(edited.query, topics)
        before = topic.query
        topic = await tx.topics.update(topic.id, query=query)
        await tx.stops.remove_topic(topic.id)
        for affected in (topic, *dependent_topics(topic, topics)):
            await enqueue_backfill(tx, affected.id, now=call.now)
    await backfill(tools.store, topic.id)
    return await _changed(
        tools, call, topic, f"{topic.title} has a new query.", code=f"was  {before}\nnow  {topic.query}"
    )


def start_edit(topic: Topic) -> Reply:
    """Show a form with the topic's present query. Raises: UserError."""
    _require_own(topic)
    return Reply(
        answer=Notice(
            text=f"Change the query of {topic.title}:",
            code=f"/topics edit {topic.name} = {topic.query}",
            form=Form(command="topics edit", values=(("name", topic.name), ("query", topic.query))),
        )
    )


def try_again(form: Form) -> Reply:
    """Show a refused command again in its form, as it was typed."""
    values = dict(form.values)
    typed = " ".join(values.values())
    if form.command.startswith("topics "):
        typed = f"{values.get('name', 'NAME')} = {values.get('query', 'QUERY')}"
    return Reply(
        answer=Notice(
            text="Correct the command and run it again:",
            code=f"/{form.command} {typed}".strip(),
            form=form,
        )
    )


def _require_own(topic: Topic) -> None:
    """Raise UserError for a topic of the catalogue, which all workspaces share."""
    if topic.workspace_id == SHARED:
        raise UserError(
            f"{topic.title} belongs to the catalogue, which all workspaces share, so it can't be changed from here. "
            "Copy it, then change the copy.",
            code=f"/topics add {topic.name} ours = {topic.query}",
            buttons=(Button(label="Copy", action=f"copy:{topic.id}"),),
        )


async def _changed(tools: Tools, call: Call, topic: Topic, text: str, *, code: str | None = None) -> Reply:
    """Return `text` with what the topic's query matches, for a topic that was added, edited or copied."""
    async with tools.store.read() as tx:
        since = call.now - BACKFILL_PERIOD
        newest = await tx.matches.mentions(topic.id, call.workspace.id, since=since, newest=SHARE_SAMPLE)
        just_after = call.now + timedelta(microseconds=1)
        (many,) = await tx.matches.span_counts([topic.id], call.workspace.id, [since, just_after], until=just_after)
        grouping = await grouping_in(tx, call.channel.id, topic.id)
        expected = (await forecast(tx, call.workspace.id, {topic.id: grouping}, now=call.now))[topic.id]
        pending = await tx.backfills.get(topic.id)
        stopped, _ = await tx.stops.tally(topic.id, call.workspace.id, since=since)
        tree = topic_tree(topic, resolve=resolver(await tx.topics.visible(call.workspace.id)))
        never = await never_seen(tx, call.workspace.id, tree)
        articles = await tx.articles.by_ids(mention.article_id for mention in reversed(newest))
    leaf_shares = await asyncio.to_thread(shares, tree, tuple(articles.values()))
    count = counted(many, "stored article") if many else "no stored article"
    found = f" It matches {count} from the last 30 days"
    found += f", {forecast_label(expected, grouping)}." if many and expected is not None else "."
    if stopped:
        found += f" It was stopped at {counted(stopped, 'article')} because it is too complex. {SIMPLIFY}"
    found += remarks(tree, leaf_shares, never)
    if pending is not None:
        found += " Older articles are still being searched."
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
    """Remove a topic, after a question if something depends on it. Raises: UserError."""
    async with tools.store.read() as tx:
        topic = await find_topic(tx, call.workspace.id, call.option("name"))
    return await remove_topic(tools, call, topic, sure=False)


async def remove_topic(tools: Tools, call: Call, topic: Topic, *, sure: bool, replaces: bool = False) -> Reply:
    """Remove the topic. Unless `sure`, ask first if channels or other topics depend on it. Raises: UserError."""
    _require_own(topic)
    async with tools.store.begin() as tx:
        channels = await subscribed_channels(tx, call, topic)
        dependent = dependent_topics(topic, await tx.topics.visible(call.workspace.id))
        if (channels or dependent) and not sure:
            return Reply(answer=_confirm_removal(topic, channels, dependent), replaces=replaces)
        await tx.topics.remove(topic.id)
    text = f"{topic.title} has been removed."
    if channels:
        text += f" {', '.join(channels)} no longer {'gets' if len(channels) == 1 else 'get'} it."
    return Reply(
        answer=Notice(text=text, tone=Tone.DONE, code=f"/topics add {topic.name} = {topic.query}"), replaces=replaces
    )


def _confirm_removal(topic: Topic, channels: Sequence[str], dependent: Sequence[Topic]) -> Notice:
    text = f"{', '.join(channels)} would no longer get {topic.title}. " if channels else ""
    if dependent:
        verb = "uses" if len(dependent) == 1 else "use"
        text += f"{', '.join(other.title for other in dependent)} {verb} {topic.title} and would match nothing. "
    return Notice(
        text=f"{text}The stored matches of {topic.title} would be deleted too.",
        buttons=(Button(label="Remove it", action=f"topic:remove:{topic.id}:sure", primary=True),),
    )


async def copy(tools: Tools, call: Call, topic: Topic) -> Reply:
    """Add a topic of the workspace with the same query. Raises: UserError.

    A query that is too long to be edited in a command is not copied. The new topic refers to the old one by name.
    """
    is_long = len(topic.query) > MAX_EDITABLE
    async with tools.store.begin() as tx:
        await require_free_topic(tx, call.workspace.id)
        created = None
        for number in range(1, 20):
            suffix = "ours" if number == 1 else f"ours {number}"
            created = await tx.topics.add(
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
            if created is not None:
                await enqueue_backfill(tx, created.id, now=call.now)
                break
    if created is None:
        raise UserError(f"There are already many copies of {topic.title}. Edit one of them; /topics list shows them.")
    await backfill(tools.store, created.id)
    narrowed = " NOT word" if is_long else ""
    code = f"/topics edit {created.name} = {created.query}{narrowed}"
    return await _changed(tools, call, created, f"{created.title} is now a topic of this workspace.", code=code)
