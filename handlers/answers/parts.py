"""What answers are made of: buttons, links, quotations, charts, lines of lists; any text may come from outside."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Tone(StrEnum):
    DONE = "done"
    INFO = "info"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A press comes back as `Commands.click(request, action)`."""

    label: str
    """At most 25 characters."""
    action: str
    """"verb:argument:argument", at most 95 characters; or an https address, which opens it."""
    primary: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words taken verbatim from a stored article. `bold` are spans of `text` that matched."""

    text: str
    bold: tuple[tuple[int, int], ...] = ()
    cites: tuple[int, ...] = ()
    """Numbers of the references that say it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicMark:
    title: str
    color: str
    """#rrggbb"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One article of a story, as shown beside it."""

    publisher: str
    url: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Mentions a day, oldest first; the last day may be today. One or two series."""

    title: str
    days: tuple[date, ...]
    series: tuple[tuple[str, tuple[int, ...]], ...]
    """(name, counts), each as long as `days`."""
    today: date
    alt: str
    """The chart in words, for people who do not see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine:
    """A story in a brief or a digest."""

    story_id: int
    headline: Link
    sources: int
    articles: int
    sentence: Quote
    report: Report


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestGroup:
    topic: TopicMark
    stories: tuple[StoryLine, ...]
    more: int
    """Stories of this topic that are not listed."""
    elsewhere: int = 0
    """Stories listed under another topic above."""
    brief: Button | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A command to be filled in, where the platform can show fields."""

    command: str
    """ "topics edit"."""
    values: tuple[tuple[str, str], ...] = ()
    """What its options are now, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a listing."""

    title: str
    url: str | None = None
    detail: str = ""
    """Small print under or beside it."""
    quote: Quote | None = None
    buttons: tuple[Button, ...] = ()
    """At most 5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    ok: bool
    text: str
