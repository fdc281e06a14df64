"""An answer of every type, with plain or hostile text, for the tests of all renderers."""

from dataclasses import replace
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
    OtherHeadline,
    Quote,
    Report,
    Row,
    Step,
    StoryLine,
    Tone,
    TopicMark,
)

AT = datetime(2019, 6, 6, 12, 2, tzinfo=UTC)
HUAWEI = TopicMark(title="Huawei", color="#c7372f")
FIVE_G = TopicMark(title="5G", color="#2f6fc7")
HOSTILE = (
    "<!channel> @everyone <@U1> *bold* [bank](https://evil.example) `x` ~~s~~ ||hidden|| <https://evil.example|bank>"
)
SENTENCE = "The agreement was signed in Moscow on Wednesday between MTS and Huawei and covers pilot 5G networks."
LEAD = Report(publisher="Example Wire", url="https://example.com/mts", at=AT)
CHART = Chart(
    title="Huawei",
    days=tuple(date(2019, 5, 31) + timedelta(days=n) for n in range(7)),
    series=(("Huawei", (0, 2, 1, 0, 4, 3, 7)),),
    today=date(2019, 6, 6),
    alt="Mentions a day: 0, 2, 1, 0, 4, 3, 7.",
)
BUTTONS = (
    Button(label="Brief", action="brief:1:7d"),
    Button(label="Why?", action="why:7"),
    Button(label="Not relevant", action="irrelevant:3"),
    Button(label="Follow", action="follow:3"),
    Button(label="Mute story", action="mute:story:3"),
)


def alert(
    *, headline: str = "MTS and Huawei agree to build 5G in Russia", sentence: str = SENTENCE, more: int = 0
) -> Alert:
    bold = tuple(
        (sentence.index(word), sentence.index(word) + len(word)) for word in ("Huawei", "5G") if word in sentence
    )
    return Alert(
        story_id=3,
        topics=(HUAWEI, FIVE_G),
        headline=Link(text=headline, url="https://example.com/mts"),
        sentences=(Quote(text=sentence, bold=bold),),
        lead=LEAD,
        more=tuple(
            Report(publisher=f"Daily Sample {n}", url=f"https://example.org/{n}", at=AT + timedelta(minutes=n))
            for n in range(more)
        ),
        independent=max(1, more // 2),
        updated_at=AT + timedelta(hours=4) if more else None,
        time_zone="Europe/Moscow",
        buttons=BUTTONS,
    )


def line(
    number: int, text: str = "MTS and Huawei agree to build 5G in Russia", cites: tuple[int, ...] = ()
) -> StoryLine:
    return StoryLine(
        story_id=number,
        headline=Link(text=f"{text} {number}", url=f"https://example.com/{number}"),
        sources=number % 5 + 1,
        articles=number % 5 + 2,
        sentence=Quote(text=SENTENCE, bold=((64, 70), (88, 90)), cites=cites),
        report=LEAD,
    )


def digest(stories: int, text: str = "MTS and Huawei agree to build 5G in Russia") -> Digest:
    groups = (
        DigestGroup(topic=HUAWEI, stories=tuple(line(n, text) for n in range(stories // 2)), more=4, brief=BUTTONS[0]),
        DigestGroup(
            topic=FIVE_G, stories=tuple(line(n, text) for n in range(stories // 2, stories)), more=0, elsewhere=3
        ),
    )
    return Digest(
        day=date(2019, 6, 6),
        late=False,
        stories=stories,
        articles=stories * 3,
        groups=groups if stories else (),
        chart=CHART if stories else None,
        held=(("overnight (22:00-07:00)", 5), ("folded in a burst", 2)) if stories else (),
        next_at=AT + timedelta(days=1),
        time_zone="Europe/Berlin",
        buttons=(Button(label="Change", action="digest:change"), Button(label="Pause", action="digest:off")),
    )


def digest_also() -> Digest:
    """A digest of a story with different headlines, and of one that a roll-up named before."""
    several, listed = line(0), line(1)
    also = (
        OtherHeadline(
            headline=Link(text="Moscow signs with Huawei", url="https://sample.example/2"), publisher="Daily"
        ),
        OtherHeadline(headline=Link(text="5G *deal* in Moscow"), publisher="Sample & Post"),
    )
    stories = (replace(several, also=also, more_also=3), replace(listed, listed_at=AT - timedelta(hours=2)))
    group = DigestGroup(topic=HUAWEI, stories=stories, more=0)
    return replace(digest(2), groups=(group,), chart=None)


def brief(stories: int = 3, topic: str = "Huawei") -> Brief:
    return Brief(
        topic=topic,
        topic_id=1,
        since=AT - timedelta(days=7),
        until=AT,
        period="last 7 days",
        articles=23,
        total_stories=9,
        usual=14.0,
        fresh=3,
        last_read_at=AT - timedelta(days=3),
        chart=CHART,
        stories=tuple(line(n, cites=(n + 1,)) for n in range(stories)),
        also=(("5G", "+40 %"), ("Entity List", "new")),
        said=Quote(text="“We will appeal,” the company's chairman said.", cites=(2,)),
        references=tuple((n, Link(text="MTS", url=f"https://example.com/{n}"), LEAD) for n in range(1, stories + 1)),
        time_zone="Europe/Berlin",
        buttons=(Button(label="Share", action="share:abc", primary=True),),
    )


def added_note(headline: str) -> Note:
    """Return the note for an article that was added to a story."""
    return Note(
        label="Added",
        quote=Quote(text=headline),
        source=LEAD,
        headline=Link(text=headline, url=LEAD.url),
        buttons=(Button(label="Separate story", action="separate:8"),),
    )


def every_answer(text: str = HOSTILE) -> dict[str, Answer]:
    """Return one answer of each type, by its name, with `text` in every field for free text."""
    quote = Quote(text=text, bold=((0, min(4, len(text))),))
    row = Row(title=text, url="https://example.com/1", detail=text, quote=quote, buttons=BUTTONS[:2])
    return {
        "alert": alert(headline=text, sentence=text, more=6),
        "note": Note(label="New", quote=quote, before=text, source=LEAD, mentions=("123456789",)),
        "note_added": added_note(text),
        "digest": digest(4, text),
        "notice": Notice(text=text, tone=Tone.REFUSED, code=text, links=(Link(text=text, url="https://example.com"),)),
        "brief": brief(3, text),
        "listing": Listing(title=text, summary=text, rows=(row, row), more=3, buttons=BUTTONS[:1]),
        "preview": Preview(
            text=text,
            example=alert(headline=text),
            pace="instant",
            posts_a_week=3.0,
            next_digest_at=AT,
            time_zone="UTC",
            buttons=BUTTONS[:3],
        ),
        "trend": Trend(chart=CHART, text=text),
        "topic_test": TopicTest(
            query=text,
            days=30,
            articles=14,
            posts_a_week=3.2,
            near_misses=(row,),
            examples=(row, row),
            shares=((text, 0.62),),
            never_seen=(text,),
            chart=CHART,
            buttons=BUTTONS[:3],
        ),
        "explanation": Explanation(
            headline=Link(text=text, url="https://example.com"),
            steps=(Step(ok=True, text=text), Step(ok=False, text=text)),
            verdict=text,
            trees=((text, f"✓ {text}"),),
        ),
    }
