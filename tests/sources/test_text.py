"""Copied text: headline, highlights, and furniture against sentences that only look like it."""

import pytest

from handlers.errors import UnreadableDocument
from handlers.sources.furniture import is_furniture, without_furniture
from handlers.sources.text import blocks_of, read_text


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
