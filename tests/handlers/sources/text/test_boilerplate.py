"""Boilerplate in many languages, and sentences of articles that resemble it."""

import pytest

from handlers.sources.text.boilerplate import is_boilerplate, without_boilerplate


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
def test_boilerplate_is_removed(paragraph: str) -> None:
    assert without_boilerplate([paragraph]) == ()


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
def test_a_sentence_with_words_of_boilerplate_remains(paragraph: str) -> None:
    assert without_boilerplate([paragraph]) == (paragraph,)


def test_a_link_label_is_removed_with_one_headline_below_it() -> None:
    paragraphs = without_boilerplate(
        ["First.", "Read more:", "China bans imports of chips", "A subheading of the article", "Last paragraph."]
    )

    assert paragraphs == ("First.", "A subheading of the article", "Last paragraph.")


def test_all_headlines_below_a_label_for_several_links_are_removed() -> None:
    paragraphs = without_boilerplate(
        ["The end of the article.", "Related stories", "One other story", "Another story", "Share"]
    )

    assert paragraphs == ("The end of the article.",)


def test_a_long_paragraph_is_never_boilerplate() -> None:
    assert not is_boilerplate("Sign up for our newsletter " + "and read on " * 60)
