"""Answers on a terminal, for people with rich and for programs as JSON lines."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, assert_never
from zoneinfo import ZoneInfo

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.charts.svg import chart_text
from handlers.answers.answer import (
    Alert,
    Answer,
    Brief,
    Digest,
    Explanation,
    Listing,
    Note,
    Notice,
    Preview,
    TopicTest,
    Trend,
)
from handlers.answers.parts import Chart, Link, Quote, Report, Row, StoryLine, Tone
from handlers.answers.times import counted

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)
_HOSTILE = dict.fromkeys([*range(9), *range(11, 32), *range(127, 160), *range(0xD800, 0xE000)])


def clean(text: str) -> str:
    """Text from outside without control characters, so that no headline can drive the terminal."""
    return text.translate(_HOSTILE)


def show(answer: Answer, to: Console = console) -> None:
    """Print it for a person. A notice is never broken into lines: a caret stands under its place."""
    to.print(_picture(answer), soft_wrap=isinstance(answer, Notice))


def as_rows(answer: Answer) -> Iterator[dict[str, Any]]:
    """The answer as JSON-able objects: a listing gives one a row, everything else one in all."""
    if isinstance(answer, Listing):
        for row in answer.rows:
            yield {"title": row.title, "url": row.url, "detail": row.detail, "quote": row.quote and row.quote.text}
    else:
        yield _plain(answer)


def print_json(row: dict[str, Any]) -> None:
    """One object a line on standard output."""
    line = json.dumps(row, ensure_ascii=False, default=str)
    print(line.encode("utf-8", errors="backslashreplace").decode("utf-8"))  # a half character of a file's name


def _plain(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__ if name != "buttons"}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _picture(answer: Answer) -> RenderableType:
    match answer:
        case Alert():
            return _alert(answer)
        case Note():
            return _lines(_joined(f"{answer.label}: ", _quote(answer.quote)), _report(answer.source, "UTC"))
        case Digest():
            return _digest(answer)
        case Notice():
            return _notice(answer)
        case Brief():
            return _brief(answer)
        case Listing():
            return _listing(answer)
        case Preview():
            example = [_alert(answer.example)] if answer.example else []
            return _lines(Text(clean(answer.text)), *example)
        case Trend():
            return _lines(_chart(answer.chart), Text(clean(answer.text)))
        case TopicTest():
            return _topic_test(answer)
        case Explanation():
            return _explanation(answer)
        case _:
            assert_never(answer)


def _lines(*parts: RenderableType) -> Group:
    return Group(*parts)


def _joined(*parts: str | Text) -> Text:
    return Text.assemble(*(part if isinstance(part, Text) else clean(part) for part in parts))


def _quote(quote: Quote) -> Text:
    text = Text(quote.text)
    for start, end in quote.bold:
        text.stylize("bold", start, end)
    return Text(clean(quote.text)) if clean(quote.text) != quote.text else text


def _link(link: Link, style: str = "bold") -> Text:
    safe = (
        link.url if link.url and link.url.startswith(("http://", "https://")) and clean(link.url) == link.url else None
    )
    return Text(clean(link.text), style=f"{style} link {safe}" if safe else style)


def _local(at: datetime, zone: str, form: str = "%a %d %b %H:%M") -> str:
    return at.astimezone(ZoneInfo(zone)).strftime(form)


def _report(report: Report, zone: str) -> Text:
    return Text(f"{clean(report.publisher)} · {_local(report.at, zone)}", style="dim")


def _alert(alert: Alert) -> RenderableType:
    more = f" · +{len(alert.more)} sources, {alert.independent} independent" if alert.more else ""
    return _lines(
        Text(" · ".join(clean(topic.title) for topic in alert.topics), style="cyan"),
        _link(alert.headline),
        *(_quote(sentence) for sentence in alert.sentences),
        _joined(_report(alert.lead, alert.time_zone), Text(more, style="dim")),
    )


def _chart(chart: Chart | None) -> Text:
    return Text(clean(chart_text(chart)), style="cyan") if chart else Text("")


def _story(line: StoryLine, number: str, zone: str) -> RenderableType:
    sources = f"{line.sources} source{'s' if line.sources != 1 else ''}"
    cites = "".join(f"[{cite}]" for cite in line.sentence.cites)
    return _lines(
        _joined(number, _link(line.headline), Text(f"  {sources} · {_local(line.report.at, zone, '%a')}", style="dim")),
        _joined("   “", _quote(line.sentence), "” ", cites),
    )


def _digest(digest: Digest) -> RenderableType:
    parts: list[RenderableType] = [
        Text(
            f"{digest.day:%A %d %B}{' · late' if digest.late else ''} · "
            f"{counted(digest.stories, 'story', 'stories')} from {counted(digest.articles, 'article')}",
            style="bold",
        ),
        _chart(digest.chart),
    ]
    for group in digest.groups:
        parts.append(Text(f"\n{clean(group.topic.title)}  {len(group.stories) + group.more}", style="bold cyan"))
        parts.extend(_story(line, "  ", digest.time_zone) for line in group.stories)
        if group.more or group.elsewhere:
            parts.append(Text(f"  and {group.more} more, {group.elsewhere} above", style="dim"))
    if digest.held:
        parts.append(
            Text("Held: " + " · ".join(f"{clean(label)}: {count}" for label, count in digest.held), style="dim")
        )
    return _lines(*parts)


def _notice(notice: Notice) -> RenderableType:
    style = {Tone.DONE: "green", Tone.INFO: "", Tone.REFUSED: "yellow"}[notice.tone]
    parts: list[RenderableType] = [Text(clean(notice.text), style=style)]
    if notice.code:
        parts.append(Text(clean(notice.code)))
    parts.extend(_link(link) for link in notice.links)
    return _lines(*parts)


def _brief(brief: Brief) -> RenderableType:
    usual = f" · usual {brief.usual:.0f}" if brief.usual is not None else ""
    fresh = f" · {brief.fresh} new since your last brief" if brief.fresh is not None else ""
    counts = f"{counted(brief.articles, 'article')} · {counted(brief.total_stories, 'story', 'stories')}"
    parts: list[RenderableType] = [
        Text(f"{clean(brief.topic)}, {brief.period}", style="bold"),
        Text(f"{counts}{usual}{fresh}", style="dim"),
        _chart(brief.chart),
    ]
    parts.extend(_story(line, f"{n}  ", brief.time_zone) for n, line in enumerate(brief.stories, 1))
    if brief.also:
        parts.append(Text("Also up: " + ", ".join(f"{clean(name)} ({how})" for name, how in brief.also)))
    if brief.said:
        cites = "".join(f"[{cite}]" for cite in brief.said.cites)
        parts.append(_joined("Said: ", _quote(brief.said), f" {cites}"))
    for number, link, report in brief.references:
        where = f" {clean(link.url)}" if link.url else ""
        parts.append(
            Text(f"[{number}] {clean(report.publisher)}, {_local(report.at, brief.time_zone)}{where}", style="dim")
        )
    return _lines(*parts)


def _row(row: Row) -> Text:
    parts: list[str | Text] = [_link(Link(text=row.title, url=row.url)), Text(f"  {clean(row.detail)}", style="dim")]
    if row.quote:
        parts.extend(["\n   ", _quote(row.quote)])
    return _joined(*parts)


def _listing(listing: Listing) -> RenderableType:
    table = Table(title=None, show_header=False, box=None, padding=(0, 1))
    for row in listing.rows:
        table.add_row(_row(row))
    more = [Text(f"and {listing.more} more", style="dim")] if listing.more else []
    return _lines(Text(clean(listing.title), style="bold"), Text(clean(listing.summary), style="dim"), table, *more)


def _topic_test(test: TopicTest) -> RenderableType:
    parts: list[RenderableType] = [
        Text(
            f"“{clean(test.query)}” would have hit {test.count} articles in {test.days} days: "
            f"about {test.posts_a_week:.0f} posts a week. {len(test.near_misses)} near misses.",
            style="bold",
        ),
        _chart(test.chart),
        *(_row(row) for row in test.examples),
    ]
    if test.near_misses:
        parts.append(Text("Near misses:", style="bold"))
        parts.extend(_row(row) for row in test.near_misses)
    for leaf, share in test.shares:
        parts.append(Text(f"{share:4.0%}  {clean(leaf)}"))
    if test.never_seen:
        parts.append(Text("Never seen: " + ", ".join(clean(leaf) for leaf in test.never_seen), style="yellow"))
    return _lines(*parts)


def _explanation(why: Explanation) -> RenderableType:
    parts: list[RenderableType] = [_link(why.headline)]
    parts.extend(
        Text(f"{'✓' if step.ok else '✗'} {clean(step.text)}", style="green" if step.ok else "red") for step in why.steps
    )
    parts.append(Text(clean(why.verdict), style="bold"))
    for topic, tree in why.trees:
        parts.extend((Text(clean(topic), style="cyan"), Text(clean(tree))))
    return _lines(*parts)
