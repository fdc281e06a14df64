"""A whole page that was copied with its menus, teasers and footer: the headline and the text of its article."""

from handlers.sources.documents.plain_text import read_text
from handlers.sources.documents.whole_page import find_article
from handlers.sources.text.block import Block

MENU = ["Home", "World news", "Business", "Culture & arts", "Weather", "Crosswords", "Jobs", "Holidays", "Dating"]
MENU += ["Puzzle page", "Horoscopes", "Archive", "Print edition", "Sign in", "Subscribe", "Search"]
TEASERS = ["Most read", "Five facts about wolves in the upper valley", "Why the ferry to the island is late again"]
STANDFIRST = "The operator gives up its plan for a second network in the north of the country"
ARTICLE = [
    "The operator has signed a contract with the supplier to replace its masts in the north, both said on Monday.",
    "The masts in the north are older than the others, and the operator has promised the regulator to replace them.",
    "“We will begin in spring,” the head of the operator told reporters in the capital, where the contract was signed.",
    "It was a short ceremony.",
]
FOOTER = ["Share", "Advertisement", "More from Business", "Bank of Lund cuts its rate for the third time this year"]
FOOTER += ["About us", "Contact", "Careers", "Privacy policy", "Terms of use", "© 2026 Sample Post"]


def copied(*parts: list[str]) -> str:
    return "\n".join(line for part in parts for line in part)


def test_the_headline_is_the_line_whose_words_the_article_has() -> None:
    headline = "Operator signs contract to replace masts in the north"
    text = copied(MENU, TEASERS, [headline, STANDFIRST, "By Ann Roe", "5 May 2026"], ARTICLE, FOOTER)

    draft = read_text(text, origin="a")

    assert draft.title == headline
    assert draft.author == "Ann Roe"
    assert draft.text.split("\n\n") == [STANDFIRST, *ARTICLE]


def test_consent_notices_are_not_the_article() -> None:
    consent = [
        "We and our partners store cookies on your device and process personal data to show you adverts.",
        "You can withdraw your consent to cookies at any time in our privacy policy, or opt out of data sales.",
    ] * 4
    headline = "Operator signs contract to replace masts in the north"

    draft = read_text(copied(consent, MENU, [headline, "By Ann Roe"], ARTICLE, FOOTER, consent), origin="a")

    assert draft.title == headline
    assert "cookies" not in draft.text


def test_readers_comments_are_not_the_article() -> None:
    comments = ["4 comments on “Masts”"] + [
        line
        for number in range(12)
        for line in (f"reader{number} says:", "May 5, 2026 at 6:34 am", "I think that this will cost all of us money.")
    ]
    headline = "Operator signs contract to replace masts in the north"

    draft = read_text(copied(MENU, [headline, "By Ann Roe"], ARTICLE, comments, FOOTER), origin="a")

    assert draft.title == headline
    assert draft.text.split("\n\n") == ARTICLE


def test_a_text_with_a_list_is_no_whole_page() -> None:
    companies = [f"Sample Company {number} of Nord" for number in range(30)]
    text = copied(["Additions to the list", "These companies were added to the list:"], companies, ARTICLE)

    assert all(company in read_text(text, origin="a").text for company in companies)


def test_without_menus_or_without_prose_there_is_no_whole_page() -> None:
    headline = "Operator signs contract to replace masts in the north"

    assert find_article([Block(text=text) for text in [headline, *ARTICLE]]) is None
    assert find_article([Block(text=text) for text in MENU]) is None
    assert find_article([]) is None
