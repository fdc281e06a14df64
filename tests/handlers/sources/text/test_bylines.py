"""Bylines, datelines and notes about authors, and lines that resemble them."""

from datetime import UTC, datetime

import pytest

from handlers.sources.text.bylines import Byline, is_about_author, read_byline, split_dateline

DAY = datetime(2019, 6, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("By Jane Doe", Byline(author="Jane Doe")),
        ("By Jane Doe and John Roe", Byline(author="Jane Doe and John Roe")),
        ("Von Erika Muster", Byline(author="Erika Muster")),
        ("Автор: Иван Примеров", Byline(author="Иван Примеров")),
        ("记者：张三", Byline(author="张三")),
        ("بقلم أحمد", Byline(author="أحمد")),
        ("Jane Doe Follow | June 5, 2019", None),
        ("By Jane Doe | June 5, 2019", Byline(author="Jane Doe", published_at=DAY)),
        ("June 5, 2019", Byline(published_at=DAY)),
        ("By the sea, Huawei builds a campus", None),
        ("By Friday everything had changed", None),
        ("Jane Doe", None),
    ],
)
def test_a_byline_states_the_author_and_the_date(line: str, byline: Byline | None) -> None:
    assert read_byline(line) == byline


@pytest.mark.parametrize(
    ("dateline", "agency"),
    [
        ("MOSCOW, June 5 (Example Wire) - ", "Example Wire"),
        ("Berlin (dpa) - ", "dpa"),
        ("МОСКВА, 5 июня - РИА Пример. ", "РИА Пример"),
        ("新华社北京6月5日电", "新华社"),
    ],
)
def test_a_dateline_names_the_agency(dateline: str, agency: str) -> None:
    text = "The two companies signed an agreement on Wednesday."

    assert split_dateline(dateline + text) == (text, agency)


def test_an_abbreviation_in_brackets_is_not_a_dateline() -> None:
    text = "World Health Organization (WHO) - the agency of the United Nations - said on Monday that it would wait."

    assert split_dateline(text) == (text, None)


@pytest.mark.parametrize(
    ("text", "author", "is_note"),
    [
        ("Jane Doe is a reporter for Sample News in Berlin.", "Jane Doe", True),
        ("Jane Doe is a reporter for Sample News in Berlin.", None, True),
        ("John Roe is a reporter for Sample News in Berlin.", "Jane Doe", False),
        ("Jane Doe and John Roe contributed to this report.", None, True),
        ("Jane Doe said on Monday that she would wait.", "Jane Doe", False),
    ],
)
def test_a_biography_counts_only_if_it_is_the_authors(text: str, author: str | None, is_note: bool) -> None:
    assert is_about_author(text, author) is is_note
