"""What is quoted of an article: its own words, the event, and nothing that leans on what is not quoted."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.stories.summary import said, summarise
from storage.records import Evidence

POINT = "Three dockers died and nine were hurt when a crane fell across berth 14 at Port Velmar."


def read(name: str) -> tuple[str, str]:
    title, _, text = (Path(__file__).parent / "data" / name).read_text(encoding="utf-8").partition("\n")
    return title, text


def hit(text: str, word: str) -> Evidence:
    start = text.index(word)
    return Evidence(field="body", start=start, end=start + len(word), text=word)


def quoted(title: str, text: str, **given: object) -> list[str]:
    spans = summarise(title=title, text=text, language="en", **given)  # type: ignore[arg-type]
    assert all(text[span.start : span.end] == span.text for span in spans)
    return [span.text for span in spans]


def test_the_publishers_points_are_quoted_first_and_the_page_itself_never() -> None:
    title, text = read("crane.txt")

    found = quoted(title, text, highlights=(POINT,))

    assert found[0] == POINT
    assert not any("homepage" in line or "Follow" in line for line in found)


def test_the_first_sentence_holds_the_matched_words() -> None:
    title, text = read("crane.txt")

    found = quoted(title, text, evidence=[hit(text, "St. Brendan Marine")])

    assert "St. Brendan Marine" in found[0]


@pytest.mark.parametrize(
    "unfit",
    [
        "Crane collapse at Port Velmar kills three dock workers.",
        "Why was it still in use at the port of Velmar?",
        "He said the wind had been within limits at the port.",
        "However, the port of Velmar stayed open all day.",
        "The port of Velmar " + "and the harbour " * 30 + "closed.",
        "Read more: port of Velmar closes three berths after crash.",
        "the port of Velmar closed without a capital letter.",
        "Berth 14",
        "“The port of Velmar is closed until further notice.",
        "The port of Velmar will be closed until the ministry has ...",
        "The port of Velmar will be closed until the ministry has…",
        "Warning: This story of the port of Velmar may be distressing for some readers.",
        "SIGN IN OR REGISTER, THEN SELECT THE PORT OF VELMAR",
        "Harbour News's Lena Brask reports from the port of Velmar.",
    ],
)
def test_a_sentence_that_cannot_stand_alone_is_not_quoted(unfit: str) -> None:
    good = "Inspectors from the labour ministry will examine the crane at Velmar this week."

    assert quoted("Crane collapse at Port Velmar kills three dock workers", f"{unfit}\n\n{good}") == [good]


def test_the_day_on_which_a_page_was_posted_is_furniture() -> None:
    told = "The crane at Velmar stands again after a summer of work by the engineers of Talvik."

    assert quoted("A crane rises", f"Posted on 3 March 2021 by nobody in particular.\n\n{told}") == [told]


def test_a_text_that_its_feed_cut_short_is_quoted_where_there_is_nothing_else() -> None:
    cut = "Inspectors from the labour ministry will examine the crane at Velmar this week, after ..."

    assert quoted("Crane collapse kills three", cut) == [cut]


@pytest.mark.parametrize("stamp", ["April 30, 2020 12:48 PM", "30 April 2020, 12:48 ", "2020-04-30 12:48"])
def test_the_hour_at_which_a_page_was_published_is_no_part_of_its_first_sentence(stamp: str) -> None:
    told = "Inspectors from the labour ministry will examine the crane at Velmar this week."

    assert quoted("Crane collapse kills three", f"{stamp}{told} It fell on Monday.")[0] == told


def test_nothing_is_quoted_twice() -> None:
    line = "Inspectors from the labour ministry will examine the crane at Velmar this week."

    assert quoted("A headline", f"{line}\n\n{line}\n\n{line}") == [line]


def test_a_point_and_the_sentence_that_it_sums_up_are_not_quoted_together() -> None:
    point = (
        "Velmar's largest dock company, Ostrana, has signed a deal with the northern hoist maker Brodd for new cranes."
    )
    told = (
        "Velmar's largest dock company has signed a deal with the Talvik maker Brodd for cranes, ending a quarrel "
        "between the towns."
    )

    found = summarise(
        title="Towns make up over cranes from Brodd", text=f"{point}\n\n{told}", highlights=(point,), language="en"
    )

    assert len(found) == 1


def test_a_long_summary_is_shortened_by_leaving_sentences_out_never_by_cutting() -> None:
    lines = [
        f"Inspector {name} of the labour ministry examined the crane in {'very ' * 30}bad weather."
        for name in ("Brask", "Lind", "Santerre", "Okafor")
    ]

    found = quoted("Cranes examined", " ".join(lines))

    assert 1 <= len(found) < 3
    assert set(found) <= set(lines)


def test_an_empty_text_has_no_summary() -> None:
    assert summarise(title="A headline", text="", highlights=(), language="en", evidence=()) == ()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("It rained. “We will rebuild the port before the winter,” said Ines Okafor, the harbour master. Bye.", True),
        ('Lena Brask told the court: "I never saw the letter that you describe."', True),
        ("« Nous reconstruirons le port avant l'hiver prochain », a déclaré Inès Santerre.", True),
        ("「我们将在冬天之前重建整个港口并赔偿所有家庭」，港务局局长王明表示。", True),
        ("The so-called “port of the south” reopened, said Ines Okafor.", False),
        ("“We will rebuild the port before the winter,” he said.", False),
        ("Ines Okafor said the port would be rebuilt before the winter.", False),
        ("The deal will “bring new pilot networks to all of Talvik,” Norvane said in a note to Velmar Courier.", False),
        ("", False),
    ],
)
def test_said_is_a_quotation_with_its_speakers_name(text: str, wanted: bool) -> None:
    span = said(text)

    assert (span is not None) is wanted
    if span is not None:
        assert text[span.start : span.end] == span.text


@given(
    st.text(max_size=100),
    st.lists(st.text(alphabet='abcdefgh ABC.?!\n"“”中文。0123', max_size=120), max_size=8),
    st.integers(1, 3),
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 30)), max_size=3),
)
@settings(max_examples=120, deadline=None)
def test_any_text_gives_its_own_words_or_nothing_the_same_way_twice(
    title: str, lines: list[str], limit: int, places: list[tuple[int, int]]
) -> None:
    text = "\n\n".join(lines)
    evidence = [Evidence(field="body", start=start, end=start + length, text="") for start, length in places]

    def once() -> list[tuple[int, int]]:
        found = summarise(title=title, text=text, highlights=lines[:2], evidence=evidence, limit=limit)
        assert all(text[span.start : span.end] == span.text for span in found)
        return [(span.start, span.end) for span in found]

    assert once() == once()
    assert len(set(once())) == len(once()) <= limit
