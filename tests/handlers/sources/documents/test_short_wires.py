"""Short texts, by all ways in: every word is stored and matched, however much a line looks like a page's label."""

import json
import re
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from html import escape
from pathlib import Path
from typing import TypedDict

import pytest

from bot.web.documents import DocumentIn, read_json
from handlers.drafts import ArticleDraft, Draft
from handlers.sources.documents.document import read_document
from handlers.sources.feeds.feed import read_feed
from handlers.topics.catalogue import read_catalogue
from handlers.topics.matcher import Matcher, Readable
from tests.support.paths import ROOT
from tests.support.topics import a_topic


class Wire(TypedDict):
    title: str
    text: str
    language: str


WIRES: list[Wire] = json.loads((Path(__file__).parent / "data" / "short_wires.json").read_text(encoding="utf-8"))
LONG_TITLE = "Huawei " + "and one more firm " * 40 + "listed"


def api(wire: Wire) -> Sequence[Draft]:
    return read_json(DocumentIn(**wire))


def api_text_alone(wire: Wire) -> Sequence[Draft]:
    return read_json(DocumentIn(text=wire["text"], language=wire["language"]))


def text(wire: Wire) -> Sequence[Draft]:
    return read(f"{wire['title']}\n\n{wire['text']}\n", "wire.txt")


def text_without_empty_lines(wire: Wire) -> Sequence[Draft]:
    return read(re.sub(r"\n+", "\n", f"{wire['title']}\n{wire['text']}\n"), "wire.txt")


def text_alone(wire: Wire) -> Sequence[Draft]:
    return read(wire["text"], "wire.txt")


def text_with_fields(wire: Wire) -> Sequence[Draft]:
    return read(f"Title: {wire['title']}\nLanguage: {wire['language']}\n\n{wire['text']}\n", "wire.txt")


def markdown(wire: Wire) -> Sequence[Draft]:
    return read(f"# {wire['title']}\n\n{wire['text']}\n", "wire.md")


def markdown_with_front_matter(wire: Wire) -> Sequence[Draft]:
    return read(f'---\ntitle: "{wire["title"]}"\n---\n\n{wire["text"]}\n', "wire.md")


def markdown_with_html(wire: Wire) -> Sequence[Draft]:
    return read(f"## {wire['title']}\n\n{tagged(wire, 'div')}\n", "wire.md")


def page(wire: Wire) -> Sequence[Draft]:
    title = escape(wire["title"])
    head = f'<!doctype html><html lang="{wire["language"]}"><head><title>{title}</title></head>'
    return read(f"{head}<body><h1>{title}</h1>{tagged(wire, 'p')}</body></html>", "wire.html")


def page_without_head(wire: Wire) -> Sequence[Draft]:
    return read(f"<h1>{escape(wire['title'])}</h1>{tagged(wire, 'div')}", "wire.html")


def page_of_headings(wire: Wire) -> Sequence[Draft]:
    return read(f"<html><title>{escape(wire['title'])}</title><body>{tagged(wire, 'h2')}</body></html>", "wire.html")


def page_of_a_list(wire: Wire) -> Sequence[Draft]:
    return read(f"<html><body><h1>{escape(wire['title'])}</h1><ul>{tagged(wire, 'li')}</ul></body></html>", "wire.html")


def letter(wire: Wire) -> Sequence[Draft]:
    return mail(wire, plain=True, html=False)


def letter_in_html(wire: Wire) -> Sequence[Draft]:
    return mail(wire, plain=False, html=True)


def letter_in_both(wire: Wire) -> Sequence[Draft]:
    return mail(wire, plain=True, html=True)


def rss(wire: Wire) -> Sequence[Draft]:
    return feed(wire, escape(escape(wire["text"])))


def rss_with_markup(wire: Wire) -> Sequence[Draft]:
    return feed(wire, f"<![CDATA[{tagged(wire, 'p')}]]>")


def atom(wire: Wire) -> Sequence[Draft]:
    entry = f"<title>{escape(wire['title'])}</title><content type='text'>{escape(wire['text'])}</content>"
    body = f"<feed xmlns='http://www.w3.org/2005/Atom'><id>1</id><entry><id>2</id>{entry}</entry></feed>"
    return read_feed(body.encode(), content_type=None, url="https://wire.example/feed").entries


def json_feed(wire: Wire) -> Sequence[Draft]:
    item = {"id": "1", "title": wire["title"], "content_text": wire["text"]}
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Wire", "items": [item]})
    return read_feed(body.encode(), content_type=None, url="https://wire.example/feed").entries


WAYS: list[Callable[[Wire], Sequence[Draft]]] = [
    *(api, api_text_alone, text, text_without_empty_lines, text_alone, text_with_fields),
    *(markdown, markdown_with_front_matter, markdown_with_html),
    *(page, page_without_head, page_of_headings, page_of_a_list),
    *(letter, letter_in_html, letter_in_both, rss, rss_with_markup, atom, json_feed),
]


def read(body: str, name: str) -> Sequence[Draft]:
    return read_document(body.encode(), content_type=None, name=name)


def mail(wire: Wire, *, plain: bool, html: bool) -> Sequence[Draft]:
    message = EmailMessage()
    message["From"] = "Desk <desk@wire.example>"
    message["Subject"] = wire["title"]
    message["Message-ID"] = "<1@wire.example>"
    if plain:
        message.set_content(wire["text"])
    if html and plain:
        message.add_alternative(tagged(wire, "p"), subtype="html")
    elif html:
        message.set_content(tagged(wire, "p"), subtype="html")
    return read_document(message.as_bytes(), content_type=None, name="wire.eml")


def feed(wire: Wire, description: str) -> Sequence[Draft]:
    item = f"<title>{escape(wire['title'])}</title><link>/1</link><description>{description}</description>"
    body = f"<rss version='2.0'><channel><title>Wire</title><item>{item}</item></channel></rss>"
    return read_feed(body.encode(), content_type=None, url="https://wire.example/feed").entries


def tagged(wire: Wire, tag: str) -> str:
    return "".join(f"<{tag}>{escape(line)}</{tag}>" for line in wire["text"].split("\n") if line)


def words(of: str) -> set[str]:
    return set(re.findall(r"\w+", of.casefold()))


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__.replace("_", " "))
def test_every_word_of_a_short_text_is_stored(way: Callable[[Wire], Sequence[Draft]]) -> None:
    lost = {}
    for wire in WIRES:
        (draft,) = way(wire)
        assert isinstance(draft, ArticleDraft)
        if missing := words(wire["text"]) - words(f"{draft.title} {draft.text}"):
            lost[f"{wire['title']}: {wire['text']}"] = missing

    assert lost == {}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__.replace("_", " "))
def test_topics_match_a_short_text_by_every_way_as_they_match_its_words(
    way: Callable[[Wire], Sequence[Draft]],
) -> None:
    catalogue = read_catalogue((ROOT / "seeds" / "topics.toml").read_text(encoding="utf-8"))
    matcher = Matcher(
        a_topic(number, topic.query, aliases=topic.aliases)
        for number, topic in enumerate(catalogue)
        if topic.name in ("huawei", "zte", "sanctions")
    )

    def topics(title: str, text: str, language: str) -> set[int]:
        return {found.topic_id for found in matcher.match(Readable(title=title, body=text, language=language))}

    for wire in WIRES:
        (draft,) = way(wire)
        assert isinstance(draft, ArticleDraft)
        assert topics("", wire["text"], wire["language"]) <= topics(draft.title, draft.text, wire["language"])


@pytest.mark.parametrize("way", [api, text_with_fields, markdown, page, letter, letter_in_html, rss, atom, json_feed])
def test_a_given_title_is_the_headline(way: Callable[[Wire], Sequence[Draft]]) -> None:
    titles = {(draft.title, wire["title"]) for wire in WIRES for draft in way(wire) if isinstance(draft, ArticleDraft)}

    assert [pair for pair in titles if pair[0] != pair[1]] == []


@pytest.mark.parametrize("way", [api, text, markdown, page, letter, letter_in_html, rss, atom, json_feed])
@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Huawei hit by sanctions", ""),
        ("HUAWEI HIT BY SANCTIONS.\n\nShares fell.", "Shares fell."),
        ("Huawei hit by sanctions again\n\nShares fell.", "Huawei hit by sanctions again\n\nShares fell."),
    ],
    ids=["alone", "first", "another"],
)
def test_only_the_title_itself_is_left_out(way: Callable[[Wire], Sequence[Draft]], text: str, kept: str) -> None:
    (draft,) = way(Wire(title="Huawei hit by sanctions", text=text, language="en"))

    assert isinstance(draft, ArticleDraft)
    assert (draft.title, draft.text.replace("\n\n", " ")) == ("Huawei hit by sanctions", kept.replace("\n\n", " "))


def test_a_posted_text_keeps_bylines_datelines_sources_buttons_and_its_order() -> None:
    text = (
        "By Jane Doe\n\n5 June 2026\n\nMOSCOW, June 5 (Example Wire) - Huawei was put under sanctions, a minister said."
        "\n\n• One\n\n• Two\n\nRead more\n\nShare\n\nSource: Huawei will be sanctioned\n\nhttps://wire.example/1"
    )

    (draft,) = read_json(DocumentIn(title="Notice", text=text))

    assert isinstance(draft, ArticleDraft)
    assert draft.text == text.replace("• ", "")
    assert (draft.author, draft.publisher) == ("Jane Doe", "Example Wire")


@pytest.mark.parametrize("way", [text_with_fields, markdown_with_front_matter, letter])
def test_a_title_too_long_for_a_headline_is_whole_in_the_text(way: Callable[[Wire], Sequence[Draft]]) -> None:
    (draft,) = way(Wire(title=LONG_TITLE, text="It takes effect today.", language="en"))

    assert isinstance(draft, ArticleDraft)
    assert draft.title.endswith("…")
    assert draft.text == f"{LONG_TITLE}\n\nIt takes effect today."


def test_an_ordinary_line_is_a_better_headline_than_a_label_above_it() -> None:
    (draft,) = read("Notice\n\nHuawei added to Entity List over chips\n\nThe ministry named four more firms.", "a.txt")

    assert isinstance(draft, ArticleDraft)
    assert draft.title == "Huawei added to Entity List over chips"
    assert draft.text == "Notice\n\nThe ministry named four more firms."
