"""Answers as Discord embeds, a pure function of the answer; every payload stays within every limit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.discord.limits import (
    ALL_EMBEDS,
    AUTHOR,
    DESCRIPTION,
    FENCE,
    FIELD_NAME,
    FIELD_VALUE,
    FIELDS,
    FOOTER,
    TITLE,
    Json,
    cut,
    escape,
    fenced,
    linked,
    quoted,
    rows,
    size,
    web_address,
)
from handlers.answers import (
    Alert,
    Answer,
    Brief,
    Button,
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
    Tone,
    TopicTest,
    Trend,
)
from handlers.moments import counted
from handlers.parts import split_digest

_PLAIN_COLOR = "#5b6b7b"
_TONES = {Tone.DONE: "#2e7d5b", Tone.INFO: _PLAIN_COLOR, Tone.REFUSED: "#b3611e"}
_SHOWN_REPORTS = 5
_LISTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    embed: Json
    buttons: tuple[Button, ...] = ()
    content: str = ""
    mentions: tuple[str, ...] = ()
    """User ids; nobody else can be mentioned."""
    chart: Chart | None = None
    """Drawn and attached by whoever sends it."""

    def payload(self, *, key: str | None = None) -> Json:
        """The body of a message. `key` marks it, so that it can be found again."""
        embed = dict(self.embed)
        if key and "title" not in embed:
            # Without a title an embed's address is not shown; it carries the key where no button can.
            embed["url"] = f"https://wirewatch.invalid/#{key}"
        return {
            "content": self.content,
            "embeds": [embed],
            "components": rows(self.buttons, key),
            "allowed_mentions": {"parse": [], "users": list(self.mentions[:100])},
        }


def render(answer: Answer) -> Message:
    """The message, its embed cut at lines' borders to what fits."""
    match answer:
        case Alert():
            return Message(embed=_fitted(_alert(answer)), buttons=answer.buttons)
        case Note():
            return _note(answer)
        case Digest():
            return Message(embed=_fitted(_digest(answer)), buttons=answer.buttons, chart=answer.chart)
        case Notice():
            return Message(embed=_fitted(_notice(answer)), buttons=answer.buttons)
        case Brief():
            return Message(embed=_fitted(_brief(answer)), buttons=answer.buttons, chart=answer.chart)
        case Listing():
            return _listing(answer)
        case Preview():
            example = _alert(answer.example) if answer.example else _embed("", _PLAIN_COLOR)
            text = cut(answer.text, 1500)
            return Message(embed=_fitted(example), buttons=answer.buttons, content=escape(text))
        case Trend():
            embed = _embed(escape(answer.text), _PLAIN_COLOR)
            return Message(embed=_fitted(embed), buttons=answer.buttons, chart=answer.chart)
        case TopicTest():
            return Message(embed=_fitted(_topic_test(answer)), buttons=answer.buttons, chart=answer.chart)
        case Explanation():
            return Message(embed=_fitted(_explanation(answer)), buttons=answer.buttons)
        case _:
            assert_never(answer)


def split(post: Post) -> Sequence[Post]:
    """A digest in as many parts as it needs; anything else as it is."""
    return split_digest(post, lambda part: _fits(_digest(part))) if isinstance(post, Digest) else (post,)


def _fits(embed: Json) -> bool:
    return len(embed.get("description", "")) <= DESCRIPTION and size([embed]) <= ALL_EMBEDS


def _fitted(embed: Json) -> Json:
    """Cut the description at a line's border until everything fits."""
    room = min(DESCRIPTION, ALL_EMBEDS - size([embed]) + len(embed.get("description", "")))
    text = embed.get("description", "")
    if len(text) > room:
        kept = text[: room - 2]
        line = kept.rfind("\n")
        kept = kept[:line] if line > room // 2 else kept[: kept.rfind(" ")] if " " in kept else kept
        embed = embed | {"description": kept.rstrip("\\") + "\n…"}
    return embed


def _embed(description: str, color: str, **parts: object) -> Json:
    embed: Json = {"type": "rich", "color": int(color.removeprefix("#"), 16)}
    if description:
        embed["description"] = description
    return embed | {name: part for name, part in parts.items() if part}


def _alert(alert: Alert) -> Json:
    embed = _embed(
        " ".join(quoted(sentence) for sentence in alert.sentences),
        alert.topics[0].color if alert.topics else _PLAIN_COLOR,
        author={"name": cut(" · ".join(topic.title for topic in alert.topics), AUTHOR)} if alert.topics else None,
        title=cut(escape(alert.headline.text), TITLE) or "…",
        url=web_address(alert.headline.url),
        timestamp=alert.lead.at.isoformat(),
        thumbnail={"url": alert.image_url} if web_address(alert.image_url) else None,
    )
    footer = [alert.lead.publisher]
    if alert.more:
        count = len(alert.more)
        footer.append(f"+{count} source{'s' if count > 1 else ''}, {alert.independent} independent")
        shown = " · ".join(_report(report) for report in alert.more[:_SHOWN_REPORTS])
        embed["fields"] = [{"name": "Also reported by", "value": cut(shown, FIELD_VALUE), "inline": False}]
    else:
        footer.append("first report")
    if alert.updated_at is not None:
        footer.append("revised by its publisher" if alert.revised else "updated")
    embed["footer"] = {"text": cut(" · ".join(footer), FOOTER)}
    return embed


def _report(report: Report) -> str:
    at = f"<t:{int(report.at.timestamp())}:t>"
    return f"{linked(Link(text=cut(report.publisher, 60), url=_short(report.url)))} {at}"


def _short(url: str | None) -> str | None:
    """Only addresses that leave room for the others in a field."""
    return url if url is not None and len(url) <= 120 else None


def _note(note: Note) -> Message:
    before = f"~~{escape(note.before)}~~ " if note.before else ""
    source = linked(Link(text=note.source.publisher, url=note.source.url))
    embed = _fitted(_embed(f"**{escape(note.label)}:** {before}{quoted(note.quote)} {source}", _PLAIN_COLOR))
    people = tuple(person for person in note.mentions if person.isdigit())[:20]
    return Message(embed=embed, content=" ".join(f"<@{person}>" for person in people), mentions=people)


def _story(line: StoryLine) -> str:
    sources = f"{line.sources} source{'s' if line.sources != 1 else ''}"
    cites = "".join(f"\\[{cite}\\]" for cite in line.sentence.cites)
    return f"**{linked(line.headline)}**  {sources}\n> “{quoted(line.sentence)}” {cites}".replace("\n\n", "\n")


def _digest(digest: Digest) -> Json:
    lines: list[str] = []
    for group in digest.groups:
        above = f" ({group.elsewhere} more above)" if group.elsewhere else ""
        lines.append(f"\n**{escape(group.topic.title)}**  {len(group.stories) + group.more}{above}")
        lines.extend(_story(line) for line in group.stories)
        if group.more:
            lines.append(f"and {group.more} more")
    if digest.held:
        lines.append("\n" + " · ".join(f"{escape(label)}: {count}" for label, count in digest.held))
    if digest.next_at is not None:
        lines.append(f"Next: <t:{int(digest.next_at.timestamp())}:F>")
    part = f" · part {digest.part[0]} of {digest.part[1]}" if digest.part[1] > 1 else ""
    day = f"{digest.day:%A} {digest.day.day} {digest.day:%B}"
    late = " · late" if digest.late else ""
    counts = f"{counted(digest.stories, 'story', 'stories')} from {counted(digest.articles, 'article')}"
    head = f"{day}{late} · {counts}{part}"
    color = digest.groups[0].topic.color if digest.groups else _PLAIN_COLOR
    return _embed("\n".join(lines).strip() or "Nothing new.", color, author={"name": cut(head, AUTHOR)})


def _notice(notice: Notice) -> Json:
    links = [linked(link) for link in notice.links]
    lines = [cut(escape(notice.text), DESCRIPTION // 2)]
    if notice.code:
        # Cut before it is fenced: a fence that is not closed would let the text format itself.
        room = DESCRIPTION - len("\n".join([*lines, *links])) - FENCE
        if room > 0:
            lines.append(fenced(notice.code, room))
    lines.extend(links)
    return _embed("\n".join(lines), _TONES[notice.tone])


def _brief(brief: Brief) -> Json:
    counts = [counted(brief.articles, "article"), counted(brief.total_stories, "story", "stories")]
    if brief.usual is not None:
        counts.append(f"usual {brief.usual:.0f}")
    if brief.fresh is not None:
        counts.append(f"{brief.fresh} new since your last brief")
    lines = [" · ".join(counts), *(f"{n}. {_story(line)}" for n, line in enumerate(brief.stories, 1))]
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
    return _embed("\n".join(lines), _PLAIN_COLOR, author={"name": cut(f"{brief.topic}, {brief.period}", AUTHOR)})


def _day(report: Report, zone: str) -> str:
    return report.at.astimezone(ZoneInfo(zone)).strftime("%a %H:%M")


def _row(row: Row) -> Iterator[str]:
    detail = f"  {escape(row.detail)}" if row.detail else ""
    yield f"**{linked(Link(text=row.title, url=row.url))}**{detail}"
    if row.quote is not None:
        yield f"> {quoted(row.quote)}".replace("\n", " ")


def _listing(listing: Listing) -> Message:
    lines = [escape(listing.summary)] if listing.summary else []
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
    # A row's buttons stand below the whole list here, so their labels name the row.
    buttons = [
        replace(button, label=cut(f"{button.label}: {row.title}", 80)) for row in shown for button in row.buttons
    ]
    embed = _embed("\n".join(lines), _PLAIN_COLOR, author={"name": cut(listing.title, AUTHOR)})
    return Message(embed=_fitted(embed), buttons=(*listing.buttons, *buttons))


def _topic_test(test: TopicTest) -> Json:
    lines = [
        f"**“{escape(test.query)}”** would have hit {test.count} articles in {test.days} days: about "
        f"{test.posts_a_week:.0f} posts a week. {len(test.near_misses)} near misses."
    ]
    lines.extend(line for row in test.examples for line in _row(row))
    fields: list[Json] = []
    if test.near_misses:
        misses = "\n".join(line for row in test.near_misses for line in _row(row))
        fields.append({"name": "Near misses", "value": cut(misses, FIELD_VALUE), "inline": False})
    if test.shares:
        shares = ", ".join(f"{escape(leaf)} {share:.0%}" for leaf, share in test.shares)
        fields.append({"name": "Alone", "value": cut(shares, FIELD_VALUE), "inline": False})
    if test.never_seen:
        never = ", ".join(escape(leaf) for leaf in test.never_seen) or "…"
        fields.append({"name": "Never seen", "value": cut(never, FIELD_VALUE), "inline": False})
    return _embed("\n".join(lines), _PLAIN_COLOR, fields=fields)


def _explanation(why: Explanation) -> Json:
    lines = [f"{'✓' if step.ok else '✗'} {escape(step.text)}" for step in why.steps]
    lines.append(f"**{escape(why.verdict)}**")
    fields: list[Json] = [
        {
            "name": cut(escape(topic), FIELD_NAME) or "Topic",
            "value": fenced(tree, FIELD_VALUE - FENCE),
            "inline": False,
        }
        for topic, tree in why.trees[:FIELDS]
    ]
    while sum(len(field["name"]) + len(field["value"]) for field in fields) > ALL_EMBEDS // 2:
        fields.pop()
    return _embed(
        "\n".join(lines),
        _PLAIN_COLOR,
        title=cut(escape(why.headline.text), TITLE) or "…",
        url=web_address(why.headline.url),
        fields=fields,
    )
