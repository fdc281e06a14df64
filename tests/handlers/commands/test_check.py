"""/check: the topics that a text or a file matches, with the matching passages. Nothing is stored."""

from dataclasses import replace

import pytest

from handlers.answers.answer import Listing, Notice
from handlers.answers.parts import Tone
from handlers.commands.check import check_articles
from handlers.drafts import ArticleDraft
from handlers.ports import Attachment
from storage.records import SHARED
from storage.store import Store
from tests.support.newsroom import Newsroom
from tests.support.pdf import pdf_of

TEXT = (
    "Huawei opened a plant on Monday.\n\nThe rain went on.\n\nWashington put Huawei on the Entity List. 5G is delayed."
)

LETTER = b"""From: Ann Tamm <ann@desk.example>
To: Bo Lind <bo@desk.example>
Subject: Re: The plant
Date: Mon, 2 Nov 2026 09:00:00 +0000
Content-Type: text/plain; charset=utf-8

Yes, Huawei opened the plant on Monday, and it will employ nine hundred people.

--
Ann Tamm
Desk Tallinn

On Mon, 2 Nov 2026 at 08:00, Bo Lind <bo@desk.example> wrote:
> Is the 5G plant open?
"""


@pytest.fixture
async def newsroom(sqlite_store: Store) -> Newsroom:
    return await Newsroom(sqlite_store).open()


async def _listing(newsroom: Newsroom, **asked: object) -> Listing:
    answer = (await newsroom.commands.answer(replace(newsroom.request("check"), **asked))).answer  # type: ignore[arg-type]
    assert isinstance(answer, Listing), answer
    return answer


async def test_each_topic_has_a_row_with_its_passages_and_the_words_in_bold(newsroom: Newsroom) -> None:
    answer = await _listing(newsroom, options={"text": TEXT})

    assert answer.title == "This text matches 3 topics"
    shown = {row.title: (row.detail, row.quote) for row in answer.rows}
    detail, quote = shown["Huawei"]
    assert detail == "2 matches" and quote is not None
    assert quote.text == "Huawei opened a plant on Monday. … Washington put Huawei on the Entity List."
    assert [quote.text[start:end] for start, end in quote.bold] == ["Huawei", "Huawei"]
    assert shown["5G"][1] is not None and shown["5G"][1].text == "5G is delayed."
    assert answer.summary == "20 words, checked against 4 topics. Nothing was stored."


async def test_what_is_set_aside_of_a_letter_is_named_and_not_matched(newsroom: Newsroom) -> None:
    answer = await _listing(newsroom, attachments=(Attachment(name="re.eml", content_type="", body=LETTER),))

    assert answer.title == "re.eml matches 1 topic"
    assert [row.title for row in answer.rows] == ["Huawei"]
    assert answer.summary.endswith(
        "Nothing was stored. Set aside and not matched: signature (4 words), quoted letter (16 words)."
    )


async def test_nothing_is_stored(newsroom: Newsroom) -> None:
    await newsroom.ask(f"/check {TEXT}")

    async with newsroom.store.read() as tx:
        assert await tx.articles.count(SHARED) == 0
        assert (await tx.ledger.totals()).arrivals == 0


async def test_a_text_that_matches_no_topic_gets_the_near_misses(newsroom: Newsroom) -> None:
    await newsroom.ask("/topics add deals = huawei AND moscow AND signed")
    await newsroom.ask("/topics add far = lion AND tiger")

    near = await _listing(newsroom, words="A contract was signed in Moscow today.")
    far = await _listing(newsroom, words="The weather stays as it is.")

    assert near.title == "This text matches no topic"
    assert [(row.title, row.detail) for row in near.rows] == [("deals", "near miss: lacks huawei")]
    assert far.rows == () and "There are no near misses either." in far.summary


async def test_a_file_is_read_as_a_document(newsroom: Newsroom) -> None:
    page = b"<html><head><title>ZTE pays a fine</title></head><body><article><h1>ZTE pays a fine</h1>" + (
        b"<p>ZTE agreed on Monday to pay a fine of one billion dollars to the United States.</p>" * 3
    )
    file = Attachment(name="zte.html", content_type="text/html", body=page + b"</article></body></html>")

    answer = await _listing(newsroom, attachments=(file,))

    assert answer.title == "zte.html matches 1 topic"
    assert answer.rows[0].quote is not None and answer.rows[0].quote.text.startswith("ZTE pays a fine … ZTE agreed")


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({}, "/check needs a text, or an attached file."),
        ({"options": {"text": "   "}}, "/check needs a text, or an attached file."),
        ({"attachments": (Attachment(name="a.png", content_type="", body=b"\x89PNG\r\n\x1a\n"),)}, "a.png could not"),
        ({"attachments": (Attachment(name="empty.txt", content_type="", body=b" "),)}, "The document is empty."),
        ({"options": {"text": "x" * 40_001}}, "40,001 characters"),
    ],
)
async def test_what_cannot_be_read_is_refused_with_the_reason(
    newsroom: Newsroom, asked: dict[str, object], reason: str
) -> None:
    answer = (await newsroom.commands.answer(replace(newsroom.request("check"), **asked))).answer  # type: ignore[arg-type]

    assert isinstance(answer, Notice) and answer.tone is Tone.REFUSED
    assert reason in answer.text


async def test_passages_have_page_numbers_if_the_document_has_pages(newsroom: Newsroom) -> None:
    first, second = "The rain went on. ZTE was silent.", "Huawei opened a plant. ZTE did not."
    article = ArticleDraft(
        title="",
        text=f"{first}\n\n{second}",
        language="en",
        pages=(1, 2),
        origin="report.pdf",
    )
    async with newsroom.store.read() as tx:
        topics = await tx.topics.visible(SHARED)

    answer = check_articles("report.pdf", [article], topics)

    rows = {row.title: (row.detail, row.quote.text if row.quote else "") for row in answer.rows}
    assert rows["Huawei"] == ("1 match · page 2", "p. 2: Huawei opened a plant.")
    assert rows["ZTE"] == ("2 matches · pages 1, 2", "p. 1: ZTE was silent. … p. 2: ZTE did not.")


async def test_topics_of_another_workspace_are_not_checked(newsroom: Newsroom) -> None:
    await newsroom.ask("/topics add hidden = moscow", workspace="rival")

    answer = await _listing(newsroom, words="Moscow is far away.")

    assert "hidden" not in repr(answer)


async def test_passages_of_a_pdf_have_page_numbers(newsroom: Newsroom) -> None:
    first = [
        (22.0, "Operators must replace equipment"),
        (11.0, "The ministry said on Tuesday that all must be replaced."),
    ]
    second = [(11.0, "Huawei declined to comment on the decision of the ministry.")]
    file = Attachment(name="report.pdf", content_type="application/pdf", body=pdf_of(first, second))

    answer = await _listing(newsroom, attachments=(file,))

    rows = {row.title: (row.detail, row.quote.text if row.quote else "") for row in answer.rows}
    assert rows["Huawei"] == ("1 match · page 2", "p. 2: Huawei declined to comment on the decision of the ministry.")
