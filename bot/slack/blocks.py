"""Renders each kind of answer as Slack blocks. Pure: nothing here calls Slack."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from bot.charts.svg import chart_text
from bot.slack.alert_blocks import alert_blocks, note_blocks
from bot.slack.block_kit import (
    BUTTON_ID,
    Block,
    Element,
    button,
    button_row,
    context,
    image,
    link_run,
    local_time,
    overflow_menu,
    plain_text,
    preformatted,
    quote_runs,
    rich_text,
    section,
    text_run,
)
from bot.slack.limits import is_valid_link
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
from handlers.answers.bidi import isolated
from handlers.answers.parts import Chart, Link, Row, StoryLine
from handlers.answers.phrases import (
    brief_figures,
    digest_head,
    held_line,
    listed_label,
    never_seen_line,
    shares_line,
)
from handlers.answers.times import counted, zone_of

_ROWS_WITH_BUTTONS: Final = 8
"""Up to this many rows show their buttons. In a longer listing each row has a menu instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageOptions:
    """Which pictures a message may show."""

    chart_file: str | None = None
    """Id of a Slack file that shows the chart; None: the chart is shown as text."""
    web_images: bool = True
    """Show pictures by URL. If Slack cannot fetch a single one of them, it refuses the whole message."""


def blocks(answer: Answer, images: ImageOptions) -> Iterator[Block]:
    """Yield all blocks of the answer. They may exceed Slack's limits for a message; `render` shortens them."""
    match answer:
        case Alert():
            yield from alert_blocks(answer, web_images=images.web_images)
        case Note():
            yield from note_blocks(answer)
        case Digest():
            yield from _digest(answer, images)
        case Notice():
            yield from _notice(answer)
        case Brief():
            yield from _brief(answer, images)
        case Listing():
            yield from listing_blocks(answer)
        case Preview():
            yield rich_text([text_run(answer.text)])
            if answer.example is not None:
                example = replace(answer.example, buttons=(), menu=())
                yield from alert_blocks(example, web_images=images.web_images)
            yield from button_row(answer.buttons)
        case Trend():
            yield from chart_blocks(answer.chart, images)
            yield rich_text([text_run(answer.text)])
            yield from button_row(answer.buttons)
        case TopicTest():
            yield from _topic_test(answer, images)
        case Explanation():
            yield from _explanation(answer)
        case _:
            assert_never(answer)


def chart_of(answer: Answer) -> Chart | None:
    """Return the chart that the answer shows, if any."""
    return answer.chart if isinstance(answer, Digest | Brief | Trend | TopicTest) else None


def chart_blocks(chart: Chart | None, images: ImageOptions) -> Iterator[Block]:
    """Yield the chart as a picture or as text; nothing if there is none."""
    if chart is None:
        return
    if images.chart_file is not None:
        yield image(chart.alt, file=images.chart_file)
    else:
        yield preformatted(chart_text(chart))


def _story(line: StoryLine, number: int | None = None, *, zone: ZoneInfo | None = None, listed: str = "") -> Block:
    """Return one story of a brief or digest, with its weekday if a zone is given."""
    day = f" · {line.report.at.astimezone(zone):%a}" if zone is not None else ""
    sources = f"  {counted(line.sources, 'source')}{day}{listed}"
    head = [text_run(f"{number}  ")] if number is not None else []
    cites = "".join(f"[{cite}]" for cite in line.sentence.cites)
    return rich_text(
        [*head, link_run(_isolated_link(line.headline), bold=True), text_run(f"{sources}\n")],
        [text_run("“"), *quote_runs(line.sentence), text_run(f"” {cites}".rstrip()), *_also(line)],
    )


def _also(line: StoryLine) -> Iterator[Element]:
    """Yield a line with different headlines of the story, if it has any."""
    for place, other in enumerate(line.also):
        yield text_run(" · " if place else "\nalso: ")
        yield link_run(_isolated_link(other.headline))
        yield text_run(f" ({isolated(other.publisher)})")
    if line.more_also:
        yield text_run(f" · and {line.more_also:,} more")


def _isolated_link(link: Link) -> Link:
    """Return a link whose text keeps its direction beside other text."""
    return replace(link, text=isolated(link.text))


def _digest(digest: Digest, images: ImageOptions) -> Iterator[Block]:
    day, rest = digest_head(digest)
    yield rich_text([text_run(day, bold=True), text_run(f" · {rest}")])
    yield from chart_blocks(digest.chart, images)
    for index, group in enumerate(digest.groups):
        count = len(group.stories) + group.more
        above = f" ({group.elsewhere} more above)" if group.elsewhere else ""
        yield rich_text([text_run(f"{isolated(group.topic.title)}  ", bold=True), text_run(f"{count}{above}")])
        for line in group.stories:
            yield _story(line, listed=listed_label(line, digest.time_zone))
        if group.more and group.brief is not None:
            yield section(f"and {group.more} more", button(group.brief, f"{BUTTON_ID}:group:{index}"))
        elif group.more:
            yield context(plain_text(f"and {group.more} more"))
    if digest.held:
        yield context(plain_text(held_line(digest)))
    if digest.next_at is not None:
        yield context(plain_text("Next"), local_time(digest.next_at, "{date_long_pretty} {time}"))
    yield from button_row(digest.buttons)


def _notice(notice: Notice) -> Iterator[Block]:
    yield rich_text([text_run(notice.text)])
    if notice.code:
        yield preformatted(notice.code)
    for link in notice.links:
        yield rich_text([link_run(link)])
    yield from button_row(notice.buttons)


def _brief(brief: Brief, images: ImageOptions) -> Iterator[Block]:
    yield rich_text([text_run(f"{isolated(brief.topic)}, {brief.period}", bold=True)])
    yield context(plain_text(brief_figures(brief)))
    yield from chart_blocks(brief.chart, images)
    for number, line in enumerate(brief.stories, 1):
        yield _story(line, number, zone=zone_of(brief.time_zone))
    if brief.also:
        yield context(
            plain_text("Also up: " + ", ".join(f"{isolated(name)} ({change})" for name, change in brief.also))
        )
    if brief.said is not None:
        cites = "".join(f"[{cite}]" for cite in brief.said.cites)
        yield rich_text([text_run("Quotes: "), *quote_runs(brief.said), text_run(f" {cites}")])
    if brief.references:
        runs: list[Element] = []
        for number, link, report in brief.references:
            source = f"{isolated(report.publisher)}, {report.at.astimezone(zone_of(brief.time_zone)):%a %H:%M}"
            runs.extend([text_run(f"{'  ' if runs else ''}[{number}] "), link_run(Link(text=source, url=link.url))])
        yield rich_text(runs)
    yield from button_row(brief.buttons)


def listing_blocks(listing: Listing, action_id: str = BUTTON_ID) -> Iterator[Block]:
    """Yield the blocks of a listing. Two listings in one view need different values of `action_id`."""
    yield rich_text([text_run(listing.title, bold=True)])
    if listing.summary:
        yield context(plain_text(listing.summary))
    yield from _rows(listing.rows, action_id)
    if listing.more:
        yield context(plain_text(f"and {listing.more} more"))
    yield from button_row(listing.buttons, action_id)


def _rows(rows: Sequence[Row], action_id: str) -> Iterator[Block]:
    for index, row in enumerate(rows):
        yield from _row(row, f"{action_id}:{index}", as_menu=len(rows) > _ROWS_WITH_BUTTONS)


def _row(row: Row, action_id: str, *, as_menu: bool) -> Iterator[Block]:
    is_plain = row.quote is None and not is_valid_link(row.url)
    if is_plain and len(row.buttons) == 1:
        yield section(f"{row.title}\n{row.detail}".strip(), button(row.buttons[0], action_id))
        return
    if is_plain and row.buttons and as_menu:
        yield section(f"{row.title}\n{row.detail}".strip(), overflow_menu(row.buttons, action_id))
        return
    runs = [link_run(Link(text=row.title, url=row.url), bold=True)]
    if row.detail:
        runs.append(text_run(f"\n{row.detail}"))
    yield rich_text(runs, quote_runs(row.quote)) if row.quote else rich_text(runs)
    yield from button_row(row.buttons, action_id)


def _topic_test(test: TopicTest, images: ImageOptions) -> Iterator[Block]:
    yield rich_text([text_run(f"“{test.query}”", bold=True), text_run(f" would have matched {matches_line(test)}")])
    yield from chart_blocks(test.chart, images)
    yield from _rows(test.examples, "example")
    if test.near_misses:
        yield context(plain_text("Near misses"))
        yield from _rows(test.near_misses, "miss")
    if test.shares:
        yield context(plain_text(shares_line(test)))
    if test.never_seen:
        yield context(plain_text(never_seen_line(test)))
    yield from button_row(test.buttons)


def matches_line(test: TopicTest) -> str:
    """Return "14 articles in 30 days: about 3 posts a week. 4 near misses."."""
    posts = round(test.posts_a_week)
    return (
        f"{test.count} article{'s' if test.articles != 1 else ''} in {test.days} days: "
        f"about {counted(posts, 'post')} a week. "
        f"{counted(len(test.near_misses), 'near miss', 'near misses')}."
    )


def _explanation(why: Explanation) -> Iterator[Block]:
    yield rich_text([link_run(why.headline, bold=True)])
    yield rich_text([text_run("\n".join(f"{'✓' if step.ok else '✗'} {step.text}" for step in why.steps))])
    yield rich_text([text_run(why.verdict, bold=True)])
    for topic, tree in why.trees:
        yield context(plain_text(topic))
        yield preformatted(tree)
    yield from button_row(why.buttons)
