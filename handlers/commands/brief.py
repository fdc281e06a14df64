"""/brief: the brief to the asker alone, its buttons, and what to say when there is nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from handlers.answers.answer import Answer, Brief, Notice, Reply
from handlers.answers.parts import Button, Tone
from handlers.answers.serialize import serialize
from handlers.answers.times import Period, ago, counted, read_period
from handlers.commands.call import Call, KeptBrief, Tools, version_of
from handlers.queries.subjects import Subject, find_subject, similar_topics, topic_subject
from handlers.reports.brief import compose_brief
from storage.records import SourceState, Topic
from storage.store import Tx

_RELATED: Final = timedelta(days=90)


async def brief(tools: Tools, call: Call) -> Reply:
    """Raises: UserError, QueryError."""
    period = read_period(call.option("period"))
    async with tools.store.read() as tx:
        subject = await find_subject(tx, call.workspace.id, call.option("topic"))
        asked = await _asked(tx, tools, call, subject)
    return await _brief(tools, call, subject, period, *asked)


async def brief_of(tools: Tools, call: Call, subject: Subject, period: Period) -> Reply:
    """The same, of a subject that is known already."""
    async with tools.store.read() as tx:
        asked = await _asked(tx, tools, call, subject)
    return await _brief(tools, call, subject, period, *asked)


_Version = tuple[str, ...] | None


async def _asked(tx: Tx, tools: Tools, call: Call, subject: Subject) -> tuple[_Version, datetime | None]:
    """The version of what the brief hangs on, and when this person asked for it last, which is noted anew."""
    last = await tools.notes.read(tx, call.workspace.id, call.person.external_id, subject.key, call.now)
    return await version_of(tx, call, subject), last


async def _brief(
    tools: Tools, call: Call, subject: Subject, period: Period, version: _Version, last: datetime | None
) -> Reply:
    """Compose it, and keep it for Share."""
    composed, key, ref = await _kept(tools, call, subject, period, version)
    if not composed.brief.articles:
        async with tools.store.read() as tx:
            nothing = await _nothing(tx, call, subject, period)
            topics = await tx.topics.visible(call.workspace.id)
        meant = () if subject.topic is not None else similar_topics(subject.query, topics)
        return Reply(answer=with_test(tools, call, subject, nothing, period, meant))
    return Reply(answer=replace(composed.for_reader(last), buttons=_buttons(key, ref, period)))


async def _kept(tools: Tools, call: Call, subject: Subject, period: Period, version: _Version) -> KeptBrief:
    async def compose() -> KeptBrief:
        async with tools.store.read() as tx:
            composed = await compose_brief(tx, call.workspace, subject, period=period, now=call.now, zone=call.zone)
        if not composed.brief.articles:
            return composed, "", ""
        # What one person has read before is not for the others.
        key = tools.notes.draft(call.workspace.id, {"share": serialize(composed.brief)}, call.now)
        return composed, key, reference(tools, call, subject)

    # A topic's words may be changed while a brief of it is under way.
    question = (
        *call.asked_for(period.length),
        subject.topic and subject.topic.id,
        subject.title,
        subject.query,
        period.code,
        version,
    )
    return await tools.briefs.answer(question, compose, stays=version is not None)


def reference(tools: Tools, call: Call, subject: Subject) -> str:
    """What stands for the subject in a button: the topic's id, or "q." and the key of a draft that holds the query."""
    if subject.topic is not None:
        return str(subject.topic.id)
    return "q." + tools.notes.draft(call.workspace.id, {"query": subject.query}, call.now)


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


async def _nothing(tx: Tx, call: Call, subject: Subject, period: Period) -> str:
    sources = [source for source in await tx.sources.visible(call.workspace.id) if source.state is SourceState.ACTIVE]
    last = await tx.articles.last_received_at(call.workspace.id)
    arrived = f"last article {ago(last, now=call.now)}" if last else "no article has arrived yet"
    text = f'Nothing on "{subject.title}" in the {period.label}. {counted(len(sources), "source")} watched, {arrived}.'
    near = await _nearest(tx, call, subject, period)
    return f"{text} {near}" if near else text


async def _nearest(tx: Tx, call: Call, subject: Subject, period: Period) -> str:
    """Topics that stand beside it, or are written nearly so, and have something in the period."""
    topics = await tx.topics.visible(call.workspace.id)
    counts = await tx.matches.counts(call.workspace.id, since=call.now - period.length)
    ids = [topic.id for topic in similar_topics(subject.query if subject.topic is None else subject.title, topics)]
    if subject.topic is not None:
        beside = await tx.matches.related_topics(subject.topic.id, call.workspace.id, since=call.now - _RELATED)
        ids = sorted(beside, key=lambda id: (-beside[id], id)) + ids
    by_id = {topic.id: topic for topic in topics}
    known = [id for id in dict.fromkeys(ids) if counts.get(id) and id in by_id]
    label = "Nearest"
    if not known:
        known, label = sorted((id for id in counts if id in by_id), key=lambda id: (-counts[id], id)), "What there is"
    told = [f"{counted(counts[id], 'article')} on {by_id[id].title}" for id in known[:2]]
    return f"{label}: {', '.join(told)}." if told else ""


def with_test(tools: Tools, call: Call, subject: Subject, text: str, period: Period, meant: Sequence[Topic]) -> Answer:
    ref = reference(tools, call, subject)
    buttons = [Button(label="Test the topic", action=f"test:{ref}")]
    if period.length < timedelta(days=30):
        buttons.insert(0, Button(label="30 days", action=f"brief:{ref}:30d", primary=True))
    buttons += [Button(label=f"Brief: {one.title}"[:25], action=f"brief:{one.id}:{period.code}") for one in meant]
    return Notice(text=text, tone=Tone.INFO, buttons=tuple(buttons))


async def subject_of(tx: Tx, call: Call, ref: str) -> Subject | None:
    """The subject that a button stands for; None where it is gone, or was never this workspace's."""
    if ref.startswith("q."):
        draft = await tx.drafts.get(ref.removeprefix("q."), call.workspace.id)
        return await find_subject(tx, call.workspace.id, str(draft["query"])) if draft and "query" in draft else None
    if not (ref.isascii() and ref.isdigit() and len(ref) < 10):
        return None
    topics = {topic.id: topic for topic in await tx.topics.visible(call.workspace.id)}
    topic = topics.get(int(ref))
    return None if topic is None else topic_subject(topic)


def markdown(brief: Brief) -> str:
    """The brief as Markdown, for a page or a mail. Words from outside cannot format themselves."""
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
        lines += ["", f"Said: {_plain(brief.said.text)} {cites}"]
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
