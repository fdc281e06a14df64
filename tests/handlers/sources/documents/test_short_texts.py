"""Short texts in every format: all words are stored and matched, even if a line looks like the label of a page."""

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


class ShortText(TypedDict):
    title: str
    text: str
    language: str


SHORT_TEXTS: list[ShortText] = json.loads(
    (Path(__file__).parent / "data" / "short_texts.json").read_text(encoding="utf-8")
)
Format = Callable[[ShortText], Sequence[Draft]]
LONG_TITLE = "Huawei " + "and one more firm " * 40 + "listed"


def api(short: ShortText) -> Sequence[Draft]:
    return read_json(DocumentIn(**short))


def api_text_alone(short: ShortText) -> Sequence[Draft]:
    return read_json(DocumentIn(text=short["text"], language=short["language"]))


def text(short: ShortText) -> Sequence[Draft]:
    return read(f"{short['title']}\n\n{short['text']}\n", "wire.txt")


def text_without_empty_lines(short: ShortText) -> Sequence[Draft]:
    return read(re.sub(r"\n+", "\n", f"{short['title']}\n{short['text']}\n"), "wire.txt")


def text_alone(short: ShortText) -> Sequence[Draft]:
    return read(short["text"], "wire.txt")


def text_with_fields(short: ShortText) -> Sequence[Draft]:
    return read(f"Title: {short['title']}\nLanguage: {short['language']}\n\n{short['text']}\n", "wire.txt")


def markdown(short: ShortText) -> Sequence[Draft]:
    return read(f"# {short['title']}\n\n{short['text']}\n", "wire.md")


def markdown_with_front_matter(short: ShortText) -> Sequence[Draft]:
    return read(f'---\ntitle: "{short["title"]}"\n---\n\n{short["text"]}\n', "wire.md")


def markdown_with_html(short: ShortText) -> Sequence[Draft]:
    return read(f"## {short['title']}\n\n{tagged(short, 'div')}\n", "wire.md")


def page(short: ShortText) -> Sequence[Draft]:
    title = escape(short["title"])
    head = f'<!doctype html><html lang="{short["language"]}"><head><title>{title}</title></head>'
    return read(f"{head}<body><h1>{title}</h1>{tagged(short, 'p')}</body></html>", "wire.html")


def page_without_head(short: ShortText) -> Sequence[Draft]:
    return read(f"<h1>{escape(short['title'])}</h1>{tagged(short, 'div')}", "wire.html")


def page_of_headings(short: ShortText) -> Sequence[Draft]:
    return read(f"<html><title>{escape(short['title'])}</title><body>{tagged(short, 'h2')}</body></html>", "wire.html")


def page_of_a_list(short: ShortText) -> Sequence[Draft]:
    return read(
        f"<html><body><h1>{escape(short['title'])}</h1><ul>{tagged(short, 'li')}</ul></body></html>", "wire.html"
    )


def e_mail(short: ShortText) -> Sequence[Draft]:
    return read_mail(short, plain=True, html=False)


def e_mail_in_html(short: ShortText) -> Sequence[Draft]:
    return read_mail(short, plain=False, html=True)


def e_mail_in_both(short: ShortText) -> Sequence[Draft]:
    return read_mail(short, plain=True, html=True)


def rss(short: ShortText) -> Sequence[Draft]:
    return feed(short, escape(escape(short["text"])))


def rss_with_markup(short: ShortText) -> Sequence[Draft]:
    return feed(short, f"<![CDATA[{tagged(short, 'p')}]]>")


def atom(short: ShortText) -> Sequence[Draft]:
    entry = f"<title>{escape(short['title'])}</title><content type='text'>{escape(short['text'])}</content>"
    body = f"<feed xmlns='http://www.w3.org/2005/Atom'><id>1</id><entry><id>2</id>{entry}</entry></feed>"
    return read_feed(body.encode(), content_type=None, url="https://wire.example/feed").entries


def json_feed(short: ShortText) -> Sequence[Draft]:
    item = {"id": "1", "title": short["title"], "content_text": short["text"]}
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Wire", "items": [item]})
    return read_feed(body.encode(), content_type=None, url="https://wire.example/feed").entries


FORMATS: list[Format] = [
    *(api, api_text_alone, text, text_without_empty_lines, text_alone, text_with_fields),
    *(markdown, markdown_with_front_matter, markdown_with_html),
    *(page, page_without_head, page_of_headings, page_of_a_list),
    *(e_mail, e_mail_in_html, e_mail_in_both, rss, rss_with_markup, atom, json_feed),
]


def read(body: str, name: str) -> Sequence[Draft]:
    return read_document(body.encode(), content_type=None, name=name)


def read_mail(short: ShortText, *, plain: bool, html: bool) -> Sequence[Draft]:
    message = EmailMessage()
    message["From"] = "Desk <desk@wire.example>"
    message["Subject"] = short["title"]
    message["Message-ID"] = "<1@wire.example>"
    if plain:
        message.set_content(short["text"])
    if html and plain:
        message.add_alternative(tagged(short, "p"), subtype="html")
    elif html:
        message.set_content(tagged(short, "p"), subtype="html")
    return read_document(message.as_bytes(), content_type=None, name="wire.eml")


def feed(short: ShortText, description: str) -> Sequence[Draft]:
    item = f"<title>{escape(short['title'])}</title><link>/1</link><description>{description}</description>"
    body = f"<rss version='2.0'><channel><title>Wire</title><item>{item}</item></channel></rss>"
    return read_feed(body.encode(), content_type=None, url="https://wire.example/feed").entries


def tagged(short: ShortText, tag: str) -> str:
    return "".join(f"<{tag}>{escape(line)}</{tag}>" for line in short["text"].split("\n") if line)


def words(of: str) -> set[str]:
    return set(re.findall(r"\w+", of.casefold()))


@pytest.mark.parametrize("read_as", FORMATS, ids=lambda read_as: read_as.__name__.replace("_", " "))
def test_every_word_of_a_short_text_is_stored(read_as: Format) -> None:
    lost = {}
    for short in SHORT_TEXTS:
        (draft,) = read_as(short)
        assert isinstance(draft, ArticleDraft)
        if missing := words(short["text"]) - words(f"{draft.title} {draft.text}"):
            lost[f"{short['title']}: {short['text']}"] = missing

    assert lost == {}


@pytest.mark.parametrize("read_as", FORMATS, ids=lambda read_as: read_as.__name__.replace("_", " "))
def test_topics_match_a_short_text_in_every_format_as_they_match_its_words(
    read_as: Format,
) -> None:
    catalogue = read_catalogue((ROOT / "seeds" / "topics.toml").read_text(encoding="utf-8"))
    matcher = Matcher(
        a_topic(number, topic.query, aliases=topic.aliases)
        for number, topic in enumerate(catalogue)
        if topic.name in ("huawei", "zte", "sanctions")
    )

    def topics(title: str, text: str, language: str) -> set[int]:
        return {found.topic_id for found in matcher.match(Readable(title=title, body=text, language=language))}

    for short in SHORT_TEXTS:
        (draft,) = read_as(short)
        assert isinstance(draft, ArticleDraft)
        assert topics("", short["text"], short["language"]) <= topics(draft.title, draft.text, short["language"])


@pytest.mark.parametrize(
    "read_as", [api, text_with_fields, markdown, page, e_mail, e_mail_in_html, rss, atom, json_feed]
)
def test_a_given_title_is_the_headline(read_as: Format) -> None:
    titles = {
        (draft.title, short["title"])
        for short in SHORT_TEXTS
        for draft in read_as(short)
        if isinstance(draft, ArticleDraft)
    }

    assert [pair for pair in titles if pair[0] != pair[1]] == []


@pytest.mark.parametrize("read_as", [api, text, markdown, page, e_mail, e_mail_in_html, rss, atom, json_feed])
@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Huawei hit by sanctions", ""),
        ("HUAWEI HIT BY SANCTIONS.\n\nShares fell.", "Shares fell."),
        ("Huawei hit by sanctions again\n\nShares fell.", "Huawei hit by sanctions again\n\nShares fell."),
    ],
    ids=["alone", "first", "another"],
)
def test_only_a_line_that_repeats_the_title_is_left_out(read_as: Format, text: str, rest: str) -> None:
    (draft,) = read_as(ShortText(title="Huawei hit by sanctions", text=text, language="en"))

    assert isinstance(draft, ArticleDraft)
    assert (draft.title, draft.text.replace("\n\n", " ")) == ("Huawei hit by sanctions", rest.replace("\n\n", " "))


def test_a_posted_text_keeps_bylines_datelines_sources_buttons_and_its_order() -> None:
    text = (
        "By Jane Doe\n\n5 June 2026\n\nMOSCOW, June 5 (Example Wire) - Huawei was put under sanctions, a minister said."
        "\n\n• One\n\n• Two\n\nRead more\n\nShare\n\nSource: Huawei will be sanctioned\n\nhttps://wire.example/1"
    )

    (draft,) = read_json(DocumentIn(title="Notice", text=text))

    assert isinstance(draft, ArticleDraft)
    assert draft.text == text.replace("• ", "")
    assert (draft.author, draft.publisher) == ("Jane Doe", "Example Wire")


@pytest.mark.parametrize("read_as", [text_with_fields, markdown_with_front_matter, e_mail])
def test_a_title_too_long_for_a_headline_is_complete_in_the_text(
    read_as: Format,
) -> None:
    (draft,) = read_as(ShortText(title=LONG_TITLE, text="It takes effect today.", language="en"))

    assert isinstance(draft, ArticleDraft)
    assert draft.title.endswith("…")
    assert draft.text == f"{LONG_TITLE}\n\nIt takes effect today."


def test_a_clear_headline_is_preferred_to_a_label_above_it() -> None:
    (draft,) = read("Notice\n\nHuawei added to Entity List over chips\n\nThe ministry named four more firms.", "a.txt")

    assert isinstance(draft, ArticleDraft)
    assert draft.title == "Huawei added to Entity List over chips"
    assert draft.text == "Notice\n\nThe ministry named four more firms."
