"""The parts of answers: buttons, links, quotations, charts, rows of lists. Any text may come from outside."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Tone(StrEnum):
    DONE = "done"
    INFO = "info"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button. A click calls `Commands.click` with its action."""

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
    """Words taken verbatim from a stored article."""

    text: str
    bold: tuple[tuple[int, int], ...] = ()
    """(start, end) of the matched words in `text`."""
    cites: tuple[int, ...] = ()
    """Numbers of the references with these words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicMark:
    title: str
    color: str
    """As #rrggbb."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An article of a story: who published it, where and when."""

    publisher: str
    url: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """That a person has claimed or reviewed an alert."""

    label: str
    """ "Claimed by" or "Reviewed by"."""
    name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Mentions per local day in one or two series."""

    title: str
    days: tuple[date, ...]
    """Oldest first; the last day may be today, which is not over yet."""
    series: tuple[tuple[str, tuple[int, ...]], ...]
    """(name, counts), each as long as `days`."""
    today: date
    alt: str
    """The chart in words, for people who cannot see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherHeadline:
    """A headline of a story that is not the one by which the story is listed."""

    headline: Link
    publisher: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine:
    """A story in a brief or a digest."""

    story_id: int
    headline: Link
    sources: int
    """The number of publishers."""
    articles: int
    sentence: Quote
    report: Report
    also: tuple[OtherHeadline, ...] = ()
    """Different headlines of other articles of the story."""
    more_also: int = 0
    """The number of further different headlines."""
    listed_at: datetime | None = None
    """When a roll-up in the channel named the story; None if none did, or if the story has grown since."""


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
    """The fields of a command, filled in with their present values, for platforms that can show a form."""

    command: str
    """ "topics edit"."""
    values: tuple[tuple[str, str], ...] = ()
    """(option, present value)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a listing."""

    title: str
    url: str | None = None
    detail: str = ""
    """Secondary text under or beside the title."""
    quote: Quote | None = None
    buttons: tuple[Button, ...] = ()
    """At most 5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A stage of an article's way to a channel."""

    ok: bool
    text: str
