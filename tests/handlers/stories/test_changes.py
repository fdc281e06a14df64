"""New facts in further articles of a story, and what a publisher changed in an article."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.stories.changes import changes, new_facts

KNOWN = (
    "Crane collapse at Port Velmar kills three dock workers\n\nA loading crane collapsed at Port Velmar on Monday, "
    "killing three dock workers and injuring nine, the harbour authority said."
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "A crane fell at Port Velmar on Monday. Washington said it would send 14 engineers to Port Velmar to "
            "inspect the crane.",
            ["Washington said it would send 14 engineers to Port Velmar to inspect the crane."],
        ),
        (KNOWN.partition("\n\n")[2], []),
        ("On Monday a loading crane at Port Velmar collapsed, injuring 9 and killing 3 dock workers.", []),
        (
            "Port Velmar lost three dock workers to the collapse of a crane on Monday, rescuers told the Courier. "
            "Investigators from Talvik found cracks in a bolt of the crane at Velmar.",
            ["Investigators from Talvik found cracks in a bolt of the crane at Velmar."],
        ),
        (
            "The mayor Hugo Santerre left the harbour for a festival of Baltic choirs in Ostrana that he was to "
            "open. Dora Melnik, an inspector, had asked for a closer look at the crane in Velmar.",
            [
                "Dora Melnik, an inspector, had asked for a closer look at the crane in Velmar.",
            ],
        ),
        ("The museum of Talvik shows 300 paintings by Hugo Santerre until the end of the summer.", []),
        ("Who will pay 40 million crowns for the crane at Port Velmar?", []),
        ("", []),
    ],
    ids=[
        "new",
        "near-duplicate",
        "reworded",
        "repeats its headline",
        "beside the topic",
        "unrelated",
        "question",
        "empty",
    ],
)
def test_a_new_fact_is_one_that_no_earlier_text_has(text: str, wanted: list[str]) -> None:
    found = new_facts([KNOWN], title="Velmar port after the crane collapse", text=text, language="en")

    assert [span.text for span in found] == wanted


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ("MTS may build 5G", "MTS will build 5G", ("may", "will")),
        ("Crane kills 12 in Velmar", "Crane kills 15 in Velmar", ("12", "15")),
        ("Crane kills 12 in Velmar", "CRANE  kills 12 - in Velmar!", None),
        ("Crane kills 1,000", "Crane kills 1000", None),
        ("Crane’s fall", "Crane's fall", None),
        ("", "Crane falls", None),
    ],
)
def test_a_changed_headline_is_returned_with_the_words_that_changed(
    before: str, after: str, wanted: tuple[str, str] | None
) -> None:
    found = changes(before, "", after, "")

    assert [(change.label, change.before, change.after, change.removed, change.added) for change in found] == (
        [] if wanted is None else [("Headline changed", before, after, *wanted)]
    )


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ("It killed 12 people. It rained.", "It killed 15 people. It rained.", [("12", "15")]),
        ("It killed 12 people.", "It killed 12 people in Velmar.", []),
        ("It cost $1.5 million.", "It cost $2.5 million.", [("$1.5", "$2.5")]),
        ("It cost 1,500 crowns.", "It cost 1500 crowns.", []),
        ("The rate is 3 percent.", "The rate is 3 percent!", []),
        ("The storm left three dead.", "The storm left five dead.", [("three", "five")]),
        ("The storm left five dead.", "The storm left 5 dead.", []),
        ("Der Sturm forderte drei Tote.", "Der Sturm forderte fünf Tote.", [("drei", "fünf")]),
        ("La tempête a fait trois morts.", "La tempête a fait cinq morts.", [("trois", "cinq")]),
        ("La tormenta dejó tres muertos.", "La tormenta dejó cinco muertos.", [("tres", "cinco")]),
        ("В шторм погибли пять человек.", "В шторм погибли шесть человек.", [("пять", "шесть")]),
        ("风暴造成三人死亡。", "风暴造成五人死亡。", [("风暴造成三人死亡。", "风暴造成五人死亡。")]),
        ("العاصفة قتلت ثلاثة أشخاص.", "العاصفة قتلت خمسة أشخاص.", [("ثلاثة", "خمسة")]),
        ("It closed one of the works.", "It closed one of its works.", []),
    ],
)
def test_a_changed_number_is_returned_with_its_sentence(before: str, after: str, wanted: list[tuple[str, str]]) -> None:
    found = changes("T", before, "T", after)

    assert [(change.removed, change.added) for change in found] == wanted
    assert all(change.label == "Number changed" for change in found)
    assert all(change.before in before and change.after in after for change in found)


@given(st.text(max_size=80), st.text(max_size=300), st.text(max_size=80), st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_texts_can_be_compared_and_equal_texts_have_no_changes(
    title: str, text: str, other_title: str, other_text: str
) -> None:
    assert changes(title, text, title, text) == ()
    changes(title, text, other_title, other_text)
    found = new_facts([title, text], title=other_title, text=other_text)
    assert all(other_text[span.start : span.end] == span.text for span in found)
    assert new_facts([f"{title}\n\n{text}"], title=title, text=text) == ()
