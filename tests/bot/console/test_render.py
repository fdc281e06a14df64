"""Answers as HTML: every type is rendered, text from outside stays text, and times are in the reader's zone."""

import re
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any, get_args

import pytest

from bot.console.phrases import web_address
from bot.console.render import Renderer, open_templates, summary_line
from handlers.answers.answer import Answer, Notice
from handlers.answers.phrases import brief_figures, held_line
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


class Parsed(HTMLParser):
    """The tags, the attributes and the text of a fragment."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.text = ""
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
        self.text += data

    def of(self, name: str) -> list[str | None]:
        return [value for key, value in self.attributes if key == name]


def rendered(answer: Answer) -> Parsed:
    return Parsed(RENDERER.fragment(answer, at=AT, zone="Europe/Berlin"))


def poisoned(value: Any) -> Any:
    """Return the answer with every string replaced by a hostile one, except type, tone and time zone."""
    if is_dataclass(value) and not isinstance(value, type):
        unchanged = {"type", "tone", "time_zone"}
        changed = {
            f.name: poisoned(getattr(value, f.name)) for f in fields(value) if f.name not in unchanged and f.init
        }
        return replace(value, **changed)
    if isinstance(value, tuple):
        return tuple(poisoned(part) for part in value)
    return HOSTILE if isinstance(value, str) else value


def type_of(answer: Answer) -> str:
    return answer.type


def test_the_samples_include_every_type_of_answer() -> None:
    assert {type(answer) for answer in every_answer()} == set(get_args(Answer))


@pytest.mark.parametrize("answer", every_answer(), ids=type_of)
def test_every_answer_is_balanced_html_with_its_buttons(answer: Answer) -> None:
    parsed = rendered(answer)

    assert parsed.open == []
    assert set(parsed.tags) <= ALLOWED
    for button in getattr(answer, "buttons", ()):
        assert button.action in parsed.of("value")


@pytest.mark.parametrize("answer", every_answer(), ids=type_of)
def test_text_from_outside_stays_text(answer: Answer) -> None:
    parsed = rendered(poisoned(answer))

    assert parsed.open == []
    assert set(parsed.tags) <= ALLOWED
    assert not [name for name, _ in parsed.attributes if name.startswith("on") or name in ("style", "src", "action")]
    assert parsed.of("href") == []
    assert "49" not in parsed.text.replace(HOSTILE, "")


@pytest.mark.parametrize("answer", every_answer(), ids=type_of)
def test_links_open_in_a_new_tab_and_send_no_referrer(answer: Answer) -> None:
    parsed = rendered(answer)

    links = len(parsed.of("href"))
    assert parsed.of("rel") == ["noopener noreferrer nofollow"] * links
    assert parsed.of("target") == ["_blank"] * links


@pytest.mark.parametrize("answer", every_answer(), ids=type_of)
def test_every_answer_has_a_summary_line(answer: Answer) -> None:
    assert summary_line(answer)


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


def test_an_alert_shows_topics_headline_sentence_and_byline_in_local_time() -> None:
    words = " ".join(rendered(alert()).text.split())

    assert words.startswith(f"Huawei5G{HEADLINE} {SENTENCE}")
    assert "Example Wire · 15:02" in words


def test_a_grown_alert_counts_its_sources() -> None:
    more = tuple(report(f"Outlet {number}") for number in range(6))
    grown = replace(alert(), more=more, independent=3, updated_at=AT + timedelta(hours=2))

    words = " ".join(rendered(grown).text.split())

    assert "+6 sources, 3 independent" in words
    assert "updated 17:02" in words


def test_a_headline_has_its_own_direction_and_language() -> None:
    html = RENDERER.fragment(replace(alert("هواوي توقع اتفاقا"), language="ar"), at=AT, zone="UTC")

    assert re.search(r'<h3 class="headline" dir="auto" lang="ar">', html)


def test_a_changed_headline_strikes_through_the_old_one() -> None:
    parsed = rendered(replace(note(), label="Headline changed", before="may build"))

    assert "del" in parsed.tags
    assert "may build" in parsed.text


def test_a_digest_says_that_it_is_late_and_what_was_held_back() -> None:
    words = " ".join(rendered(digest()).text.split())

    assert "Sunday 22 November part 1 of 2 late" in words
    assert "14 stories from 41 articles" in words
    assert held_line(digest()) in words


def test_a_brief_numbers_its_stories_and_its_references() -> None:
    words = " ".join(rendered(brief()).text.split())

    assert brief_figures(brief()) in words
    assert "[1] Example Wire, 15:02" in words
    assert "[2] Nordlys, 15:02" in words


def test_code_keeps_its_line_breaks() -> None:
    html = RENDERER.fragment(Notice(text="x", code="a\n  ^"), at=AT, zone="UTC")

    assert '<pre tabindex="0">a\n  ^</pre>' in html


def test_a_file_is_offered_as_a_download() -> None:
    parsed = rendered(Notice(text="Your feeds.", file=("feeds.opml", "<opml/>")))

    assert parsed.of("download") == ["feeds.opml"]
    assert parsed.of("href") == ["data:application/octet-stream;base64,PG9wbWwvPg=="]
