"""Newsletters: each story is an article with its own link, and the letter stays findable."""

import textwrap
from collections.abc import Callable

import pytest

from handlers.drafts import ArticleDraft
from tests.support.letters import STORIES, Story, an_email, kept_apart, read, read_article

FOOTER = (
    "<tr><td>You get this letter because you signed up at coast.example.<br>"
    "<a href='https://coast.example/u'>Unsubscribe</a> | <a href='https://coast.example/p'>Preferences</a><br>"
    "Coast Media Ltd, Huawei Road 1, Nord<br>© 2026 Coast</td></tr>"
)


def page(rows: str) -> str:
    preview = "<div style='display:none;max-height:0'>Huawei preview &zwnj;&nbsp;&zwnj;&nbsp;</div>"
    top = "<tr><td><a href='https://coast.example/view'>View this email in your browser</a></td></tr>"
    return f"<html><body>{preview}<table>{top}{rows}{FOOTER}</table></body></html>"


def tables(stories: list[Story]) -> str:
    return page(
        "".join(
            f"<tr><td><h2><a href='{url}'>{title}</a></h2><p>{text}</p><p><a href='{url}&b'>Read more</a></p></td></tr>"
            for title, text, url in stories
        )
    )


def pictures_beside_the_text(stories: list[Story]) -> str:
    return page(
        "".join(
            f"<tr><td><a href='{url}'><img src='a.jpg' alt='A picture'></a></td>"
            f"<td><a href='{url}'><b>{title}</b></a><br>{text}</td></tr>"
            for title, text, url in stories
        )
    )


def large_type_and_buttons(stories: list[Story]) -> str:
    rows = "".join(
        f"<div><div style='font-size:22px'>{title}</div><div>{text}</div><div><a href='{url}'>Read on</a></div></div>"
        for title, text, url in stories
    )
    return page(f"<tr><td>{rows}</td></tr>")


def bold_headings_with_links_in_the_text(stories: list[Story]) -> str:
    rows = "".join(
        f"<tr><td><p><strong>{title}</strong></p><p>{text} <a href='{url}'>Coast Gazette</a></p></td></tr>"
        for title, text, url in stories
    )
    return page(f"<tr><td>Good morning, this is what happened.</td></tr>{rows}")


def bold_beginnings(stories: list[Story]) -> str:
    return page(
        "".join(
            f"<tr><td><p><b>{title}.</b> {text} <a href='{url}'>Coast Gazette</a></p></td></tr>"
            for title, text, url in stories
        )
    )


def whole_blocks_as_links(stories: list[Story]) -> str:
    return page(
        "".join(
            f"<tr><td><a href='{url}'><div style='font-weight:700'>{title}</div><div>{text}</div></a></td></tr>"
            for title, text, url in stories
        )
    )


def forwarded_by_gmail(stories: list[Story]) -> str:
    header = (
        "From: <strong>Coast Letter</strong> &lt;news@coast.example&gt;<br>Date: Tue, 24 Nov 2026 07:00:00 +0100<br>"
    )
    mark = f"---------- Forwarded message ---------<br>{header}Subject: Coast Letter: Tuesday<br>To: Ada<br>"
    return f"<div>see below<br><br><div class='gmail_quote'><div>{mark}</div><br>{tables(stories)}</div></div>"


HTML = [
    *(tables, pictures_beside_the_text, large_type_and_buttons, bold_headings_with_links_in_the_text, bold_beginnings),
    *(whole_blocks_as_links, forwarded_by_gmail),
]
PLAIN_FOOTER = (
    "\n\nYou get this letter because you signed up.\nUnsubscribe: https://coast.example/u\nCoast Media\nHuawei Road 1\n"
)


def wrapped(text: str) -> str:
    return "\n".join(textwrap.wrap(text, 72))


def address_below_the_headline(stories: list[Story]) -> str:
    return "\n\n".join(f"{title}\n{url}\n{wrapped(text)}" for title, text, url in stories)


def address_below_the_text(stories: list[Story]) -> str:
    return "\n\n".join(f"{title}\n{wrapped(text)}\n{url}" for title, text, url in stories)


def addresses_in_brackets(stories: list[Story]) -> str:
    return "\n\n".join(f"{title} [{url}]\n\n{wrapped(text)}\n\nRead more [{url}&b]" for title, text, url in stories)


def headlines_between_rules(stories: list[Story]) -> str:
    return "\n\n".join(f"** {title} ({url})\n{'-' * 60}\n{text}\n\nRead more ({url})" for title, text, url in stories)


PLAIN = [address_below_the_headline, address_below_the_text, addresses_in_brackets, headlines_between_rules]


def newsletter(make: Callable[[list[Story]], str]) -> list[ArticleDraft]:
    if make in PLAIN:
        mail = an_email("Coast Letter: Tuesday", plain=make(STORIES) + PLAIN_FOOTER)
    else:
        mail = an_email("Coast Letter: Tuesday", html=make(STORIES))
    if make is not forwarded_by_gmail:
        mail.replace_header("From", "Coast Letter <news@coast.example>")
    return [draft for draft in read(mail) if isinstance(draft, ArticleDraft)]


@pytest.mark.parametrize("make", [*HTML, *PLAIN], ids=lambda make: make.__name__)
def test_each_story_is_an_article_with_its_link(make: Callable[[list[Story]], str]) -> None:
    drafts = newsletter(make)

    assert [(draft.title, draft.url) for draft in drafts] == [(title, url) for title, _, url in STORIES]
    assert all(text in draft.text for draft, (_, text, _) in zip(drafts, STORIES, strict=True))
    assert {draft.publisher for draft in drafts} == {"Coast Letter"}


@pytest.mark.parametrize("make", [*HTML, *PLAIN], ids=lambda make: make.__name__)
def test_preview_text_buttons_and_footer_are_no_text_of_a_story(make: Callable[[list[Story]], str]) -> None:
    text = " ".join(draft.text for draft in newsletter(make))

    assert not any(word in text for word in ("Huawei", "Unsubscribe", "Read more", "Read on", "View this", "signed up"))


@pytest.mark.parametrize("make", [*HTML, *PLAIN], ids=lambda make: make.__name__)
def test_the_letter_stays_findable_by_its_subject(make: Callable[[list[Story]], str]) -> None:
    assert all("Coast Letter: Tuesday" in kept_apart(draft) for draft in newsletter(make))


def test_a_plain_text_that_has_only_addresses_is_not_preferred_to_the_html_version() -> None:
    stub = "\n".join(url for _, _, url in STORIES) + "\nhttps://coast.example/u\n"

    drafts = read(an_email("Coast Letter", plain=stub, html=tables(STORIES)))

    assert [draft.title for draft in drafts if isinstance(draft, ArticleDraft)] == [title for title, _, _ in STORIES]


def test_headlines_in_a_list_are_stories() -> None:
    items = "".join(f"<li><a href='{url}'>{title}</a> (Gazette)</li>" for title, _, url in STORIES)

    drafts = read(an_email("Coast Letter", html=page(f"<tr><td><h3>In other news</h3><ul>{items}</ul></td></tr>")))

    assert [draft.title for draft in drafts if isinstance(draft, ArticleDraft)] == [title for title, _, _ in STORIES]


def test_a_long_introduction_is_an_article_of_its_own() -> None:
    introduction = (
        "Last night the ministry put Norvane Steel on its list, which nobody had expected before the spring. " * 3
    )
    html = page(f"<tr><td><p>{introduction}</p></td></tr>{tables(STORIES)}")

    drafts = [draft for draft in read(an_email("Coast Letter", html=html)) if isinstance(draft, ArticleDraft)]

    assert [draft.title for draft in drafts] == ["Coast Letter", *(title for title, _, _ in STORIES)]
    assert "Norvane Steel" in drafts[0].text


def test_a_link_that_several_stories_share_does_not_identify_them() -> None:
    stories = [(title, text, "https://coast.example/today") for title, text, _ in STORIES]
    rows = "".join(
        f"<tr><td><p><b>{title}</b></p><p>{text}</p><a href='{url}'>Read more</a></td></tr>"
        for title, text, url in stories
    )

    drafts = [draft for draft in read(an_email("Coast Letter", html=page(rows))) if isinstance(draft, ArticleDraft)]

    assert [draft.shared_url for draft in drafts] == [True, True, True]


def test_a_letter_of_one_text_with_subheadings_stays_whole() -> None:
    first = (
        "The ministry put Norvane Steel on the trade list on Monday, after months of talks with its partners abroad. "
        * 5
    )
    rows = "".join(
        f"<p><b>{title}</b></p><p>{text} See <a href='{url}'>the order</a>.</p>" for title, text, url in STORIES
    )

    draft = read_article(an_email("Norvane Steel listed", html=page(f"<tr><td><p>{first}</p>{rows}</td></tr>")))

    assert draft.title == "Norvane Steel listed"
    assert all(title in draft.text and text in draft.text for title, text, _ in STORIES)


def test_a_letter_by_a_person_with_links_stays_whole() -> None:
    html = (
        "<p>Dear Ada,</p><p>The ministry listed Norvane Steel: see "
        "<a href='https://m.example/1'>the order of Monday</a> and "
        "<a href='https://m.example/2'>the annex with all names</a>.</p><p>Yours, Bob</p>"
    )

    draft = read_article(an_email("Norvane Steel listed", html=html))

    assert draft.text.split("\n\n")[0] == "Dear Ada,"
    assert draft.text.split("\n\n")[-1] == "Yours, Bob"


def test_the_only_linked_heading_of_a_letter_is_its_address() -> None:
    html = page(
        "<tr><td><h1><a href='https://s.example/p/wolves'>Wolves return</a></h1>"
        f"<p>{STORIES[1][1]}</p><a href='https://s.example/app'>READ IN APP</a></td></tr>"
    )

    assert read_article(an_email("Wolves return", html=html)).url == "https://s.example/p/wolves"
