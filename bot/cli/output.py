"""Prints answers to a terminal: with rich for people, as JSON lines for programs."""

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
from handlers.answers.phrases import (
    also_line,
    brief_figures,
    digest_head,
    held_line,
    listed_label,
    more_sources,
    never_seen_line,
    shares_line,
)
from handlers.answers.times import counted, rate

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)
_CONTROL = dict.fromkeys([*range(9), *range(11, 32), *range(127, 160), *range(0xD800, 0xE000)])


def clean(text: str) -> str:
    """Return text from outside without control characters, which could control the terminal."""
    return text.translate(_CONTROL)


def show(answer: Answer, to: Console = console) -> None:
    """Print the answer for people. A notice is not wrapped, so that a caret stays below its place in a query."""
    to.print(_rendered(answer), soft_wrap=isinstance(answer, Notice))


def as_rows(answer: Answer) -> Iterator[dict[str, Any]]:
    """Yield the answer as objects for JSON: one per row of a listing, else one."""
    if isinstance(answer, Listing):
        for row in answer.rows:
            yield {"title": row.title, "url": row.url, "detail": row.detail, "quote": row.quote and row.quote.text}
    else:
        yield _plain(answer)


def print_json(row: dict[str, Any]) -> None:
    """Print one object as one line on standard output."""
    line = json.dumps(row, ensure_ascii=False, default=str)
    print(line.encode("utf-8", errors="backslashreplace").decode("utf-8"))  # file names may contain lone surrogates


def _plain(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__ if name != "buttons"}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _rendered(answer: Answer) -> RenderableType:
    match answer:
        case Alert():
            return _alert(answer)
        case Note():
            headline = [_link(answer.headline)] if answer.headline and answer.has_sentence else []
            return Group(_joined(f"{answer.label}: ", _quote(answer.quote)), *headline, _report(answer.source, "UTC"))
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
            return Group(Text(clean(answer.text)), *example)
        case Trend():
            return Group(_chart(answer.chart), Text(clean(answer.text)))
        case TopicTest():
            return _topic_test(answer)
        case Explanation():
            return _explanation(answer)
        case _:
            assert_never(answer)


def _joined(*parts: str | Text) -> Text:
    return Text.assemble(*(part if isinstance(part, Text) else clean(part) for part in parts))


def _quote(quote: Quote) -> Text:
    text = Text(quote.text)
    for start, end in quote.bold:
        text.stylize("bold", start, end)
    return Text(clean(quote.text)) if clean(quote.text) != quote.text else text


def _link(link: Link, style: str = "bold") -> Text:
    url = link.url or ""
    is_safe = url.startswith(("http://", "https://")) and clean(url) == url
    return Text(clean(link.text), style=f"{style} link {url}" if is_safe else style)


def _local(at: datetime, zone: str, form: str = "%a %d %b %H:%M") -> str:
    return at.astimezone(ZoneInfo(zone)).strftime(form)


def _report(report: Report, zone: str) -> Text:
    return Text(f"{clean(report.publisher)} · {_local(report.at, zone)}", style="dim")


def _alert(alert: Alert) -> RenderableType:
    more = f" · {more_sources(alert)}" if alert.more else ""
    return Group(
        Text(" · ".join(clean(topic.title) for topic in alert.topics), style="cyan"),
        _link(alert.headline),
        *(_quote(sentence) for sentence in alert.sentences),
        _joined(_report(alert.lead, alert.time_zone), Text(more, style="dim")),
        *(
            Text(f"{each.label} {clean(each.name)} · {_local(each.at, alert.time_zone)}", style="dim")
            for each in alert.handled
        ),
    )


def _chart(chart: Chart | None) -> Text:
    return Text(clean(chart_text(chart)), style="cyan") if chart else Text("")


def _story(line: StoryLine, number: str, zone: str) -> RenderableType:
    sources = counted(line.sources, "source")
    cites = "".join(f"[{cite}]" for cite in line.sentence.cites)
    figures = f"  {sources} · {_local(line.report.at, zone, '%a')}{listed_label(line, zone)}"
    parts = [
        _joined(number, _link(line.headline), Text(figures, style="dim")),
        _joined("   “", _quote(line.sentence), "” ", cites),
    ]
    if line.also:
        parts.append(Text(f"   {clean(also_line(line.also, line.more_also))}", style="dim"))
    return Group(*parts)


def _digest(digest: Digest) -> RenderableType:
    parts: list[RenderableType] = [
        Text(" · ".join(digest_head(digest)), style="bold"),
        _chart(digest.chart),
    ]
    for group in digest.groups:
        above = f" ({group.elsewhere} more above)" if group.elsewhere else ""
        title = f"\n{clean(group.topic.title)}  {len(group.stories) + group.more}{above}"
        parts.append(Text(title, style="bold cyan"))
        parts.extend(_story(line, "  ", digest.time_zone) for line in group.stories)
        if group.more:
            parts.append(Text(f"  and {group.more} more", style="dim"))
    if digest.held:
        parts.append(Text(clean(held_line(digest)), style="dim"))
    return Group(*parts)


def _notice(notice: Notice) -> RenderableType:
    style = {Tone.DONE: "green", Tone.INFO: "", Tone.REFUSED: "yellow"}[notice.tone]
    parts: list[RenderableType] = [Text(clean(notice.text), style=style)]
    if notice.code:
        parts.append(Text(clean(notice.code)))
    parts.extend(_link(link) for link in notice.links)
    return Group(*parts)


def _brief(brief: Brief) -> RenderableType:
    parts: list[RenderableType] = [
        Text(f"{clean(brief.topic)}, {brief.period}", style="bold"),
        Text(clean(brief_figures(brief)), style="dim"),
        _chart(brief.chart),
    ]
    parts.extend(_story(line, f"{n}  ", brief.time_zone) for n, line in enumerate(brief.stories, 1))
    if brief.also:
        parts.append(Text("Also up: " + ", ".join(f"{clean(name)} ({how})" for name, how in brief.also)))
    if brief.said:
        cites = "".join(f"[{cite}]" for cite in brief.said.cites)
        parts.append(_joined("Quotes: ", _quote(brief.said), f" {cites}"))
    for number, link, report in brief.references:
        where = f" {clean(link.url)}" if link.url else ""
        parts.append(
            Text(f"[{number}] {clean(report.publisher)}, {_local(report.at, brief.time_zone)}{where}", style="dim")
        )
    return Group(*parts)


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
    return Group(Text(clean(listing.title), style="bold"), Text(clean(listing.summary), style="dim"), table, *more)


def _topic_test(test: TopicTest) -> RenderableType:
    weekly = rate(test.posts_a_week)
    parts: list[RenderableType] = [
        Text(
            f"“{clean(test.query)}” would have matched {test.count} {'article' if test.articles == 1 else 'articles'} "
            f"in {test.days} days: about {weekly} {'post' if weekly == '1' else 'posts'} a week. "
            f"{counted(len(test.near_misses), 'near miss', 'near misses')}.",
            style="bold",
        ),
        _chart(test.chart),
        *(_row(row) for row in test.examples),
    ]
    if test.near_misses:
        parts.append(Text("Near misses:", style="bold"))
        parts.extend(_row(row) for row in test.near_misses)
    parts.extend(Text(clean(line)) for line in (shares_line(test), never_seen_line(test)) if line)
    return Group(*parts)


def _explanation(why: Explanation) -> RenderableType:
    parts: list[RenderableType] = [_link(why.headline)]
    parts.extend(
        Text(f"{'✓' if step.ok else '✗'} {clean(step.text)}", style="green" if step.ok else "red") for step in why.steps
    )
    parts.append(Text(clean(why.verdict), style="bold"))
    for topic, tree in why.trees:
        parts.extend((Text(clean(topic), style="cyan"), Text(clean(tree))))
    return Group(*parts)
