"""Answers to a person as Discord messages: notices, briefs, lists, topic tests and explanations."""

from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from bot.discord.layout import Part
from bot.discord.limits import (
    AUTHOR,
    BUTTONS_PER_ROW,
    CONTENT,
    DESCRIPTION,
    EMBEDS_TOTAL,
    FIELD_NAME,
    FIELD_VALUE,
    FIELDS,
    OPTIONS,
    ROWS,
    THREAD_NAME,
    TITLE,
    Json,
    cut,
)
from bot.discord.markdown import FENCE, escape, fenced, joined, linked, quoted, web_address
from bot.discord.message import PLAIN_COLOR, Menu, Message, embed_of, fitted, labelled, plain
from bot.discord.posts import alert_embed, story_line
from handlers.answers.answer import Brief, Explanation, Listing, Notice, Preview, TopicTest, Trend
from handlers.answers.parts import Link, Report, Row, Tone
from handlers.answers.phrases import brief_figures, never_seen_line, shares_line
from handlers.answers.times import counted, rate

_TONES: Final = {Tone.DONE: "#2e7d5b", Tone.INFO: PLAIN_COLOR, Tone.REFUSED: "#b3611e"}
_LISTED: Final = OPTIONS


def notice_message(notice: Notice) -> Message:
    links = [linked(link) for link in notice.links]
    lines = [cut(escape(notice.text), DESCRIPTION // 2)]
    # The text of a file that is attached is not shown as well.
    if notice.code and notice.file is None:
        # The code is cut before it is fenced: without the closing fence its text would be formatted.
        room = DESCRIPTION - len("\n".join([*lines, *links])) - FENCE
        if room > 0:
            lines.append(fenced(notice.code, room))
    lines.extend(links)
    embed = fitted(embed_of("\n".join(lines), _TONES[notice.tone]))
    name = plain([notice.text], THREAD_NAME) or "Wirewatch"
    return Message(embed=embed, name=name, buttons=notice.buttons, file=notice.file)


def brief_message(brief: Brief) -> Message:
    stories = [f"{n}. {story_line(line, zone=brief.time_zone)}" for n, line in enumerate(brief.stories, 1)]
    lines = [escape(brief_figures(brief)), *stories]
    if brief.also:
        lines.append("Also up: " + ", ".join(f"{escape(name)} ({escape(how)})" for name, how in brief.also))
    if brief.said is not None:
        cites = "".join(f"\\[{cite}\\]" for cite in brief.said.cites)
        lines.append(f"Quotes: {quoted(brief.said)} {cites}")
    cited = [
        f"\\[{number}\\] {linked(Link(text=f'{report.publisher}, {_day(report, brief.time_zone)}', url=link.url))}"
        for number, link, report in brief.references
    ]
    if cited:
        lines.append("\n" + "  ".join(cited))
    title = f"{brief.topic}, {brief.period}"
    embed = embed_of("\n".join(lines), author={"name": plain([title], AUTHOR)})
    return Message(embed=fitted(embed), name=plain([title], THREAD_NAME), buttons=brief.buttons, chart=brief.chart)


def _day(report: Report, zone: str) -> str:
    return report.at.astimezone(ZoneInfo(zone)).strftime("%a %H:%M")


def trend_message(trend: Trend) -> Message:
    embed = fitted(embed_of(escape(trend.text)))
    return Message(
        embed=embed, name=plain([trend.chart.title], THREAD_NAME) or "Trend", buttons=trend.buttons, chart=trend.chart
    )


def preview_message(preview: Preview) -> Message:
    example = alert_embed(preview.example) if preview.example else embed_of("")
    return Message(embed=fitted(example), buttons=preview.buttons, content=cut(escape(preview.text), CONTENT))


def listing_message(listing: Listing) -> Message:
    lines = [cut(escape(listing.summary), DESCRIPTION // 2)] if listing.summary else []
    shown: list[Row] = []
    for row in listing.rows[:_LISTED]:
        added = list(_row(row))
        if len("\n".join([*lines, *added])) > DESCRIPTION - 100:
            break
        lines.extend(added)
        shown.append(row)
    hidden = listing.more + len(listing.rows) - len(shown)
    if hidden:
        lines.append(f"and {hidden} more")
    embed = embed_of("\n".join(lines), author={"name": plain([listing.title], AUTHOR)})
    # All buttons are below the list, so the label of a row's button names the row.
    buttons = [labelled(button, row.title) for row in shown for button in row.buttons]
    menus: tuple[Menu, ...] = ()
    if len(listing.buttons) + len(buttons) > ROWS * BUTTONS_PER_ROW:
        buttons, menus = [], _menus(shown, ROWS - bool(listing.buttons))
    parts = [
        Part(text="\n".join(filter(None, (f"**{escape(plain([listing.title], AUTHOR))}**", escape(listing.summary)))))
    ]
    parts += [Part(text="\n".join(_row(row)), buttons=row.buttons) for row in listing.rows]
    if listing.more:
        parts.append(Part(text=f"and {listing.more} more"))
    return Message(
        embed=fitted(embed),
        buttons=(*listing.buttons, *buttons),
        menus=menus,
        parts=tuple(parts),
        below=listing.buttons,
    )


def _menus(rows: list[Row], limit: int) -> tuple[Menu, ...]:
    """Return a menu for each action, for lists where a button for each row would be too many."""
    options: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        for button in row.buttons:
            options.setdefault(button.label, []).append((row.title, button.action))
    return tuple(Menu(label=label, options=tuple(entries)) for label, entries in list(options.items())[:limit])


def _row(row: Row) -> Iterator[str]:
    detail = f"  {escape(row.detail)}" if row.detail else ""
    yield f"**{linked(Link(text=row.title, url=row.url))}**{detail}"
    if row.quote is not None:
        yield f"> {quoted(row.quote)}".replace("\n", " ")


def topic_test_message(test: TopicTest) -> Message:
    matched = f"would have matched {test.count} article{'s' if test.articles != 1 else ''} in {test.days} days"
    weekly = rate(test.posts_a_week)
    posts = f"about {weekly} {'post' if weekly == '1' else 'posts'} a week"
    near_misses = counted(len(test.near_misses), "near miss", "near misses")
    lines = [f"**“{cut(escape(test.query), DESCRIPTION // 4)}”** {matched}: {posts}. {near_misses}."]
    lines.extend(line for row in test.examples for line in _row(row))
    fields: list[Json] = []
    if test.near_misses:
        misses = [line for row in test.near_misses for line in _row(row)]
        fields.append(_field("Near misses", joined(misses, "\n", FIELD_VALUE)))
    terms = [line for line in (shares_line(test), never_seen_line(test)) if line]
    if terms:
        fields.append(_field("Terms", cut(escape("\n".join(terms)), FIELD_VALUE)))
    embed = fitted(embed_of("\n".join(lines), fields=fields))
    return Message(embed=embed, buttons=test.buttons, chart=test.chart)


def _field(name: str, value: str) -> Json:
    return {"name": name, "value": value, "inline": False}


def explanation_message(why: Explanation) -> Message:
    lines = [f"{'✓' if step.ok else '✗'} {escape(step.text)}" for step in why.steps]
    lines.append(f"**{escape(why.verdict)}**")
    fields = [
        _field(cut(escape(topic), FIELD_NAME) or "Topic", fenced(tree, FIELD_VALUE - FENCE))
        for topic, tree in why.trees[:FIELDS]
    ]
    while sum(len(field["name"]) + len(field["value"]) for field in fields) > EMBEDS_TOTAL // 2:
        fields.pop()
    embed = embed_of(
        "\n".join(lines),
        title=cut(escape(plain([why.headline.text], TITLE)), TITLE) or "…",
        url=web_address(why.headline.url),
        fields=fields,
    )
    return Message(embed=fitted(embed), buttons=why.buttons)
