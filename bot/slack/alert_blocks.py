"""Renders alerts and the notes in their threads as Slack blocks. Pure: nothing here calls Slack."""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.slack.block_kit import (
    Block,
    Element,
    button_row,
    context,
    escape,
    image,
    link_run,
    local_time,
    mention,
    plain_text,
    quote_runs,
    rich_text,
    text_run,
)
from bot.slack.limits import is_valid_link, truncate
from handlers.answers.answer import Alert, Note
from handlers.answers.bidi import isolated
from handlers.answers.parts import Handled, Link, Report
from handlers.answers.phrases import more_sources

_SHOWN_REPORTS: Final = 3
_ALERT_BUTTONS: Final = 5
"""Buttons beside the menu; the other buttons go into the menu."""


def _mentions(external_ids: Sequence[str]) -> list[Element]:
    return [found for found in map(mention, external_ids) if found is not None]


def alert_blocks(alert: Alert, *, web_images: bool) -> Iterator[Block]:
    """Yield the blocks of an alert. `web_images` permits a picture by its URL."""
    mentions = _mentions(alert.mentions)
    if mentions:
        yield rich_text(_joined_by_spaces([[run] for run in mentions]))
    yield context(plain_text(" · ".join(isolated(topic.title) for topic in alert.topics), 300))
    yield rich_text([link_run(alert.headline, bold=True)])
    if alert.sentences:
        yield rich_text(_joined_by_spaces([quote_runs(sentence) for sentence in alert.sentences]))
    if web_images and is_valid_link(alert.image_url) and str(alert.image_url).startswith("https://"):
        yield image(alert.headline.text, url=alert.image_url)
    yield context(*_sources(alert))
    if alert.handled:
        yield context(*_handled(alert.handled))
    shown = alert.buttons[:_ALERT_BUTTONS]
    yield from button_row(shown, menu=(*alert.buttons[_ALERT_BUTTONS:], *alert.menu))


def _joined_by_spaces(parts: list[list[Element]]) -> list[Element]:
    runs: list[Element] = []
    for part in parts:
        runs.extend([text_run(" "), *part] if runs else part)
    return runs


def _handled(handled: Sequence[Handled]) -> Iterator[Element]:
    for number, each in enumerate(handled):
        separator = "· " if number else ""
        yield plain_text(f"{separator}{each.label} {isolated(truncate(each.name, 80))}")
        yield local_time(each.at)


def _sources(alert: Alert) -> Iterator[Element]:
    yield plain_text(f"{isolated(truncate(alert.lead.publisher, 100))} ·")
    yield local_time(alert.lead.at)
    if alert.more:
        yield plain_text(f"· {more_sources(alert)}:")
        yield from (_report(report) for report in alert.more[:_SHOWN_REPORTS])
        if len(alert.more) > _SHOWN_REPORTS:
            yield plain_text(f"· {len(alert.more) - _SHOWN_REPORTS} more")
    if alert.updated_at is not None:
        yield plain_text("· revised by its publisher" if alert.revised else "· updated")
        yield local_time(alert.updated_at, "{time}")


def _report(report: Report) -> Element:
    name = escape(isolated(truncate(report.publisher, 80))).translate(str.maketrans("", "", "*_~`|"))
    if report.url is not None and is_valid_link(report.url):
        at = local_time(report.at, "{time}")["text"]
        return {"type": "mrkdwn", "text": f"<{escape(report.url)}|{name or 'link'}> {at}"}
    return plain_text(isolated(truncate(report.publisher, 80)))


def note_blocks(note: Note) -> Iterator[Block]:
    """Yield the blocks of a note in the thread of an alert."""
    runs = [text_run(f"{note.label}: ")]
    if note.before:
        runs.extend([text_run(note.before, strike=True), text_run(" ")])
    if note.has_sentence:
        runs.extend([*quote_runs(note.quote), text_run(" ")])
    if note.headline is not None:
        runs.extend([link_run(note.headline), text_run(f" · {isolated(note.source.publisher)}")])
    else:
        runs.append(link_run(Link(text=note.source.publisher, url=note.source.url)))
    for run in _mentions(note.mentions):
        runs.extend([text_run(" "), run])
    yield rich_text(runs)
    yield from button_row(note.buttons)
