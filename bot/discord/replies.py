"""What is answered to a person, as Discord messages: notices, briefs, lists, tests of topics, explanations."""

from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from bot.discord.limits import (
    ALL_EMBEDS,
    AUTHOR,
    BUTTONS_A_ROW,
    CONTENT,
    DESCRIPTION,
    FENCE,
    FIELD_NAME,
    FIELD_VALUE,
    FIELDS,
    OPTIONS,
    ROWS,
    THREAD_NAME,
    TITLE,
    Json,
    cut,
    escape,
    fenced,
    joined,
    linked,
    quoted,
    web_address,
)
from bot.discord.message import PLAIN_COLOR, Menu, Message, about, embed_of, fitted, plain
from bot.discord.posts import alert_embed, story_line
from handlers.answers.answer import Brief, Explanation, Listing, Notice, Preview, TopicTest, Trend
from handlers.answers.parts import Link, Report, Row, Tone
from handlers.answers.phrases import brief_figures, never_seen_line, shares_line
from handlers.answers.times import counted

_TONES: Final = {Tone.DONE: "#2e7d5b", Tone.INFO: PLAIN_COLOR, Tone.REFUSED: "#b3611e"}
_LISTED: Final = OPTIONS


def notice_message(notice: Notice) -> Message:
    links = [linked(link) for link in notice.links]
    lines = [cut(escape(notice.text), DESCRIPTION // 2)]
    # What stands in the file need not be shown too.
    if notice.code and notice.file is None:
        # Cut before it is fenced: a fence that is not closed would let the text format itself.
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
        lines.append(f"Said: {quoted(brief.said)} {cites}")
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
        fresh = list(_row(row))
        if len("\n".join([*lines, *fresh])) > DESCRIPTION - 100:
            break
        lines.extend(fresh)
        shown.append(row)
    left = listing.more + len(listing.rows) - len(shown)
    if left:
        lines.append(f"and {left} more")
    embed = embed_of("\n".join(lines), author={"name": plain([listing.title], AUTHOR)})
    # A row's buttons stand below the whole list here, so their labels name the row.
    buttons = [about(button, row.title) for row in shown for button in row.buttons]
    menus: tuple[Menu, ...] = ()
    if len(listing.buttons) + len(buttons) > ROWS * BUTTONS_A_ROW:
        buttons, menus = [], _menus(shown, ROWS - bool(listing.buttons))
    return Message(embed=fitted(embed), buttons=(*listing.buttons, *buttons), menus=menus)


def _menus(rows: list[Row], most: int) -> tuple[Menu, ...]:
    """A menu for each verb, where a button for each row would be too many."""
    options: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        for button in row.buttons:
            options.setdefault(button.label, []).append((row.title, button.action))
    return tuple(Menu(label=label, options=tuple(found)) for label, found in list(options.items())[:most])


def _row(row: Row) -> Iterator[str]:
    detail = f"  {escape(row.detail)}" if row.detail else ""
    yield f"**{linked(Link(text=row.title, url=row.url))}**{detail}"
    if row.quote is not None:
        yield f"> {quoted(row.quote)}".replace("\n", " ")


def topic_test_message(test: TopicTest) -> Message:
    hits = f"would have hit {test.count} article{'s' if test.articles != 1 else ''} in {test.days} days"
    lines = [
        f"**“{cut(escape(test.query), DESCRIPTION // 4)}”** {hits}: about {test.posts_a_week:.0f} posts a week. "
        f"{counted(len(test.near_misses), 'near miss', 'near misses')}."
    ]
    lines.extend(line for row in test.examples for line in _row(row))
    fields: list[Json] = []
    if test.near_misses:
        misses = [line for row in test.near_misses for line in _row(row)]
        fields.append(_field("Near misses", joined(misses, "\n", FIELD_VALUE)))
    told = [line for line in (shares_line(test), never_seen_line(test)) if line]
    if told:
        fields.append(_field("Words", cut(escape("\n".join(told)), FIELD_VALUE)))
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
    while sum(len(field["name"]) + len(field["value"]) for field in fields) > ALL_EMBEDS // 2:
        fields.pop()
    embed = embed_of(
        "\n".join(lines),
        title=cut(escape(plain([why.headline.text], TITLE)), TITLE) or "…",
        url=web_address(why.headline.url),
        fields=fields,
    )
    return Message(embed=fitted(embed), buttons=why.buttons)
