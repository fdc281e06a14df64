"""Each shape of answer as blocks, pure. Text from outside stands in rich or plain text, never as markup."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from bot.charts.svg import chart_text
from bot.slack.limits import (
    Block,
    Element,
    beside,
    button,
    buttons,
    context,
    cut,
    escape,
    image,
    is_address,
    linked,
    mention,
    moment,
    overflow,
    plain,
    preformatted,
    quoted,
    rich,
    words,
)
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
from handlers.answers.parts import Chart, Link, Report, Row, StoryLine
from handlers.answers.phrases import brief_figures, digest_head, held_line, never_seen_line, shares_line
from handlers.answers.times import counted, zone_of

_SHOWN_REPORTS: Final = 3
_ALERT_BUTTONS: Final = 4
"""What fits beside the menu on a phone."""
_ROOMY: Final = 8
"""Up to so many rows, each has its buttons under it; more rows have a menu each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What pictures there are."""

    chart_file: str | None = None
    """Slack's id of the chart's file; None: the chart is drawn in characters."""
    web_images: bool = True
    """Pictures that Slack fetches from the web; a single one that it cannot fetch has the whole message refused."""


def blocks(answer: Answer, look: Look) -> Iterator[Block]:
    """The answer, however long it becomes."""
    match answer:
        case Alert():
            yield from _alert(answer, look)
        case Note():
            yield _note(answer)
        case Digest():
            yield from _digest(answer, look)
        case Notice():
            yield from _notice(answer)
        case Brief():
            yield from _brief(answer, look)
        case Listing():
            yield from listing_blocks(answer)
        case Preview():
            yield rich([words(answer.text)])
            if answer.example is not None:
                yield from _alert(replace(answer.example, buttons=(), menu=()), look)
            yield from buttons(answer.buttons)
        case Trend():
            yield from _chart(answer.chart, look)
            yield rich([words(answer.text)])
            yield from buttons(answer.buttons)
        case TopicTest():
            yield from _topic_test(answer, look)
        case Explanation():
            yield from _explanation(answer)
        case _:
            assert_never(answer)


def chart_of(answer: Answer) -> Chart | None:
    """The chart that stands in it."""
    return answer.chart if isinstance(answer, Digest | Brief | Trend | TopicTest) else None


def _mentions(external_ids: Sequence[str]) -> list[Element]:
    return [found for found in map(mention, external_ids) if found is not None]


def _alert(alert: Alert, look: Look) -> Iterator[Block]:
    mentions = _mentions(alert.mentions)
    if mentions:
        yield rich(_spaced([[one] for one in mentions]))
    yield context(plain(" · ".join(topic.title for topic in alert.topics), 300))
    yield rich([linked(alert.headline, bold=True)])
    if alert.sentences:
        yield rich(_spaced([quoted(sentence) for sentence in alert.sentences]))
    if look.web_images and is_address(alert.image_url) and str(alert.image_url).startswith("https://"):
        yield image(alert.headline.text, url=alert.image_url)
    yield context(*_sources(alert))
    shown = alert.buttons[:_ALERT_BUTTONS]
    yield from buttons(shown, menu=(*alert.buttons[_ALERT_BUTTONS:], *alert.menu))


def _spaced(parts: list[list[Element]]) -> list[Element]:
    line: list[Element] = []
    for part in parts:
        line.extend([words(" "), *part] if line else part)
    return line


def _sources(alert: Alert) -> Iterator[Element]:
    yield plain(f"{cut(alert.lead.publisher, 100)} ·")
    yield moment(alert.lead.at)
    if not alert.more:
        yield plain("· first report")
    else:
        yield plain(f"· +{counted(len(alert.more), 'source')}, {alert.independent} independent:")
        yield from (_report(report) for report in alert.more[:_SHOWN_REPORTS])
        if len(alert.more) > _SHOWN_REPORTS:
            yield plain(f"· {len(alert.more) - _SHOWN_REPORTS} more")
    if alert.updated_at is not None:
        yield plain("· revised by its publisher" if alert.revised else "· updated")
        yield moment(alert.updated_at, "{time}")


def _report(report: Report) -> Element:
    name = escape(cut(report.publisher, 80)).translate(str.maketrans("", "", "*_~`|"))
    if report.url is not None and is_address(report.url):
        at = moment(report.at, "{time}")["text"]
        return {"type": "mrkdwn", "text": f"<{escape(report.url)}|{name or 'link'}> {at}"}
    return plain(report.publisher, 80)


def _note(note: Note) -> Block:
    line = [words(f"{note.label}: ")]
    if note.before:
        line.extend([words(note.before, strike=True), words(" ")])
    line.extend(quoted(note.quote))
    line.extend([words(" "), linked(Link(text=note.source.publisher, url=note.source.url))])
    for one in _mentions(note.mentions):
        line.extend([words(" "), one])
    return rich(line)


def _chart(chart: Chart | None, look: Look) -> Iterator[Block]:
    if chart is None:
        return
    if look.chart_file is not None:
        yield image(chart.alt, file=look.chart_file)
    else:
        yield preformatted(chart_text(chart))


def _story(line: StoryLine, number: int | None = None, *, zone: ZoneInfo | None = None) -> Block:
    """With the day in that zone, where one is named."""
    day = f" · {line.report.at.astimezone(zone):%a}" if zone is not None else ""
    sources = f"  {counted(line.sources, 'source')}{day}"
    head = [words(f"{number}  ")] if number is not None else []
    cites = "".join(f"[{cite}]" for cite in line.sentence.cites)
    return rich(
        [*head, linked(line.headline, bold=True), words(f"{sources}\n")],
        [words("“"), *quoted(line.sentence), words(f"” {cites}".rstrip())],
    )


def _digest(digest: Digest, look: Look) -> Iterator[Block]:
    day, rest = digest_head(digest)
    yield rich([words(day, bold=True), words(f" · {rest}")])
    yield from _chart(digest.chart, look)
    for place, group in enumerate(digest.groups):
        count = len(group.stories) + group.more
        above = f" ({group.elsewhere} more above)" if group.elsewhere else ""
        yield rich([words(f"{group.topic.title}  ", bold=True), words(f"{count}{above}")])
        for line in group.stories:
            yield _story(line)
        if group.more and group.brief is not None:
            yield beside(f"and {group.more} more", button(group.brief, f"press:group:{place}"))
        elif group.more:
            yield context(plain(f"and {group.more} more"))
    if digest.held:
        yield context(plain(held_line(digest)))
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


def _brief(brief: Brief, look: Look) -> Iterator[Block]:
    yield rich([words(f"{brief.topic}, {brief.period}", bold=True)])
    yield context(plain(brief_figures(brief)))
    yield from _chart(brief.chart, look)
    for number, line in enumerate(brief.stories, 1):
        yield _story(line, number, zone=zone_of(brief.time_zone))
    if brief.also:
        yield context(plain("Also up: " + ", ".join(f"{name} ({how})" for name, how in brief.also)))
    if brief.said is not None:
        cites = "".join(f"[{cite}]" for cite in brief.said.cites)
        yield rich([words("Said: "), *quoted(brief.said), words(f" {cites}")])
    if brief.references:
        cited: list[Element] = []
        for number, link, report in brief.references:
            said = f"{report.publisher}, {report.at.astimezone(zone_of(brief.time_zone)):%a %H:%M}"
            cited.extend([words(f"{'  ' if cited else ''}[{number}] "), linked(Link(text=said, url=link.url))])
        yield rich(cited)
    yield from buttons(brief.buttons)


def listing_blocks(listing: Listing, name: str = "press") -> Iterator[Block]:
    """`name` begins the ids of its buttons; two listings in one view have different ones."""
    yield rich([words(listing.title, bold=True)])
    if listing.summary:
        yield context(plain(listing.summary))
    yield from rows_blocks(listing.rows, name)
    if listing.more:
        yield context(plain(f"and {listing.more} more"))
    yield from buttons(listing.buttons, name)


def rows_blocks(rows: Sequence[Row], name: str) -> Iterator[Block]:
    for place, row in enumerate(rows):
        yield from _row(row, f"{name}:{place}", roomy=len(rows) <= _ROOMY)


def _row(row: Row, name: str, *, roomy: bool) -> Iterator[Block]:
    is_plain = row.quote is None and not is_address(row.url)
    if is_plain and len(row.buttons) == 1:
        yield beside(f"{row.title}\n{row.detail}".strip(), button(row.buttons[0], name))
        return
    if is_plain and row.buttons and not roomy:
        yield beside(f"{row.title}\n{row.detail}".strip(), overflow(row.buttons, name))
        return
    line = [linked(Link(text=row.title, url=row.url), bold=True)]
    if row.detail:
        line.append(words(f"\n{row.detail}"))
    yield rich(line, quoted(row.quote)) if row.quote else rich(line)
    yield from buttons(row.buttons, name)


def _topic_test(test: TopicTest, look: Look) -> Iterator[Block]:
    yield rich([words(f"“{test.query}”", bold=True), words(f" would have hit {hits_line(test)}")])
    yield from _chart(test.chart, look)
    yield from rows_blocks(test.examples, "example")
    if test.near_misses:
        yield context(plain("Near misses"))
        yield from rows_blocks(test.near_misses, "miss")
    if test.shares:
        yield context(plain(shares_line(test)))
    if test.never_seen:
        yield context(plain(never_seen_line(test)))
    yield from buttons(test.buttons)


def hits_line(test: TopicTest) -> str:
    """ "14 articles in 30 days: about 3 posts a week. 4 near misses."."""
    return (
        f"{test.count} article{'s' if test.articles != 1 else ''} in {test.days} days: "
        f"about {test.posts_a_week:.0f} posts a week. "
        f"{counted(len(test.near_misses), 'near miss', 'near misses')}."
    )


def _explanation(why: Explanation) -> Iterator[Block]:
    yield rich([linked(why.headline, bold=True)])
    yield rich([words("\n".join(f"{'✓' if step.ok else '✗'} {step.text}" for step in why.steps))])
    yield rich([words(why.verdict, bold=True)])
    for topic, tree in why.trees:
        yield context(plain(topic))
        yield preformatted(tree)
    yield from buttons(why.buttons)
