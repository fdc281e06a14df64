"""Posts to channels as Discord messages: alerts, notes in their threads, and digests."""

from datetime import datetime
from typing import Final

from bot.discord.limits import (
    AUTHOR,
    FIELD_VALUE,
    FOOTER,
    THREAD_NAME,
    TITLE,
    Json,
    cut,
)
from bot.discord.markdown import escape, joined, linked, quoted, web_address
from bot.discord.message import (
    PLAIN_COLOR,
    Menu,
    Message,
    embed_of,
    fitted,
    labelled,
    mention_text,
    mentionable,
    plain,
)
from handlers.answers.answer import Alert, Digest, Note
from handlers.answers.parts import Link, Report, StoryLine
from handlers.answers.phrases import digest_head, held_line, listed_label, more_sources
from handlers.answers.times import counted, zone_of

_SHOWN_REPORTS: Final = 5
_CONTENT_LINE: Final = 300
"""Characters of the line above an embed; a notification shows fewer."""
_LONG_ADDRESS: Final = 160
"""A report with a longer address is shown without a link, because the link would leave no room for other reports."""


def alert_message(alert: Alert) -> Message:
    mentions = mentionable(alert.mentions)
    options = tuple((button.label, button.action) for button in alert.menu)
    return Message(
        embed=fitted(alert_embed(alert)),
        name=plain([alert.headline.text], THREAD_NAME) or "…",
        buttons=alert.buttons,
        menus=(Menu(label="More", options=options),) if options else (),
        content=_content(mentions, _alert_line(alert)),
        mentions=mentions,
        silent=alert.silent,
    )


def _alert_line(alert: Alert) -> str:
    topics = " · ".join(topic.title for topic in alert.topics)
    return f"{topics}: {alert.headline.text}" if topics else alert.headline.text


def _content(mentions: tuple[str, ...], line: str) -> str:
    """Return the text above the embed: a phone's notification shows no embeds, and some people have turned them off."""
    # With a space of no width after the "@" the text cannot mention anybody, whatever allowed_mentions says.
    shown = escape(plain([line], _CONTENT_LINE)).replace("\\@", "@\u200b")
    return "\n".join(filter(None, (mention_text(mentions), shown)))


def alert_embed(alert: Alert) -> Json:
    embed = embed_of(
        " ".join(quoted(sentence) for sentence in alert.sentences),
        alert.topics[0].color if alert.topics else PLAIN_COLOR,
        author={"name": plain([" · ".join(topic.title for topic in alert.topics)], AUTHOR)} if alert.topics else None,
        title=cut(escape(plain([alert.headline.text], TITLE)), TITLE) or "…",
        url=web_address(alert.headline.url),
        timestamp=alert.lead.at.isoformat(),
        thumbnail={"url": picture} if (picture := web_address(alert.image_url)) else None,
    )
    footer = [alert.lead.publisher]
    if alert.more:
        footer.append(more_sources(alert))
        shown = [_report(report) for report in alert.more[:_SHOWN_REPORTS]]
        if len(alert.more) > _SHOWN_REPORTS:
            shown.append(f"{len(alert.more) - _SHOWN_REPORTS} more")
        embed["fields"] = [
            {"name": "Also reported by", "value": joined(shown, " · ", FIELD_VALUE), "inline": False},
        ]
        if alert.updated_at is not None:
            embed["fields"].append({"name": "Updated", "value": _time(alert.updated_at), "inline": True})
    if alert.handled:
        lines = [f"{each.label} {escape(plain([each.name], 80))} {_time(each.at)}" for each in alert.handled]
        field = {"name": "Review", "value": joined(lines, " · ", FIELD_VALUE), "inline": False}
        embed["fields"] = [*embed.get("fields", ()), field]
    if alert.revised:
        footer.append("revised by its publisher")
    embed["footer"] = {"text": plain([" · ".join(footer)], FOOTER)}
    return embed


def _report(report: Report) -> str:
    url = report.url if report.url is not None and len(report.url) <= _LONG_ADDRESS else None
    return f"{linked(Link(text=cut(report.publisher, 60), url=url))} {_time(report.at)}"


def _time(at: datetime) -> str:
    """Return a time that Discord shows in the reader's own time zone:
    https://discord.com/developers/docs/reference#message-formatting
    """
    return f"<t:{int(at.timestamp())}:t>"


def note_message(note: Note) -> Message:
    before = f"~~{escape(note.before)}~~ " if note.before else ""
    quote = f"{quoted(note.quote)} " if note.has_sentence else ""
    source = linked(Link(text=note.source.publisher, url=note.source.url))
    if note.headline is not None:
        source = f"{linked(note.headline)} · {escape(note.source.publisher)}"
    mentions = mentionable(note.mentions)
    return Message(
        embed=fitted(embed_of(f"**{escape(note.label)}:** {before}{quote}{source}")),
        name=plain([f"{note.label}:", note.quote.text], THREAD_NAME),
        buttons=note.buttons,
        content=mention_text(mentions),
        mentions=mentions,
    )


def story_line(line: StoryLine, *, zone: str | None = None, listed: str = "") -> str:
    """Return a story of a brief or a digest; with a time zone, also the day of its report."""
    cites = "".join(f"\\[{cite}\\]" for cite in line.sentence.cites)
    sentence = f"\n> “{quoted(line.sentence)}” {cites}".rstrip() if line.sentence.text else ""
    day = f" · {line.report.at.astimezone(zone_of(zone)):%a}" if zone is not None else ""
    head = f"**{linked(line.headline)}**  {counted(line.sources, 'source')}{day}{listed}"
    return f"{head}{sentence}{_also(line)}".replace("\n\n", "\n")


def _also(line: StoryLine) -> str:
    """Return a line with different headlines of the story; empty if it has none."""
    parts = [f"{linked(other.headline)} ({escape(other.publisher)})" for other in line.also]
    if line.more_also:
        parts.append(f"and {line.more_also:,} more")
    return f"\nalso: {' · '.join(parts)}" if parts else ""


def digest_message(digest: Digest) -> Message:
    embed = fitted(digest_embed(digest))
    briefs = [labelled(group.brief, group.topic.title) for group in digest.groups if group.brief and group.more]
    return Message(
        embed=embed,
        name=cut(embed["author"]["name"], THREAD_NAME),
        buttons=(*digest.buttons, *briefs),
        content=_content((), embed["author"]["name"]),
        chart=digest.chart,
    )


def digest_embed(digest: Digest) -> Json:
    lines: list[str] = []
    for group in digest.groups:
        above = f" ({group.elsewhere} more above)" if group.elsewhere else ""
        lines.append(f"\n**{escape(group.topic.title)}**  {len(group.stories) + group.more}{above}")
        lines.extend(story_line(line, listed=listed_label(line, digest.time_zone)) for line in group.stories)
        if group.more:
            lines.append(f"and {group.more} more")
    if digest.held:
        lines.append(f"\n{escape(held_line(digest))}")
    if digest.next_at is not None:
        lines.append(f"Next: <t:{int(digest.next_at.timestamp())}:F>")
    color = digest.groups[0].topic.color if digest.groups else PLAIN_COLOR
    head = " · ".join(digest_head(digest))
    return embed_of("\n".join(lines).strip(), color, author={"name": plain([head], AUTHOR)})
