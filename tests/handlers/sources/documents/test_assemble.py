"""Articles from lines of text: the headline, the highlights, and which lines belong to the article."""

from pathlib import Path

import pytest

from handlers.answers.errors import UnreadableDocument
from handlers.sources.documents.plain_text import read_text

COPIED = Path(__file__).parent / "data" / "copied"
"""Complete pages as copied from a browser. Each line begins with its kind:

T: headline; B: bullet point; K: line of the article; F: boilerplate; M: byline or date.
"""


def copied_pages() -> list[tuple[str, list[tuple[str, str]]]]:
    pages = []
    for file in sorted(COPIED.glob("*.txt")):
        for page in file.read_text(encoding="utf-8").split("=== ")[1:]:
            name, *lines = page.strip().split("\n")
            pages.append((f"{file.stem} {name}", [(line[0], line[2:]) for line in lines if line]))
    return pages


@pytest.mark.parametrize("gap", ["\n\n", "\n"], ids=["paragraphs", "lines"])
@pytest.mark.parametrize(("page", "lines"), copied_pages(), ids=[page for page, _ in copied_pages()])
def test_only_the_article_of_a_copied_page_remains(page: str, lines: list[tuple[str, str]], gap: str) -> None:
    text = gap.join("• " + line if kind == "B" else line for kind, line in lines)

    draft = read_text(text, origin=page)

    paragraphs = draft.text.split("\n\n")
    assert draft.title == next(line for kind, line in lines if kind == "T")
    assert draft.highlights == tuple(line for kind, line in lines if kind == "B")
    assert [line for kind, line in lines if kind in "FM" and line in paragraphs] == []
    assert [line for kind, line in lines if kind in "BK" and line.rpartition(") - ")[2] not in draft.text] == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        # Dates of a chronicle, results, subheadings and last sentences belong to the article.
        ("How it came\n\nThree years of talks ended on Monday, the ministry in Berlin said.\n\n"
         "June 5, 2019\n\nThe two sides met for the first time, in a hotel near Geneva.", "June 5, 2019"),
        ("Results\n\nAll matches of the round were played on Saturday, the league said in the evening.\n\n"
         "North Town v South Town\n\nEast Town v West Town", "East Town v West Town"),
        ("A longer headline of an article\n\nWhat happened\n\nThe ministry said on Tuesday that operators must "
         "replace the equipment.", "What happened"),
        ("В городе сбили женщину\n\nАвария произошла в понедельник на улице Примерной. Водитель не заметил пешехода. "
         "Женщину отвезли в больницу. Она пришла в себя. Фото: полиция города", "Она пришла в себя."),
        ("Ein Titel\n\nDer Vertrag wurde am Dienstag in Berlin unterzeichnet, teilte das Ministerium mit.\n\n"
         "Die Kosten tragen die Länder.\n\nTeilen", "Die Kosten tragen die Länder."),
    ],
    ids=["chronicle", "results", "crosshead", "credit behind the text", "short last sentence"],
)  # fmt: skip
def test_lines_that_resemble_labels_by_their_position_remain(text: str, line: str) -> None:
    assert line in read_text(text, origin="a").text


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("A headline\n\nText of it.", "A headline"),
        ("\n\n  A headline  \nText right below it.\nAnd more text.", "A headline"),
        ("Share\nAdvertisement\nWorld\n\nHuawei signs a deal\n\nText.", "Huawei signs a deal"),
        ("June 5, 2019\nBy Jane Doe\n\nHuawei signs deal\n\nText.", "Huawei signs deal"),
        ("Words without any headline. They go on, and on, in one paragraph that is long, as is its last sentence, "
         "which nobody would print above an article.", "Words without any headline."),
        ("华为签署5G协议\n\n正文。", "华为签署5G协议"),
        ("By the sea, Huawei builds a campus\n\nText.", "By the sea, Huawei builds a campus"),
    ],
)  # fmt: skip
def test_the_headline_is_the_first_line_that_is_not_boilerplate(text: str, title: str) -> None:
    assert read_text(text, origin="a").title == title


@pytest.mark.parametrize("line", ["The Energy Weapon", "Titanfall Review", "Jane Doe", "华为", "Huawei"])
def test_the_only_line_of_a_document_is_its_headline(line: str) -> None:
    draft = read_text(f"{line}\n", origin="a")

    assert (draft.title, draft.text) == (line, "")


@pytest.mark.parametrize("line", ["Advertisement", "Read more", "https://example.com/a", "By Jane Doe", "5 June 2019"])
def test_a_document_that_is_only_a_button_a_byline_or_a_url_has_no_text(line: str) -> None:
    with pytest.raises(UnreadableDocument, match="no readable text"):
        read_text(f"{line}\n", origin="a")


def test_boilerplate_among_the_bullet_points_is_not_a_highlight() -> None:
    draft = read_text(
        "A headline\n\n• One point of the article.\n• Visit our homepage for more stories.\n\nText.", origin="a"
    )

    assert draft.highlights == ("One point of the article.",)
    assert draft.text == "One point of the article.\n\nText."


@pytest.mark.parametrize("text", ["", "   ", "Share\nTweet", "-----"])
def test_a_text_without_words_is_unreadable(text: str) -> None:
    with pytest.raises(UnreadableDocument):
        read_text(text, origin="a")


LEAD = "The ban is groundless, the ambassador said in the capital on Wednesday, and it will cost a lot of jobs there."
MORE = "He spoke at a think tank, where several members of parliament asked him about the masts of the operators."


@pytest.mark.parametrize(
    "notice",
    [
        "This article is more than 2 years old",
        "Dieser Artikel ist mehr als ein Jahr alt",
        "Cet article a plus de deux ans",
        "Este artículo tiene más de 2 años",
        "Этой статье больше двух лет",
        "本文发布于两年前",
        "This is a premium article",
        "Nur für Abonnenten",
    ],
)
def test_a_notice_above_the_headline_is_no_headline_and_no_text(notice: str) -> None:
    text = f"{notice}\nBan is groundless, says ambassador\n{notice}\nBy Jane Doe\n15 Jul 2026\nShare\n{LEAD}\n{MORE}"

    draft = read_text(text, origin="a")

    assert draft.title == "Ban is groundless, says ambassador"
    assert draft.text == f"{LEAD}\n\n{MORE}"


@pytest.mark.parametrize(
    "line",
    [
        "HOUSE PASSES BILL TO SANCTION ENTITIES, BANKS THAT WORK WITH THEM",
        "READ MORE: HOUSE PASSES BILL TO SANCTION BANKS",
        "A woman listens to a debate at the centre in Brussels, Belgium, on Jan. 30, 2026.(Xinhua/Jo Sample)",
        "The envoy outside his office in London on Tuesday. [Jo Roe/Sample Agency]",
        "Photo: Jo Roe/AFP",
    ],
)
def test_captions_and_headlines_of_other_articles_between_paragraphs_are_no_text(line: str) -> None:
    text = f"Ban is groundless, says ambassador\nBy Jane Doe\n15 Jul 2026\nShare\n{LEAD}\n{line}\n{MORE}"

    assert read_text(text, origin="a").text == f"{LEAD}\n\n{MORE}"


@pytest.mark.parametrize(
    ("line", "author", "publisher"),
    [
        ("Patrick Sample and Lily Example", "Patrick Sample, Lily Example", None),
        ("Jane Doe in Beijing and Jo Roe in London", "Jane Doe, Jo Roe", None),
        ("Beijing warns that the removal costs", None, None),
        ("Sample Post", None, "Sample Post"),
    ],
)
def test_authors_and_subtitles_above_a_date_are_no_publisher(
    line: str, author: str | None, publisher: str | None
) -> None:
    text = f"Ban is groundless, says ambassador\n{line}\nWed 15 Jul 2026 13.22 BST\nShare\n{LEAD}\n{MORE}"

    draft = read_text(text, origin="a")

    assert (draft.author, draft.publisher) == (author, publisher)
