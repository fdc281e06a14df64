"""Lines of text that are the same on all chat platforms: sources, figures of a brief, the head of a digest, tests."""

from collections.abc import Sequence
from typing import Final

from handlers.answers.answer import Alert, Brief, Digest, TopicTest
from handlers.answers.parts import OtherHeadline, StoryLine
from handlers.answers.times import counted, day_label, zone_of

_WEEK: Final = "last 7 days"


def more_sources(alert: Alert) -> str:
    """Return "+6 sources, 3 independent"; "+2 reports" if all are by one publisher; empty if there is no more."""
    if not alert.more:
        return ""
    others = alert.sources - 1 if alert.sources else len(alert.more)
    if others:
        return f"+{counted(others, 'source')}, {alert.independent} independent"
    return f"+{counted(len(alert.more), 'report')}"


def brief_figures(brief: Brief) -> str:
    """Return "23 articles · 9 stories · usual 14 a week · 3 stories new since your last brief on Mon at 14:02"."""
    parts = [counted(brief.articles, "article"), counted(brief.total_stories, "story", "stories")]
    if brief.usual is not None:
        parts.append(f"usual {brief.usual:.0f}{' a week' if brief.period == _WEEK else ''}")
    if brief.fresh is not None:
        fresh = counted(brief.fresh, "story", "stories") if brief.fresh else "nothing"
        parts.append(f"{fresh} new since your last brief{_last_read(brief)}")
    return " · ".join(parts)


def _last_read(brief: Brief) -> str:
    """Return " at 14:02", " yesterday at 14:02" or " on Mon at 14:02"; empty if the time is unknown."""
    if brief.last_read_at is None:
        return ""
    zone = zone_of(brief.time_zone)
    last = brief.last_read_at.astimezone(zone)
    day = day_label(last.date(), today=brief.until.astimezone(zone).date())
    when = {"today": "", "yesterday": "yesterday "}.get(day, f"on {day} ")
    return f" {when}at {last:%H:%M}"


def digest_head(digest: Digest) -> tuple[str, str]:
    """Return "Thursday 6 June", or the digest's subject, and "late · 3 topics · 14 stories from 41 articles"."""
    parts = ["late"] if digest.late else []
    if digest.groups:
        stories = counted(digest.stories, "story", "stories")
        parts += [counted(len(digest.groups), "topic"), f"{stories} from {counted(digest.articles, 'article')}"]
    else:
        parts.append("nothing new")
    if digest.part[1] > 1:
        parts.append(f"part {digest.part[0]} of {digest.part[1]}")
    day = f"{digest.day:%A} {digest.day.day} {digest.day:%B}"
    return digest.subject or day, " · ".join(parts)


def held_line(digest: Digest) -> str:
    """Return "Held back: 5 overnight (22:00-07:00) · 2 older articles"; empty if nothing was held back."""
    held = " · ".join(f"{count} {label}" for label, count in digest.held)
    return f"Held back: {held}" if held else ""


def also_line(also: Sequence[OtherHeadline], more: int) -> str:
    """Return "also: Floods in Lund (Daily Sample) · Lund flooded (Sample Post) · and 3 more"."""
    parts = [f"{other.headline.text} ({other.publisher})" for other in also]
    return f"also: {' · '.join([*parts, *([f'and {more:,} more'] if more else [])])}"


def listed_label(line: StoryLine, time_zone: str) -> str:
    """Return " · listed Sun 14:05", the time of the roll-up that named the story; empty if none did."""
    return "" if line.listed_at is None else f" · listed {line.listed_at.astimezone(zone_of(time_zone)):%a %H:%M}"


def shares_line(test: TopicTest) -> str:
    """Return "“sanctions” alone brings 62 % of the matches, “embargo” 9 %."; empty if no leaf alone brings any."""
    shares = [(leaf, f"{share * 100:.0f} %") for leaf, share in test.shares]
    first = "".join(f"“{leaf}” alone brings {share} of the matches" for leaf, share in shares[:1])
    return f"{first}{''.join(f', “{leaf}” {share}' for leaf, share in shares[1:])}." if first else ""


def never_seen_line(test: TopicTest) -> str:
    """Return "Never seen: “制裁”, “embargo”."; empty if every leaf occurs in some article."""
    return f"Never seen: {', '.join(f'“{leaf}”' for leaf in test.never_seen)}." if test.never_seen else ""
