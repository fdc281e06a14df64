"""Answers as HTML: every shape is covered, outside text stays text, and times are the reader's."""

import re
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any, get_args

import pytest
from markupsafe import Markup

from bot.console.phrases import clock, language_tag, quotation, span, web_address
from bot.console.render import Renderer, headline, open_templates
from handlers.answers.answer import Answer, Notice
from handlers.answers.parts import Quote
from tests.support.posts import AT, HEADLINE, SENTENCE, alert, brief, digest, every_answer, note, report

RENDERER = Renderer(open_templates())
HOSTILE = (
    "</p></form><script>alert(1)</script><img src=x onerror=alert(1)>"
    '" onclick="alert(1)\' <!channel> @everyone {{ 7*7 }}'
)
ALLOWED = {
    *("a", "b", "bdi", "button", "circle", "code", "del", "details", "div", "h3", "h4", "ins", "li", "line", "ol", "p"),
    *("pre", "rect", "section", "span", "summary", "sup", "svg", "text", "time", "title", "ul"),
}


class Seen(HTMLParser):
    """The tags, the attributes and the words of a fragment."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def of(self, name: str) -> list[str | None]:
        return [value for key, value in self.attributes if key == name]


def rendered(answer: Answer) -> Seen:
    return Seen(RENDERER.fragment(answer, at=AT, zone="Europe/Berlin"))


def poisoned(value: Any) -> Any:
    """The same answer with every string replaced by a hostile one, but for its type and its pace."""
    if is_dataclass(value) and not isinstance(value, type):
        kept = {"type", "tone", "time_zone"}
        changed = {f.name: poisoned(getattr(value, f.name)) for f in fields(value) if f.name not in kept and f.init}
        return replace(value, **changed)
    if isinstance(value, tuple):
        return tuple(poisoned(part) for part in value)
    return HOSTILE if isinstance(value, str) else value


def names(answer: Answer) -> str:
    return answer.type


def test_the_samples_hold_every_shape() -> None:
    assert {type(answer) for answer in every_answer()} == set(get_args(Answer))


@pytest.mark.parametrize("answer", every_answer(), ids=names)
def test_every_shape_gives_balanced_html_and_its_buttons(answer: Answer) -> None:
    seen = rendered(answer)

    assert seen.open == []
    assert set(seen.tags) <= ALLOWED
    for button in getattr(answer, "buttons", ()):
        assert button.action in seen.of("value")


@pytest.mark.parametrize("answer", every_answer(), ids=names)
def test_outside_text_stays_text(answer: Answer) -> None:
    seen = rendered(poisoned(answer))

    assert seen.open == []
    assert set(seen.tags) <= ALLOWED
    assert not [name for name, _ in seen.attributes if name.startswith("on") or name in ("style", "src", "action")]
    assert seen.of("href") == []
    assert "49" not in seen.words.replace(HOSTILE, "")


@pytest.mark.parametrize("answer", every_answer(), ids=names)
def test_links_lead_out_without_telling_from_where(answer: Answer) -> None:
    seen = rendered(answer)

    links = len(seen.of("href"))
    assert seen.of("rel") == ["noopener noreferrer nofollow"] * links
    assert seen.of("target") == ["_blank"] * links


@pytest.mark.parametrize("answer", every_answer(), ids=names)
def test_every_shape_can_be_said_in_a_line(answer: Answer) -> None:
    assert headline(answer)


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://wire.example/a?b=c#d", True),
        ("http://wire.example", True),
        ("javascript:alert(1)", False),
        ("JavaScript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//wire.example", False),
        ("https://", False),
        ("https://[broken", False),
        ("https://wire.example/a b", False),
        ("java\tscript:alert(1)", False),
        ("", False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(url: str | None, linked: bool) -> None:
    assert (web_address(url) is not None) is linked
    assert (len(rendered(alert(url=url)).of("href")) == 1) is linked


@pytest.mark.parametrize(
    ("text", "bold", "shown"),
    [
        ("Huawei & MTS", ((0, 6),), "<b>Huawei</b> &amp; MTS"),
        ("Huawei", (), "Huawei"),
        ("Huawei", ((0, 999),), "<b>Huawei</b>"),
        ("Huawei", ((0, 4), (2, 6)), "<b>Huaw</b><b>ei</b>"),
        ("Huawei", ((4, 2), (-3, 2)), "<b>Hu</b>awei"),
        ("a<b>c", ((0, 2),), "<b>a&lt;</b>b&gt;c"),
    ],
)
def test_matched_words_are_bold(text: str, bold: tuple[tuple[int, int], ...], shown: str) -> None:
    assert quotation(Quote(text=text, bold=bold)) == Markup(shown)


def test_an_alert_shows_topics_headline_sentence_and_byline_in_local_time() -> None:
    words = " ".join(rendered(alert()).words.split())

    assert words.startswith(f"Huawei5G{HEADLINE} {SENTENCE}")
    assert "Example Wire · 15:02 · first report" in words


def test_a_grown_alert_counts_its_sources() -> None:
    more = tuple(report(f"Outlet {number}") for number in range(6))
    grown = replace(alert(), more=more, independent=3, updated_at=AT + timedelta(hours=2))

    words = " ".join(rendered(grown).words.split())

    assert "+6 sources, 3 independent" in words
    assert "updated 17:02" in words


def test_text_keeps_its_own_direction_and_language() -> None:
    html = RENDERER.fragment(replace(alert("هواوي توقع اتفاقا"), language="ar"), at=AT, zone="UTC")

    assert re.search(r'<h3 class="headline" dir="auto" lang="ar">', html)
    assert language_tag('ar" onload="x') is None


def test_a_changed_headline_strikes_the_old_words() -> None:
    seen = rendered(replace(note(), label="Headline changed", before="may build"))

    assert "del" in seen.tags
    assert "may build" in seen.words


def test_a_digest_says_that_it_is_late_and_what_was_held() -> None:
    words = " ".join(rendered(digest()).words.split())

    assert "Sunday 22 November part 1 of 2 late" in words
    assert "14 stories from 41 articles" in words
    assert "Held: overnight (22:00-07:00) 5" in words


def test_a_brief_numbers_its_stories_and_its_references() -> None:
    words = " ".join(rendered(brief()).words.split())

    assert "23 articles · 9 stories · usual 14 · 3 stories new since your last brief" in words
    assert "[1] Example Wire, 15:02" in words
    assert "[2] Nordlys, 15:02" in words


def test_code_keeps_its_line_breaks() -> None:
    html = RENDERER.fragment(Notice(text="x", code="a\n  ^"), at=AT, zone="UTC")

    assert '<pre tabindex="0">a\n  ^</pre>' in html


def test_a_file_is_handed_over_to_be_saved() -> None:
    seen = rendered(Notice(text="Your feeds.", file=("feeds.opml", "<opml/>")))

    assert seen.of("download") == ["feeds.opml"]
    assert seen.of("href") == ["data:application/octet-stream;base64,PG9wbWwvPg=="]


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (AT, "15:02"),
        (AT - timedelta(days=1), "Sat 15:02"),
        (AT - timedelta(days=40), "13 Oct 16:02"),
        (AT.replace(year=2019, day=3), "3 Nov 2019 15:02"),
    ],
)
def test_a_time_names_its_day_where_it_is_not_the_messages_own(at: datetime, shown: str) -> None:
    assert clock(at, "Europe/Berlin", beside=AT) == shown


def test_an_unknown_zone_is_utc() -> None:
    assert clock(AT, "Not/AZone", beside=AT) == "14:02"


@pytest.mark.parametrize(
    ("duration", "shown"),
    [
        (timedelta(seconds=40), "40 s"),
        (timedelta(minutes=4), "4 min"),
        (timedelta(hours=31), "31 h"),
        (timedelta(days=3), "3 days"),
    ],
)
def test_durations_are_said_in_one_unit(duration: timedelta, shown: str) -> None:
    assert span(duration) == shown
