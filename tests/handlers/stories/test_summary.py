"""Summaries: an article's own sentences about the event, none of which needs context that is not quoted."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.stories.summary import summarize
from storage.records import Evidence

POINT = "Three dockers died and nine were hurt when a crane fell across berth 14 at Port Velmar."


def read(name: str) -> tuple[str, str]:
    title, _, text = (Path(__file__).parent / "data" / name).read_text(encoding="utf-8").partition("\n")
    return title, text


def hit(text: str, word: str) -> Evidence:
    start = text.index(word)
    return Evidence(field="body", start=start, end=start + len(word), text=word)


def quoted(title: str, text: str, **given: object) -> list[str]:
    spans = summarize(title=title, text=text, language="en", **given)  # type: ignore[arg-type]
    assert all(text[span.start : span.end] == span.text for span in spans)
    return [span.text for span in spans]


def test_the_publishers_bullet_points_are_quoted_first_and_boilerplate_never() -> None:
    title, text = read("crane.txt")

    found = quoted(title, text, highlights=(POINT,))

    assert found[0] == POINT
    assert not any("homepage" in line or "Follow" in line for line in found)


def test_the_first_sentence_contains_the_matched_words() -> None:
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
def test_a_sentence_that_cannot_be_quoted_alone_is_left_out(unfit: str) -> None:
    good = "Inspectors from the labour ministry will examine the crane at Velmar this week."

    assert quoted("Crane collapse at Port Velmar kills three dock workers", f"{unfit}\n\n{good}") == [good]


def test_the_line_with_the_day_of_posting_is_boilerplate() -> None:
    sentence = "The crane at Velmar stands again after a summer of work by the engineers of Talvik."

    assert quoted("A crane rises", f"Posted on 3 March 2021 by nobody in particular.\n\n{sentence}") == [sentence]


def test_a_truncated_sentence_is_quoted_if_the_feed_has_nothing_else() -> None:
    truncated = "Inspectors from the labour ministry will examine the crane at Velmar this week, after ..."

    assert quoted("Crane collapse kills three", truncated) == [truncated]


@pytest.mark.parametrize("timestamp", ["April 30, 2020 12:48 PM", "30 April 2020, 12:48 ", "2020-04-30 12:48"])
def test_the_time_of_publication_is_no_part_of_the_first_sentence(timestamp: str) -> None:
    sentence = "Inspectors from the labour ministry will examine the crane at Velmar this week."

    assert quoted("Crane collapse kills three", f"{timestamp}{sentence} It fell on Monday.")[0] == sentence


def test_no_sentence_is_quoted_twice() -> None:
    line = "Inspectors from the labour ministry will examine the crane at Velmar this week."

    assert quoted("A headline", f"{line}\n\n{line}\n\n{line}") == [line]


def test_a_bullet_point_and_the_sentence_it_summarizes_are_not_quoted_together() -> None:
    point = (
        "Velmar's largest dock company, Ostrana, has signed a deal with the northern hoist maker Brodd for new cranes."
    )
    sentence = (
        "Velmar's largest dock company has signed a deal with the Talvik maker Brodd for cranes, ending a quarrel "
        "between the towns."
    )

    found = summarize(
        title="Towns make up over cranes from Brodd", text=f"{point}\n\n{sentence}", highlights=(point,), language="en"
    )

    assert len(found) == 1


def test_a_long_summary_has_fewer_sentences_but_only_complete_ones() -> None:
    lines = [
        f"Inspector {name} of the labour ministry examined the crane in {'very ' * 30}bad weather."
        for name in ("Brask", "Lind", "Santerre", "Okafor")
    ]

    found = quoted("Cranes examined", " ".join(lines))

    assert 1 <= len(found) < 3
    assert set(found) <= set(lines)


def test_an_empty_text_has_no_summary() -> None:
    assert summarize(title="A headline", text="", highlights=(), language="en", evidence=()) == ()


@given(
    st.text(max_size=100),
    st.lists(st.text(alphabet='abcdefgh ABC.?!\n"“”中文。0123', max_size=120), max_size=8),
    st.integers(1, 3),
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 30)), max_size=3),
)
@settings(max_examples=120, deadline=None)
def test_any_text_gives_exact_slices_and_the_same_summary_each_time(
    title: str, lines: list[str], limit: int, places: list[tuple[int, int]]
) -> None:
    text = "\n\n".join(lines)
    evidence = [Evidence(field="body", start=start, end=start + length, text="") for start, length in places]

    def once() -> list[tuple[int, int]]:
        found = summarize(title=title, text=text, highlights=lines[:2], evidence=evidence, limit=limit)
        assert all(text[span.start : span.end] == span.text for span in found)
        return [(span.start, span.end) for span in found]

    assert once() == once()
    assert len(set(once())) == len(once()) <= limit
