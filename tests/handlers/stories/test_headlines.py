"""Marks of an update are no part of a headline, and credits are no part of a text."""

import pytest

from handlers.stories.credits import without_credits
from handlers.stories.headlines import read_headline
from handlers.stories.senses import are_opposite, senses_of
from handlers.stories.words import tokenize

PLAIN = "Kelvar closes works in Nord"


@pytest.mark.parametrize(
    "title",
    [
        "UPDATE 1-Kelvar closes works in Nord",
        "UPDATE 2 - Kelvar closes works in Nord",
        "REFILE-UPDATE 3-Kelvar closes works in Nord",
        "Kelvar closes works in Nord (updated)",
        "[Updated] Kelvar closes works in Nord",
        "BREAKING: Kelvar closes works in Nord",
        "Eilmeldung: Kelvar closes works in Nord",
        "Mise à jour : Kelvar closes works in Nord",
        "Última hora | Kelvar closes works in Nord",
        "Обновлено: Kelvar closes works in Nord",
        "عاجل: Kelvar closes works in Nord",
        "【更新】Kelvar closes works in Nord",
    ],
)
def test_a_mark_of_an_update_leaves_the_headline_the_same(title: str) -> None:
    headline = read_headline(title)

    assert headline.key == read_headline(PLAIN).key
    assert headline.mark != 0


@pytest.mark.parametrize("title", [PLAIN, "Live music returns to Nord", "Latest", "Direct flights to Nord begin", ""])
def test_other_headlines_stay_as_they_are(title: str) -> None:
    assert read_headline(title).text == title
    assert read_headline(title).mark == 0


@pytest.mark.parametrize(
    "credit",
    [
        "(Reporting by Ann Roe in Nord; Editing by Bo Ek)",
        "(Additional reporting by Ann Roe)",
        "Reporting by Ann Roe; editing by Bo Ek",
        "(mit Material von dpa)",
        "(avec AFP)",
        "(Reporte de Ana Ruiz. Editado por Luis Gil)",
        "(Репортаж Анны Ро)",
        "(إعداد سامي للنشرة العربية)",
        "（记者 王小明）",
    ],
)
def test_a_credit_is_no_part_of_the_text(credit: str) -> None:
    assert without_credits(f"Crews walked out over pay. {credit}").strip() == "Crews walked out over pay."


@pytest.mark.parametrize(
    "text",
    ["Reporting by phone is allowed.", "The reporting (see page 4) by the mayor was late.", "记者王小明到了北京。"],
)
def test_a_sentence_about_reporting_stays(text: str) -> None:
    assert without_credits(text) == text


@pytest.mark.parametrize(
    ("one", "other", "opposite"),
    [
        ("US adds firm to list", "US removes firm from list", True),
        ("EU verhängt Zölle", "EU hebt Zölle auf", True),
        ("Paris interdit les trottinettes", "Paris autorise les trottinettes", True),
        ("España impone aranceles", "España levanta aranceles", True),
        ("Россия ввела пошлины", "Россия отменила пошлины", True),
        ("مصر تفرض رسوما", "مصر تلغي الرسوم", True),
        ("中国上调关税", "中国下调关税", True),
        ("Norway bans phones", "Norway lifts ban on phones", True),
        ("Shares rise as costs fall", "Shares fall as costs rise", False),
        ("US adds firm to list", "US adds second firm to list", False),
        ("Ministers do not lift tariffs", "Ministers impose tariffs", False),
        ("Ferry runs aground", "US removes firm from list", False),
    ],
)
def test_verbs_of_opposite_sense(one: str, other: str, opposite: bool) -> None:
    senses = [senses_of(tokenize(title)) for title in (one, other)]

    assert are_opposite(*senses, is_one_outlet=True) is opposite
    assert are_opposite(*reversed(senses), is_one_outlet=True) is opposite


def test_two_outlets_may_tell_of_a_victory_and_of_the_defeat() -> None:
    senses = [senses_of(tokenize(title)) for title in ("Talvik wins cup", "Morvance loses cup final")]

    assert are_opposite(*senses, is_one_outlet=True)
    assert not are_opposite(*senses, is_one_outlet=False)
