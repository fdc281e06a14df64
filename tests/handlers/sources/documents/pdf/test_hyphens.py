"""Words that the end of a printed line divides: joined, or with their hyphen."""

import pytest

from handlers.sources.documents.pdf.hyphens import Hyphens

JOINED = """
Mon-|day=Monday birth-|day=birthday sanc-|tions=sanctions un-|known=unknown life-|time=lifetime dead-|line=deadline
up-|on=upon nation-|wide=nationwide part-|ner=partner ex-|port=export all-|owed=allowed state-|ment=statement
short-|age=shortage self-|ish=selfish ten-|sion=tension six-|teen=sixteen knowl-|edge=knowledge cor-|related=correlated
Bundes-|regierung=Bundesregierung gouverne-|ment=gouvernement actu-|elle=actuelle госу-|дарство=государство
INTER-|NATIONAL=INTERNATIONAL sanc\u00ad|tions=sanctions state\u00ad|owned=stateowned
"""
COMPOUNDS = """
state-|owned=state-owned long-|term=long-term three-|day=three-day two-|thirds=two-thirds third-|largest=third-largest
high-|speed=high-speed Chinese-|made=Chinese-made US-|led=US-led US-|Behörden=US-Behörden ex-|president=ex-president
co-|founder=co-founder so-|called=so-called 12-|month=12-month peut-|être=peut-être dit-|il=dit-il celui-|ci=celui-ci
из-|за=из-за кто-|то=кто-то Hong-|Kong=Hong-Kong two-year-|old=two-year-old build-|up=build-up
"""


@pytest.mark.parametrize("case", (JOINED + COMPOUNDS).split())
def test_a_divided_word_is_joined_and_a_compound_keeps_its_hyphen(case: str) -> None:
    lines, whole = case.split("=")
    first, second = lines.split("|")

    assert Hyphens([]).joined(first, second) == whole


def test_a_word_elsewhere_in_the_document_decides() -> None:
    hyphens = Hyphens(["The law-makers met.", "Its stateowned units"])

    assert hyphens.joined("the law-", "makers said") == "the law-makers said"
    assert hyphens.joined("a state-", "owned bank") == "a stateowned bank"


def test_a_hyphen_for_a_part_that_comes_later_remains_with_its_space() -> None:
    assert Hyphens([]).joined("Ein-", "und Ausfuhr") == "Ein- und Ausfuhr"


def test_an_address_keeps_its_hyphen() -> None:
    assert Hyphens([]).joined("see https://example.org/a-", "page") == "see https://example.org/a-page"
