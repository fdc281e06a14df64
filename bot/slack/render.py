"""Answers as Block Kit, a pure function. Text from outside stands in rich or plain text, never as markup."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from bot.charts import chart_text
from bot.slack.limits import (
    BLOCKS,
    CHARACTERS,
    FALLBACK_TEXT,
    Block,
    Element,
    buttons,
    context,
    cut,
    escape,
    linked,
    moment,
    plain,
    preformatted,
    quoted,
    rich,
    words,
)
from handlers.answers import (
    Alert,
    Answer,
    Brief,
    Chart,
    Digest,
    Explanation,
    Link,
    Listing,
    Note,
    Notice,
    Post,
    Preview,
    Report,
    Row,
    StoryLine,
    TopicTest,
    Trend,
)
from handlers.moments import counted
from handlers.parts import split_digest

_SHOWN_REPORTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    text: str
    """For notifications and screen readers, escaped."""
    blocks: list[Block]


def render(answer: Answer) -> Message:
    """The message, within every limit; what does not fit is cut at a block's border and said so."""
    return Message(text=escape(cut(_text(answer), FALLBACK_TEXT)), blocks=_fitted(list(_blocks(answer))))


def split(post: Post) -> Sequence[Post]:
    """A digest in as many parts as it needs; anything else as it is."""
    return split_digest(post, lambda part: _fits(list(_blocks(part)))) if isinstance(post, Digest) else (post,)


def _fits(blocks: list[Block]) -> bool:
    return len(blocks) <= BLOCKS and _size(blocks) <= CHARACTERS


def _size(blocks: list[Block]) -> int:
    return len(json.dumps(blocks, ensure_ascii=False))


def _fitted(blocks: list[Block]) -> list[Block]:
    if _fits(blocks):
        return blocks
    tail = [block for block in blocks[-1:] if block["type"] == "actions"]
    body = blocks[: len(blocks) - len(tail)]
    note = context(plain("… cut to what fits in one message"))
    while body and not _fits([*body, note, *tail]):
        body.pop()
    return [*body, note, *tail]


def _text(answer: Answer) -> str:
    match answer:
        case Alert():
            topics = " · ".join(topic.title for topic in answer.topics)
            return f"{topics}: {answer.headline.text}"
        case Note():
            return f"{answer.label}: {answer.quote.text}"
        case Digest():
            return f"{answer.day:%A} {answer.day.day} {answer.day:%B}: {answer.stories} stories"
        case Notice():
            return answer.text
        case Brief():
            return f"{answer.topic}, {answer.period}: {answer.articles} articles, {answer.total_stories} stories"
        case Listing():
            return answer.title
        case Preview() | Trend():
            return answer.text
        case TopicTest():
            return f"{answer.articles} articles in {answer.days} days"
        case Explanation():
            return answer.verdict
        case _:
            assert_never(answer)


def _blocks(answer: Answer) -> Iterator[Block]:
    match answer:
        case Alert():
            yield from _alert(answer)
        case Note():
            yield from _note(answer)
        case Digest():
            yield from _digest(answer)
        case Notice():
            yield from _notice(answer)
        case Brief():
            yield from _brief(answer)
        case Listing():
            yield from _listing(answer)
        case Preview():
            yield rich([words(answer.text)])
            if answer.example is not None:
                yield from _alert(replace(answer.example, buttons=()))
            yield from buttons(answer.buttons)
        case Trend():
            yield from _chart(answer.chart)
            yield rich([words(answer.text)])
            yield from buttons(answer.buttons)
        case TopicTest():
            yield from _topic_test(answer)
        case Explanation():
            yield from _explanation(answer)
        case _:
            assert_never(answer)


def _alert(alert: Alert) -> Iterator[Block]:
    yield context(plain(" · ".join(topic.title for topic in alert.topics), 300))
    yield rich([linked(alert.headline, bold=True)])
    if alert.sentences:
        yield rich(_spaced([quoted(sentence) for sentence in alert.sentences]))
    yield context(*_sources(alert))
    yield from buttons(alert.buttons)


def _spaced(parts: list[list[Element]]) -> list[Element]:
    line: list[Element] = []
    for part in parts:
        line.extend([words(" "), *part] if line else part)
    return line


def _sources(alert: Alert) -> Iterator[Element]:
    yield plain(alert.lead.publisher, 100)
    yield moment(alert.lead.at)
    if not alert.more:
        yield plain("first report")
    else:
        count = len(alert.more)
        yield plain(f"+{count} source{'s' if count > 1 else ''}, {alert.independent} independent")
        yield from (_report(report) for report in alert.more[:_SHOWN_REPORTS])
    if alert.updated_at is not None:
        yield plain("revised by its publisher" if alert.revised else "updated")
        yield moment(alert.updated_at, "{time}")


def _report(report: Report) -> Element:
    name = escape(cut(report.publisher, 80)).translate(str.maketrans("", "", "*_~`|"))
    if report.url and report.url.startswith(("https://", "http://")) and not set(report.url) & set("<>| \n"):
        return {"type": "mrkdwn", "text": f"<{escape(report.url)}|{name or 'link'}>"}
    return plain(report.publisher, 80)


def _note(note: Note) -> Iterator[Block]:
    line = [words(f"{note.label}: ")]
    if note.before:
        line.extend([words(note.before, strike=True), words(" ")])
    line.extend(quoted(note.quote))
    line.extend([words(" "), linked(Link(text=note.source.publisher, url=note.source.url))])
    for person in note.mentions:
        line.extend([words(" "), {"type": "user", "user_id": person}])
    yield rich(line)


def _chart(chart: Chart | None) -> Iterator[Block]:
    if chart is not None:
        yield preformatted(chart_text(chart))


def _story(line: StoryLine, number: int | None = None) -> Block:
    sources = f"  {line.sources} source{'s' if line.sources != 1 else ''}"
    head = [words(f"{number}  ")] if number is not None else []
    cites = "".join(f"[{cite}]" for cite in line.sentence.cites)
    return rich(
        [*head, linked(line.headline, bold=True), words(f"{sources}\n")],
        [words("“"), *quoted(line.sentence), words(f"” {cites}".rstrip())],
    )


def _digest(digest: Digest) -> Iterator[Block]:
    part = f" · part {digest.part[0]} of {digest.part[1]}" if digest.part[1] > 1 else ""
    late = " · late" if digest.late else ""
    counts = f"{counted(digest.stories, 'story', 'stories')} from {counted(digest.articles, 'article')}"
    day = f"{digest.day:%A} {digest.day.day} {digest.day:%B}"
    yield rich([words(day, bold=True), words(f"{late} · {counted(len(digest.groups), 'topic')} · {counts}{part}")])
    yield from _chart(digest.chart)
    for group in digest.groups:
        count = len(group.stories) + group.more
        above = f" ({group.elsewhere} more above)" if group.elsewhere else ""
        yield rich([words(f"{group.topic.title}  ", bold=True), words(f"{count}{above}")])
        for line in group.stories:
            yield _story(line)
        if group.more:
            yield context(plain(f"and {group.more} more"))
    if digest.held:
        yield context(plain(" · ".join(f"{label}: {count}" for label, count in digest.held)))
    if digest.next_at is not None:
        yield context(plain("Next"), moment(digest.next_at, "{date_long_pretty} {time}"))
    yield from buttons(digest.buttons)


def _notice(notice: Notice) -> Iterator[Block]:
    yield rich([words(notice.text)])
    if notice.code:
        yield preformatted(notice.code)
    for link in notice.links:
        yield rich([linked(link)])
    yield from buttons(notice.buttons)


def _brief(brief: Brief) -> Iterator[Block]:
    yield rich([words(f"{brief.topic}, {brief.period}", bold=True)])
    counts = [counted(brief.articles, "article"), counted(brief.total_stories, "story", "stories")]
    if brief.usual is not None:
        counts.append(f"usual {brief.usual:.0f}")
    if brief.fresh is not None:
        counts.append(f"{brief.fresh} stories new since your last brief")
    yield context(plain(" · ".join(counts)))
    yield from _chart(brief.chart)
    for number, line in enumerate(brief.stories, 1):
        yield _story(line, number)
    if brief.also:
        yield context(plain("Also up: " + ", ".join(f"{name} ({how})" for name, how in brief.also)))
    if brief.said is not None:
        cites = "".join(f"[{cite}]" for cite in brief.said.cites)
        yield rich([words("Said: "), *quoted(brief.said), words(f" {cites}")])
    if brief.references:
        cited: list[Element] = []
        for number, link, report in brief.references:
            cited.extend([words(f"[{number}] "), linked(Link(text=report.publisher, url=link.url)), words("  ")])
        yield rich(cited)
    yield from buttons(brief.buttons)


def _row(row: Row, name: str) -> Iterator[Block]:
    line = [linked(Link(text=row.title, url=row.url), bold=True)]
    if row.detail:
        line.append(words(f"\n{row.detail}"))
    yield rich(line, quoted(row.quote)) if row.quote else rich(line)
    yield from buttons(row.buttons, name)


def _listing(listing: Listing) -> Iterator[Block]:
    yield rich([words(listing.title, bold=True)])
    if listing.summary:
        yield context(plain(listing.summary))
    for place, row in enumerate(listing.rows):
        yield from _row(row, f"press:{place}")
    if listing.more:
        yield context(plain(f"and {listing.more} more"))
    yield from buttons(listing.buttons)


def _topic_test(test: TopicTest) -> Iterator[Block]:
    yield rich(
        [
            words(f"“{test.query}”", bold=True),
            words(
                f" would have hit {test.count} articles in {test.days} days: about {test.posts_a_week:.0f} "
                f"posts a week. {len(test.near_misses)} near misses."
            ),
        ]
    )
    yield from _chart(test.chart)
    for row in test.examples:
        yield from _row(row, "example")
    if test.near_misses:
        yield context(plain("Near misses"))
        for row in test.near_misses:
            yield from _row(row, "miss")
    if test.shares:
        yield context(plain("Alone: " + ", ".join(f"{leaf} {share:.0%}" for leaf, share in test.shares)))
    if test.never_seen:
        yield context(plain("Never seen: " + ", ".join(test.never_seen)))
    yield from buttons(test.buttons)


def _explanation(why: Explanation) -> Iterator[Block]:
    yield rich([linked(why.headline, bold=True)])
    yield rich([words("\n".join(f"{'✓' if step.ok else '✗'} {step.text}" for step in why.steps))])
    yield rich([words(why.verdict, bold=True)])
    for topic, tree in why.trees:
        yield context(plain(topic))
        yield preformatted(tree)
    yield from buttons(why.buttons)
