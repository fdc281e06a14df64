"""/brief: the brief for the person who asks, its buttons, and the answer when there is nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from handlers.answers.answer import Brief, Notice, Reply
from handlers.answers.parts import Button, Tone
from handlers.answers.serialize import serialize
from handlers.answers.times import Period, ago, counted, read_period
from handlers.commands.call import CachedBrief, Call, Tools, data_version
from handlers.queries.subjects import Subject, find_subject, similar_topics, topic_subject
from handlers.reports.brief import compose_brief
from storage.records import SourceState, Topic
from storage.store import Tx

_RELATED: Final = timedelta(days=90)
"""How far back articles count that match two topics, which makes the topics related."""
_Version = tuple[str, ...] | None


async def brief(tools: Tools, call: Call) -> Reply:
    """Return the brief about a topic or a query. Raises: UserError, QueryError."""
    period = read_period(call.option("period"))
    async with tools.store.read() as tx:
        subject = await find_subject(tx, call.workspace.id, call.option("topic"))
        version, last = await _version_and_last_read(tx, tools, call, subject)
    return await _brief(tools, call, subject, period, version, last)


async def brief_about(tools: Tools, call: Call, subject: Subject, period: Period) -> Reply:
    """Return the brief about a subject that is already resolved."""
    async with tools.store.read() as tx:
        version, last = await _version_and_last_read(tx, tools, call, subject)
    return await _brief(tools, call, subject, period, version, last)


async def _version_and_last_read(
    tx: Tx, tools: Tools, call: Call, subject: Subject
) -> tuple[_Version, datetime | None]:
    """Note that the person reads the brief now. Return the data version, and when they last read it."""
    last = await tools.deferred.note_brief_read(tx, call.workspace.id, call.person.external_id, subject.key, call.now)
    return await data_version(tx, call, subject), last


async def _brief(
    tools: Tools, call: Call, subject: Subject, period: Period, version: _Version, last: datetime | None
) -> Reply:
    composed, key, ref = await _composed(tools, call, subject, period, version)
    if not composed.brief.articles:
        return Reply(answer=await _nothing_found(tools, call, subject, period))
    return Reply(answer=replace(composed.for_reader(last), buttons=_buttons(key, ref, period)))


async def _composed(tools: Tools, call: Call, subject: Subject, period: Period, version: _Version) -> CachedBrief:
    """Return the brief from the cache, or compose it and make a draft of it for Share."""

    async def compose() -> CachedBrief:
        async with tools.store.read() as tx:
            composed = await compose_brief(tx, call.workspace, subject, period=period, now=call.now, zone=call.zone)
        if not composed.brief.articles:
            return composed, "", ""
        # The draft has no "new since your last brief": that part is for the person alone.
        key = tools.deferred.add_draft(call.workspace.id, {"share": serialize(composed.brief)}, call.now)
        return composed, key, subject_ref(tools, call, subject)

    # The title and the query are in the key because a topic can be edited while its brief is being composed.
    cache_key = (
        *call.cache_key(period.length),
        subject.topic and subject.topic.id,
        subject.title,
        subject.query,
        period.code,
        version,
    )
    return await tools.brief_cache.get(cache_key, compute=compose, store=version is not None)


def subject_ref(tools: Tools, call: Call, subject: Subject) -> str:
    """Return the reference to a subject in a button: a topic's id, or "q." and the key of a draft with the query."""
    if subject.topic is not None:
        return str(subject.topic.id)
    return "q." + tools.deferred.add_draft(call.workspace.id, {"query": subject.query}, call.now)


async def subject_from_ref(tx: Tx, call: Call, ref: str) -> Subject | None:
    """Return the subject that `subject_ref` refers to; None if it no longer exists or is another workspace's."""
    if ref.startswith("q."):
        draft = await tx.drafts.get(ref.removeprefix("q."), call.workspace.id)
        return await find_subject(tx, call.workspace.id, str(draft["query"])) if draft and "query" in draft else None
    if not (ref.isascii() and ref.isdigit() and len(ref) < 10):
        return None
    topics = {topic.id: topic for topic in await tx.topics.visible(call.workspace.id)}
    topic = topics.get(int(ref))
    return None if topic is None else topic_subject(topic)


def _buttons(key: str, ref: str, period: Period) -> tuple[Button, ...]:
    other = (
        Button(label="7 days", action=f"brief:{ref}:7d")
        if period.length >= timedelta(days=30)
        else Button(label="30 days", action=f"brief:{ref}:30d")
    )
    return (
        Button(label="Share", action=f"share:{key}", primary=True),
        other,
        Button(label="Compare…", action=f"compare:{ref}:{period.code}"),
        Button(label="Markdown", action=f"markdown:{key}"),
    )


async def _nothing_found(tools: Tools, call: Call, subject: Subject, period: Period) -> Notice:
    """Return the answer for a brief without articles: what was searched, what is near, and what to try."""
    async with tools.store.read() as tx:
        topics = await tx.topics.visible(call.workspace.id)
        text = await _what_was_searched(tx, call, subject, period)
        if other := await _other_topics(tx, call, subject, period, topics):
            text += f" {other}"
    ref = subject_ref(tools, call, subject)
    buttons = [Button(label="Test the topic", action=f"test:{ref}")]
    if period.length < timedelta(days=30):
        buttons.insert(0, Button(label="30 days", action=f"brief:{ref}:30d", primary=True))
    if subject.topic is None:
        buttons += [
            Button(label=f"Brief: {topic.title}"[:25], action=f"brief:{topic.id}:{period.code}")
            for topic in similar_topics(subject.query, topics)
        ]
    return Notice(text=text, tone=Tone.INFO, buttons=tuple(buttons))


async def _what_was_searched(tx: Tx, call: Call, subject: Subject, period: Period) -> str:
    sources = [source for source in await tx.sources.visible(call.workspace.id) if source.state is SourceState.ACTIVE]
    last = await tx.articles.last_received_at(call.workspace.id)
    arrived = f"last article {ago(last, now=call.now)}" if last else "no article has arrived yet"
    return f'Nothing on "{subject.title}" in the {period.label}. {counted(len(sources), "source")} watched, {arrived}.'


async def _other_topics(tx: Tx, call: Call, subject: Subject, period: Period, topics: Sequence[Topic]) -> str:
    """Name up to two related topics that have articles in the period, or else the topics with the most articles."""
    counts = await tx.matches.counts(call.workspace.id, since=call.now - period.length)
    ids = [topic.id for topic in similar_topics(subject.query if subject.topic is None else subject.title, topics)]
    if subject.topic is not None:
        beside = await tx.matches.related_topics(subject.topic.id, call.workspace.id, since=call.now - _RELATED)
        ids = sorted(beside, key=lambda id: (-beside[id], id)) + ids
    by_id = {topic.id: topic for topic in topics}
    if related := [id for id in dict.fromkeys(ids) if counts.get(id) and id in by_id]:
        named = [f"{counted(counts[id], 'article')} on {by_id[id].title}" for id in related[:2]]
        return f"Nearest: {', '.join(named)}."
    if covered := sorted((id for id in counts if id in by_id), key=lambda id: (-counts[id], id)):
        first, *second = covered[:2]
        named = [f"{by_id[first].title} ({counted(counts[first], 'article')})"]
        named += [f"{by_id[id].title} ({counts[id]:,})" for id in second]
        return f"Most covered: {', '.join(named)}."
    return ""


def markdown(brief: Brief) -> str:
    """Return the brief as Markdown, for a page or an e-mail. Text from outside is escaped."""
    lines = [f"## {_plain(brief.topic)}, {brief.period}", ""]
    lines += [f"{counted(brief.articles, 'article')} in {counted(brief.total_stories, 'story', 'stories')}", ""]
    for place, story in enumerate(brief.stories, start=1):
        cites = "".join(f"[{number}]" for number in story.sentence.cites)
        lines += [
            f"{place}. **{_plain(story.headline.text)}** ({counted(story.sources, 'source')})  ",
            f"   {_marked(story.sentence.text, story.sentence.bold)} {cites}".rstrip(),
        ]
    if brief.said is not None:
        cites = "".join(f"[{number}]" for number in brief.said.cites)
        lines += ["", f"Quotes: {_plain(brief.said.text)} {cites}"]
    if brief.references:
        lines.append("")
    for number, link, source in brief.references:
        address = f" <{link.url}>" if link.url else ""
        lines.append(f"- [{number}] {_plain(source.publisher)}, {source.at:%Y-%m-%d %H:%M} UTC{address}")
    return "\n".join(lines)


def _plain(text: str) -> str:
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>#|~" else letter for letter in text)


def _marked(text: str, bold: tuple[tuple[int, int], ...]) -> str:
    parts, place = [], 0
    for start, end in bold:
        parts += [_plain(text[place:start]), f"**{_plain(text[start:end])}**"]
        place = end
    return "".join([*parts, _plain(text[place:])])
