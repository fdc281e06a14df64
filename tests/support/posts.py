"""Made-up answers of every shape, for the tests of renderers."""

from datetime import UTC, date, datetime, timedelta

from handlers.answers.answer import (
    Alert,
    Answer,
    Brief,
    Digest,
    Explanation,
    Listing,
    Note,
    Notice,
    Preview,
    TopicTest,
    Trend,
)
from handlers.answers.parts import (
    Button,
    Chart,
    DigestGroup,
    Link,
    Quote,
    Report,
    Row,
    Step,
    StoryLine,
    Tone,
    TopicMark,
)

AT = datetime(2026, 11, 22, 14, 2, tzinfo=UTC)
"""A Sunday."""
HUAWEI = TopicMark(title="Huawei", color="#cf0a2c")
FIVE_G = TopicMark(title="5G", color="#2563eb")
HEADLINE = "MTS and Huawei agree to build 5G in Russia"
SENTENCE = "The agreement between MTS and Huawei covers pilot 5G networks in 2019 and 2020."
DAYS = tuple(date(2026, 11, 16) + timedelta(days=day) for day in range(7))


def button(label: str, action: str = "do:1") -> Button:
    return Button(label=label, action=action)


def report(publisher: str = "Example Wire", *, url: str | None = "https://wire.example/1", at: datetime = AT) -> Report:
    return Report(publisher=publisher, url=url, at=at)


def quote(text: str = SENTENCE, *words: str, cites: tuple[int, ...] = ()) -> Quote:
    """The text with these words of it in bold."""
    bold = tuple((text.index(word), text.index(word) + len(word)) for word in words)
    return Quote(text=text, bold=bold, cites=cites)


def chart(counts: tuple[int, ...] = (2, 4, 1, 0, 3, 7, 6), *, name: str = "Huawei") -> Chart:
    return Chart(
        title=f"{name}: mentions a day",
        days=DAYS[: len(counts)],
        series=((name, counts),),
        today=DAYS[len(counts) - 1],
        alt=f"{name}: {sum(counts)} mentions",
    )


def alert(headline: str = HEADLINE, *, story_id: int = 1, url: str | None = "https://wire.example/1") -> Alert:
    return Alert(
        story_id=story_id,
        topics=(HUAWEI, FIVE_G),
        headline=Link(text=headline, url=url),
        sentences=(quote(SENTENCE, "MTS", "Huawei", "5G"),),
        lead=report(),
        time_zone="Europe/Berlin",
        language="en",
        buttons=tuple(
            button(label, f"{label.casefold()}:1")
            for label in ("Brief", "Why?", "Not relevant", "Follow", "Mute story")
        ),
    )


def note() -> Note:
    return Note(
        label="New", quote=quote("Washington will review licences.", "Washington"), source=report("Sample Post")
    )


def story_line(number: int = 1) -> StoryLine:
    return StoryLine(
        story_id=number,
        headline=Link(text=HEADLINE, url="https://wire.example/1"),
        sources=7,
        articles=9,
        sentence=quote(SENTENCE, "Huawei", cites=(number,)),
        report=report(),
    )


def digest() -> Digest:
    return Digest(
        day=date(2026, 11, 22),
        late=True,
        part=(1, 2),
        stories=14,
        articles=41,
        groups=(DigestGroup(topic=HUAWEI, stories=(story_line(),), more=4, elsewhere=3, brief=button("Brief")),),
        chart=chart(),
        held=(("overnight (22:00-07:00)", 5),),
        next_at=AT + timedelta(hours=18),
        time_zone="Europe/Berlin",
        buttons=(button("Change"),),
    )


def brief() -> Brief:
    return Brief(
        topic="Huawei",
        topic_id=1,
        since=AT - timedelta(days=7),
        until=AT,
        period="last 7 days",
        articles=23,
        total_stories=9,
        usual=14.2,
        fresh=3,
        last_read_at=AT - timedelta(days=6),
        chart=chart(),
        stories=(story_line(1), story_line(2)),
        also=(("5G", "+40 %"), ("Entity List", "new")),
        said=quote("We keep every contract.", cites=(2,)),
        references=(
            (1, Link(text=HEADLINE, url="https://wire.example/1"), report()),
            (2, Link(text="Another", url=None), report("Nordlys", url=None)),
        ),
        time_zone="Europe/Berlin",
        buttons=(button("Share"),),
    )


def every_answer() -> tuple[Answer, ...]:
    """One of each shape, every optional part filled."""
    row = Row(
        title="Huawei", url="https://wire.example/t", detail="23 articles", quote=quote(), buttons=(button("Brief"),)
    )
    return (
        alert(),
        note(),
        digest(),
        Notice(
            text="The quote is never closed.",
            tone=Tone.REFUSED,
            code='huawei AND "entity\n           ^',
            links=(Link(text="Its feed", url="https://wire.example/feed"),),
            buttons=(button("Retry"),),
        ),
        brief(),
        Listing(title="Topics", summary="12 topics", rows=(row,), more=10, buttons=(button("More"),)),
        Preview(
            text="#general now gets Huawei.",
            example=alert(),
            pace="instant",
            posts_a_week=9.3,
            next_digest_at=AT,
            time_zone="Europe/Berlin",
            buttons=(button("Daily"),),
        ),
        Trend(chart=chart(), text="Huawei is up 40 %.", buttons=(button("Share"),)),
        TopicTest(
            query="huawei NEAR/8 sanctions",
            days=30,
            articles=14,
            posts_a_week=3.2,
            near_misses=(row,),
            examples=(row,),
            shares=(("sanctions", 0.62),),
            never_seen=("制裁",),
            chart=chart(),
            buttons=(button("Save"),),
        ),
        Explanation(
            headline=Link(text=HEADLINE, url="https://wire.example/1"),
            steps=(Step(ok=True, text="IngestResult."), Step(ok=False, text="Held: quiet hours.")),
            verdict="Not posted: it came in the quiet hours.",
            trees=(("Huawei", "✓ OR\n  ✓ huawei"),),
            buttons=(button("Retry"),),
        ),
    )
