"""Answers and posts: the closed unions that every renderer must cover.

All strings are plain text and may come from outside, so renderers escape them. Nothing here depends on a platform.
Posts are stored (see `serialize.py`): a field must not be renamed, and a new field needs a default.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from handlers.answers.parts import (
    Button,
    Chart,
    DigestGroup,
    Form,
    Handled,
    Link,
    Quote,
    Report,
    Row,
    Step,
    StoryLine,
    Tone,
    TopicMark,
)

# Posted to a channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """The message about one story in one channel. It is posted once, then edited."""

    story_id: int
    topics: tuple[TopicMark, ...]
    headline: Link
    sentences: tuple[Quote, ...]
    """One to three."""
    lead: Report
    """The article that headline and sentences come from."""
    more: tuple[Report, ...] = ()
    """The other articles, oldest first."""
    sources: int = 0
    """The number of publishers, including that of `lead`. 0 in alerts that an older version stored."""
    independent: int = 1
    """The number of publishers that neither copy nor credit another source."""
    updated_at: datetime | None = None
    revised: bool = False
    """The publisher changed the lead article after the alert was posted."""
    image_url: str | None = None
    time_zone: str
    """The channel's; an IANA name."""
    language: str = "und"
    mentions: tuple[str, ...] = ()
    """External ids of the people that the subscriptions mention; empty when the alert is edited."""
    silent: bool = False
    """Nobody is notified, on platforms that have such messages."""
    buttons: tuple[Button, ...] = ()
    menu: tuple[Button, ...] = ()
    """Less frequent actions, shown where the platform has a menu."""
    handled: tuple[Handled, ...] = ()
    """Who has claimed the alert, and who has reviewed it."""
    type: Literal["alert"] = "alert"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A message in an alert's thread: a new fact, what the publisher changed, or the headline of an added article."""

    label: str
    """"New", "Headline changed", "Number changed", "Added", "And 3 more"."""
    quote: Quote
    """Of an added article, its headline."""
    before: str | None = None
    """The replaced words, shown struck through."""
    source: Report
    mentions: tuple[str, ...] = ()
    """External ids of people who follow the story."""
    headline: Link | None = None
    """The headline of an article that was added to the story."""
    buttons: tuple[Button, ...] = ()
    type: Literal["note"] = "note"

    @property
    def has_sentence(self) -> bool:
        """Whether the quote is more than the headline."""
        return self.headline is None or self.headline.text != self.quote.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    day: date
    late: bool
    part: tuple[int, int] = (1, 1)
    """(number of this part from 1, number of parts)."""
    stories: int
    articles: int
    groups: tuple[DigestGroup, ...]
    chart: Chart | None
    held: tuple[tuple[str, int], ...]
    """Why articles were held back, and how many: ("overnight (22:00-07:00)", 5), ("older articles", 2)."""
    next_at: datetime | None
    time_zone: str
    buttons: tuple[Button, ...] = ()
    subject: str | None = None
    """What it is about, instead of a day: "The Daily until now"."""
    type: Literal["digest"] = "digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A few sentences: a confirmation, information, or a refusal with what to do next."""

    text: str
    tone: Tone = Tone.INFO
    code: str | None = None
    """Shown in a fixed-width font with its line breaks: a query with a caret under the error."""
    links: tuple[Link, ...] = ()
    buttons: tuple[Button, ...] = ()
    file: tuple[str, str] | None = None
    """(name, text) of a file for the person, on platforms that can send one; never in a post."""
    form: Form | None = None
    """A form for the same command. The text says how to type the command instead."""
    type: Literal["notice"] = "notice"


# Answered to a person


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
    """The number of stories in the period; `stories` holds the top ones."""
    usual: float | None
    """The average number of articles in earlier periods of the same length; None: too little history."""
    fresh: int | None
    """The number of stories that are new since this person's last brief; None: it is their first."""
    last_read_at: datetime | None
    chart: Chart
    stories: tuple[StoryLine, ...]
    also: tuple[tuple[str, str], ...]
    """Topics that rise together with this one: ("5G", "+40 %"), ("Entity List", "new")."""
    said: Quote | None
    """The words of a person, with their reference."""
    references: tuple[tuple[int, Link, Report], ...]
    """(number, headline, article); numbered from 1 in the order of first use."""
    time_zone: str
    buttons: tuple[Button, ...] = ()
    type: Literal["brief"] = "brief"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list: subscriptions, topics, sources, search results, help or settings."""

    title: str
    summary: str = ""
    rows: tuple[Row, ...]
    more: int = 0
    buttons: tuple[Button, ...] = ()
    type: Literal["listing"] = "listing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The answer to /subscribe: what the channel will get, with the newest stored story as an example."""

    text: str
    example: Alert | None
    pace: str
    """The present pace; the buttons change it."""
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
    """(leaf, share of the matches that only this leaf finds, 0 to 1), largest first."""
    never_seen: tuple[str, ...]
    """Leaves that occur in no article."""
    chart: Chart
    estimated: bool = False
    """`articles` is extrapolated from a sample, because there are very many candidates."""
    buttons: tuple[Button, ...] = ()
    type: Literal["topic_test"] = "topic_test"

    @property
    def count(self) -> str:
        """Return the number of articles for people: "14", "about 13,400"."""
        return f"about {self.articles:,}" if self.estimated else f"{self.articles:,}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The answer to /why: the steps up to the one that stopped the article, and how it matched the topics."""

    headline: Link
    steps: tuple[Step, ...]
    verdict: str
    trees: tuple[tuple[str, str], ...]
    """(topic, its query tree as indented text with a tick or a cross before each leaf)."""
    buttons: tuple[Button, ...] = ()
    type: Literal["explanation"] = "explanation"


Post = Alert | Note | Digest | Notice | Brief | Trend
"""What can be posted to a channel. A brief or a trend is posted when somebody shares it."""

Answer = Alert | Note | Digest | Notice | Brief | Listing | Preview | Trend | TopicTest | Explanation
"""What a renderer must cover; it ends with `assert_never`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a command or a button click returns."""

    answer: Answer
    public: bool = False
    """True: everyone in the channel sees it (Share). False: only the person who asked."""
    replaces: bool = False
    """True: it replaces the message with the button that was clicked."""
