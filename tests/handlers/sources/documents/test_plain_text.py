"""Copied text: headline, highlights, and furniture against sentences that only look like it."""

from pathlib import Path

import pytest

from handlers.answers.errors import UnreadableDocument
from handlers.sources.documents.copied import is_copied_page
from handlers.sources.documents.header import Block
from handlers.sources.documents.plain_text import blocks_of, read_text
from handlers.sources.text.boilerplate import is_furniture, without_furniture

COPIED = Path(__file__).parent / "data" / "copied"
"""Whole pages as they are copied. T: the headline; B: a bullet point; K: kept; F: furniture; M: says who or when."""


def copied_pages() -> list[tuple[str, list[tuple[str, str]]]]:
    pages = []
    for file in sorted(COPIED.glob("*.txt")):
        for page in file.read_text(encoding="utf-8").split("=== ")[1:]:
            name, *lines = page.strip().split("\n")
            pages.append((f"{file.stem} {name}", [(line[0], line[2:]) for line in lines if line]))
    return pages


@pytest.mark.parametrize("gap", ["\n\n", "\n"], ids=["paragraphs", "lines"])
@pytest.mark.parametrize(("page", "lines"), copied_pages(), ids=[page for page, _ in copied_pages()])
def test_of_a_copied_page_the_article_is_kept_and_nothing_else(
    page: str, lines: list[tuple[str, str]], gap: str
) -> None:
    text = gap.join("• " + line if kind == "B" else line for kind, line in lines)

    draft = read_text(text, origin=page)

    paragraphs = draft.text.split("\n\n")
    assert draft.title == next(line for kind, line in lines if kind == "T")
    assert draft.highlights == tuple(line for kind, line in lines if kind == "B")
    assert [line for kind, line in lines if kind in "FM" and line in paragraphs] == []
    assert [line for kind, line in lines if kind in "BK" and line.rpartition(") - ")[2] not in draft.text] == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        # A chronicle's days, a poem, crossheads and a list of results are the article's own.
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
def test_what_only_looks_like_furniture_by_its_place_stays(text: str, kept: str) -> None:
    assert kept in read_text(text, origin="a").text


@pytest.mark.parametrize(
    "paragraph",
    [
        "Visit Business Insider’s homepage for more stories.",
        "Visit our homepage for more stories",
        "Business Insider Emails & Alerts",
        "Site highlights each day to your inbox.",
        "Follow Sample Post Australia on Facebook, Twitter, LinkedIn, and Instagram.",
        "Follow us on Facebook",
        "Share Tweet Email Print",
        "Facebook Twitter LinkedIn 1.2k",
        "ADVERTISEMENT",
        "Story continues below advertisement",
        "Sign up for our newsletter",
        "Subscribe to our daily briefing and get it by e-mail",
        "© 2020 Example Wire. All rights reserved.",
        "We use cookies to improve your experience. Learn more.",
        "Read more: China answers with tariffs of its own",
        "READ ALSO: China answers with tariffs of its own",
        "Vladimir Putin and Xi JinpingNg Han Guan – Pool/Getty I"
        "magesPutin and Xi at a friendly match in Tianjin, China.",
        "Huawei's head office in Shenzhen. REUTERS/Aly Sample",
        "A worker checks a wafer (Photo by Jane Sample/AFP)",
        "Photo: Jane Sample",
        "3 min read",
        "Our Standards: The Sample Trust Principles.",
        "(Reporting by An Example in Hanoi; editing by Bob Example)",
        "Folgen Sie uns auf Facebook",
        "Lesen Sie auch: Was das Embargo bedeutet",
        "Diese Website verwendet Cookies, um Inhalte anzuzeigen.",
        "Подпишитесь на наш канал в Telegram",
        "Читайте также: Что известно о санкциях",
        "Фото: Иван Примеров",
        "相关阅读：华为发布新手机",
        "图片来源：视觉中国",
        "تابعنا على تويتر",
        "اقرأ أيضا: عقوبات جديدة",
    ],
)
def test_furniture_is_no_part_of_the_article(paragraph: str) -> None:
    assert without_furniture([paragraph]) == ()


@pytest.mark.parametrize(
    "paragraph",
    [
        "The company said it would follow us regulators in keeping suppliers out.",
        "Share prices fell on Facebook and Twitter news.",
        "Follow-up talks on Twitter's future are planned, the ministry said.",
        "Like many on Twitter, the senator was surprised.",
        "Cookies are stored by the site for two years, the regulator found.",
        "“We use cookies only where the law allows it,” the company said.",
        "Copyright law was changed on Tuesday.",
        "By using the site as a relay, the attackers reached 5G networks.",
        "Advertisement revenue fell by 4 percent.",
        "Read more books, the minister told pupils.",
        "Newsletters and alerts are the fastest growing part of the business.",
        "Huawei told Reuters that it had signed the deal.",
        "The article was published in Nature on Tuesday and shows how 5G antennas age.",
        "Visit to the Huawei site",
        "Putin, ‘my best and bosom friend’",
        "What comes next",
        "Subscribers can sign up for 5G from Monday, the operator said, and will get a newsletter.",
        "World Health Organization (WHO) - the agency of the United Nations - said on Monday that it would wait.",
        "分享华为的建设经验，是会议的议题之一。",
        "Подписаться на новости сложно, говорят эксперты: санкции меняются каждую неделю.",
    ],
)
def test_a_sentence_that_only_contains_such_words_stays(paragraph: str) -> None:
    assert without_furniture([paragraph]) == (paragraph,)


def test_a_label_takes_the_headline_of_the_other_story_with_it_and_nothing_more() -> None:
    kept = without_furniture(
        ["First.", "Read more:", "China bans imports of chips", "Subhead of ours", "Last paragraph."]
    )

    assert kept == ("First.", "Subhead of ours", "Last paragraph.")


def test_related_headlines_at_the_end_all_go() -> None:
    kept = without_furniture(
        ["The end of the article.", "Related stories", "One other story", "Another story", "Share"]
    )

    assert kept == ("The end of the article.",)


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
def test_the_headline_is_the_first_line_that_is_no_furniture(text: str, title: str) -> None:
    assert read_text(text, origin="a").title == title


PROSE = "The ministry said on Tuesday that operators must replace the equipment within three years, at their own cost."


@pytest.mark.parametrize(
    ("lines", "is_page"),
    [
        (["Live", "Huawei listed", PROSE], False),
        (["Huawei", "Facebook", "Telegram", "WhatsApp", PROSE], False),
        (["Huawei", "Facebook", "Telegram", "Share", "Email", PROSE], True),
        (["Watch: Huawei listed", "Share trading in Huawei halted"], False),
        (["By Jane Doe", "Huawei listed", PROSE], False),
        (["By Jane Doe", "5 June 2026", PROSE], True),
        (["Huawei listed", "5 June 2026 10:30", "Share", PROSE], True),
        (["Share", "Advertisement", "Huawei listed"], True),
        (["Huawei listed", PROSE, PROSE, "About the author"], True),
        (["About the author", "Huawei listed", PROSE], False),
        (["Huawei listed", PROSE, "Related articles", "ZTE listed too"], True),
        (["Related articles", "Huawei listed", PROSE], False),
        (["Tagesordnung", PROSE, "Themen:", "Sanktionen gegen Huawei"], False),
        (["-----", "Huawei", "* * *", "ZTE", "412"], False),
    ],
    ids=lambda value: "" if isinstance(value, bool) else " / ".join(line[:20] for line in value),
)
def test_a_page_is_known_by_several_of_its_lines(lines: list[str], is_page: bool) -> None:
    assert is_copied_page([Block(text=line) for line in lines]) is is_page


def test_hard_wrapped_lines_are_joined_and_whole_lines_are_not() -> None:
    wrapped = (
        "The quick brown fox jumps over the lazy dog and then it\nrun"
        "s away over the hills and far away until the sun\nhas gone.\n"
    )

    assert [block.text for block in blocks_of(wrapped)] == [wrapped.replace("\n", " ").strip()]
    assert [block.text for block in blocks_of("Read more:\nThe other story is here")] == [
        "Read more:",
        "The other story is here",
    ]


@pytest.mark.parametrize("line", ["The Energy Weapon", "Titanfall Review", "Jane Doe", "华为", "Huawei"])
def test_a_document_of_one_line_is_its_headline(line: str) -> None:
    draft = read_text(f"{line}\n", origin="a")

    assert (draft.title, draft.text) == (line, "")


@pytest.mark.parametrize("line", ["Advertisement", "Read more", "https://example.com/a", "By Jane Doe", "5 June 2019"])
def test_a_line_that_never_is_a_headline_is_none_alone(line: str) -> None:
    with pytest.raises(UnreadableDocument, match="no readable text"):
        read_text(f"{line}\n", origin="a")


def test_a_single_dash_is_dialogue_and_no_bullet_point() -> None:
    assert not any(block.bullet for block in blocks_of("— Мы готовы, сказал он.\n\nТекст."))


def test_furniture_among_the_bullet_points_is_no_highlight() -> None:
    draft = read_text(
        "A headline\n\n• One point of the article.\n• Visit our homepage for more stories.\n\nText.", origin="a"
    )

    assert draft.highlights == ("One point of the article.",)
    assert draft.text == "One point of the article.\n\nText."


@pytest.mark.parametrize("text", ["", "   ", "Share\nTweet", "-----"])
def test_text_without_words_is_unreadable(text: str) -> None:
    with pytest.raises(UnreadableDocument):
        read_text(text, origin="a")


def test_nothing_long_is_furniture() -> None:
    assert not is_furniture("Sign up for our newsletter " + "and read on " * 60)
