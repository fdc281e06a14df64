"""/topics list and show: the topics of the catalogue and of the workspace."""

from datetime import timedelta
from typing import Final

from handlers.answers.answer import Listing, Reply
from handlers.answers.parts import Button, Row
from handlers.answers.times import counted, time_label
from handlers.commands.call import Call, Tools
from handlers.commands.labels import forecast_label, own_label
from handlers.commands.topic_rules import subscribed_channels
from handlers.queries.backfill import BACKFILL_PERIOD
from handlers.queries.forecasts import forecast, grouping_in
from handlers.queries.subjects import find_topic
from storage.records import SHARED, Topic
from storage.store import Tx

_SHOWN: Final = 40
_WEEK: Final = timedelta(days=7)


async def list_topics(tools: Tools, call: Call) -> Reply:
    """List all topics that the workspace can use."""
    async with tools.store.read() as tx:
        topics = await tx.topics.visible(call.workspace.id)
        counts = await tx.matches.counts(call.workspace.id, since=call.now - _WEEK)
        subscriptions = await tx.subscriptions.of_channel(call.channel.id)
    subscribed = {subscription.topic_id for subscription in subscriptions}
    rows = []
    for topic in topics[:_SHOWN]:
        parts = [topic.description] if topic.description else []
        parts.append(f"{counted(counts.get(topic.id, 0), 'article')} in 7 days")
        if topic.workspace_id != SHARED:
            parts.append("yours")
        button = (
            Button(label="Brief", action=f"brief:{topic.id}:7d")
            if topic.id in subscribed
            else Button(label="Subscribe", action=f"subscribe:{topic.id}:instant")
        )
        rows.append(Row(title=topic.title, detail=" · ".join(parts), buttons=(button,)))
    own = sum(topic.workspace_id != SHARED for topic in topics)
    return Reply(
        answer=Listing(
            title="Topics",
            summary=f"{counted(len(topics), 'topic')}{own_label(len(topics), own)}. "
            "To add one, type /topics add chips = semiconductor OR chipmaker.",
            rows=tuple(rows),
            more=max(len(topics) - _SHOWN, 0),
        )
    )


async def show(tools: Tools, call: Call) -> Reply:
    """Show a topic's query and figures. Raises: UserError."""
    async with tools.store.read() as tx:
        topic = await find_topic(tx, call.workspace.id, call.option("name"))
        rows = await _figure_rows(tx, call, topic)
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


async def _figure_rows(tx: Tx, call: Call, topic: Topic) -> tuple[Row, ...]:
    stories = await tx.matches.tallies(topic.id, call.workspace.id, since=call.now - BACKFILL_PERIOD)
    grouping = await grouping_in(tx, call.channel.id, topic.id)
    expected = (await forecast(tx, call.workspace.id, {topic.id: grouping}, now=call.now))[topic.id]
    story_ids = [story.story_id for story in stories]
    not_relevant = await tx.feedback.count(story_ids, workspace_id=call.workspace.id)
    channels = await subscribed_channels(tx, call, topic)
    just_after = call.now + timedelta(microseconds=1)
    (lately,) = await tx.matches.span_counts(
        [topic.id], call.workspace.id, [call.now - _WEEK, just_after], until=just_after
    )
    figures = [
        f"{counted(sum(story.articles for story in stories), 'article')} in 30 days",
        f"{lately} of them in the last 7 days",
        counted(len(stories), "story", "stories"),
    ]
    if expected is not None:
        figures.append(forecast_label(expected, grouping))
    if not_relevant:
        figures.append(f'marked "Not relevant" {counted(not_relevant, "time")}')
    rows = [Row(title="Query", detail=topic.query)]
    if topic.aliases:
        rows.append(Row(title="Aliases", detail=" · ".join(topic.aliases)))
    rows.append(Row(title="Figures", detail=" · ".join(figures)))
    if stories:
        last = max(story.last_at for story in stories)
        rows.append(Row(title="Last mention", detail=time_label(last, call.zone, now=call.now)))
    stopped, stopped_at = await tx.stops.tally(topic.id, call.workspace.id, since=call.now - BACKFILL_PERIOD)
    if stopped_at is not None:
        count = f"at {counted(stopped, 'article')} in 30 days, last {time_label(stopped_at, call.zone, now=call.now)}"
        rows.append(Row(title="Stopped", detail=f"{count}: the query is too complex for them"))
    if await tx.backfills.get(topic.id) is not None:
        rows.append(Row(title="Older articles", detail="still being searched"))
    rows.append(Row(title="Subscribed", detail=", ".join(channels) or "no channel"))
    rows.append(Row(title="From", detail="the catalogue" if topic.workspace_id == SHARED else "this workspace"))
    return tuple(rows)
