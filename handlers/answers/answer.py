"""Everything that can be said: the closed union of answers and posts that every renderer must cover.

All strings are plain text and may come from outside; a renderer escapes them. Nothing here knows a platform.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from handlers.answers.parts import (
    Button,
    Chart,
    DigestGroup,
    Form,
    Link,
    Quote,
    Report,
    Row,
    Step,
    StoryLine,
    Tone,
    TopicMark,
)

# What is posted to a channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """The message about one story in one channel; posted once, then edited."""

    story_id: int
    topics: tuple[TopicMark, ...]
    headline: Link
    sentences: tuple[Quote, ...]
    """One to three."""
    lead: Report
    more: tuple[Report, ...] = ()
    """The other articles, oldest first."""
    independent: int = 1
    """How many of all the articles are not copies of another."""
    updated_at: datetime | None = None
    revised: bool = False
    """The publisher changed the lead article after it was posted."""
    image_url: str | None = None
    time_zone: str
    """IANA name; the channel's."""
    language: str = "und"
    mentions: tuple[str, ...] = ()
    """External ids of those whom the subscriptions name; none once it is posted."""
    buttons: tuple[Button, ...] = ()
    menu: tuple[Button, ...] = ()
    """Rarer actions, where the platform has a menu."""
    type: Literal["alert"] = "alert"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A line in an alert's thread: a new fact, or a changed headline."""

    label: str
    """"New", "Headline changed", "Number changed"."""
    quote: Quote
    before: str | None = None
    """The old words, to be struck through."""
    source: Report
    mentions: tuple[str, ...] = ()
    """External ids of people who follow the story."""
    type: Literal["note"] = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    day: date
    late: bool
    part: tuple[int, int] = (1, 1)
    """(this part, of how many)."""
    stories: int
    articles: int
    groups: tuple[DigestGroup, ...]
    chart: Chart | None
    held: tuple[tuple[str, int], ...]
    """("overnight (22:00-07:00)", 5), ("folded in a burst", 2), ..."""
    next_at: datetime | None
    time_zone: str
    buttons: tuple[Button, ...] = ()
    type: Literal["digest"] = "digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something said in a few sentences: done, information, or a refusal with what to do next."""

    text: str
    tone: Tone = Tone.INFO
    code: str | None = None
    """Shown in a fixed-width font, line breaks kept: a query with a caret under the place."""
    links: tuple[Link, ...] = ()
    buttons: tuple[Button, ...] = ()
    file: tuple[str, str] | None = None
    """(name, text) of a file to hand over, where the platform can; never in a post."""
    form: Form | None = None
    """The same, to be filled in; the text says how to do it in words."""
    type: Literal["notice"] = "notice"


# What is answered to a person


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    topic: str
    topic_id: int | None
    """None: an ad-hoc query."""
    since: datetime
    until: datetime
    period: str
    """"last 7 days"."""
    articles: int
    total_stories: int
    """Of the period; `stories` holds the top ones."""
    usual: float | None
    """Articles in an average period of the same length before this one; None: too little history."""
    fresh: int | None
    """Stories new since this person's last brief; None: their first."""
    last_read_at: datetime | None
    chart: Chart
    stories: tuple[StoryLine, ...]
    also: tuple[tuple[str, str], ...]
    """Topics that rise with it: ("5G", "+40 %"), ("Entity List", "new")."""
    said: Quote | None
    """A quotation of a person, cited."""
    references: tuple[tuple[int, Link, Report], ...]
    """Numbered from 1 in the order of first use."""
    time_zone: str
    buttons: tuple[Button, ...] = ()
    type: Literal["brief"] = "brief"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Subscriptions, topics, sources, search results, help, settings."""

    title: str
    summary: str = ""
    rows: tuple[Row, ...]
    more: int = 0
    buttons: tuple[Button, ...] = ()
    type: Literal["listing"] = "listing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The answer to /subscribe: what will come, shown on the newest stored story."""

    text: str
    example: Alert | None
    pace: str
    """The pace it has now; the buttons change it."""
    posts_a_week: float | None
    next_digest_at: datetime | None
    time_zone: str
    buttons: tuple[Button, ...] = ()
    type: Literal["preview"] = "preview"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    chart: Chart
    text: str
    buttons: tuple[Button, ...] = ()
    type: Literal["trend"] = "trend"


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicTest:
    query: str
    days: int
    articles: int
    posts_a_week: float
    near_misses: tuple[Row, ...]
    examples: tuple[Row, ...]
    shares: tuple[tuple[str, float], ...]
    """(leaf, share of the hits it alone brings, 0 to 1), largest first."""
    never_seen: tuple[str, ...]
    chart: Chart
    estimated: bool = False
    """`articles` is reckoned from every n-th candidate, because there are very many."""
    buttons: tuple[Button, ...] = ()
    type: Literal["topic_test"] = "topic_test"

    @property
    def count(self) -> str:
        """The articles as people write them: "14", "about 13,400"."""
        return f"about {self.articles:,}" if self.estimated else f"{self.articles:,}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """/why: the first stage that stopped it, and the query tree with each leaf ticked."""

    headline: Link
    steps: tuple[Step, ...]
    verdict: str
    trees: tuple[tuple[str, str], ...]
    """(topic, the tree as indented text with a tick or a cross before each leaf)."""
    buttons: tuple[Button, ...] = ()
    type: Literal["explanation"] = "explanation"


Post = Alert | Note | Digest | Notice | Brief | Trend
"""What may be posted to a channel (a shared brief or trend too)."""

Answer = Alert | Note | Digest | Notice | Brief | Listing | Preview | Trend | TopicTest | Explanation
"""Every shape a renderer covers; end in assert_never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a command or a press gives back."""

    answer: Answer
    public: bool = False
    """True: everyone in the channel sees it (Share). Otherwise the asker alone."""
    replaces: bool = False
    """True: it takes the place of the message whose button was pressed."""
