"""Texts are split into sentences in every script, and each sentence is an exact slice of its text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.stories.sentences import sentences


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("en", "It rose 2.5 percent. It fell later.", ["It rose 2.5 percent.", "It fell later."]),
        ("en", "Mr. Lind met Dr. Okafor at 5 p.m. on Monday. They left.", 2),
        ("en", "The U.S. Senate voted. J. K. Brask of Norvane Inc. won.", 2),
        ("en", "He lives in the U.S. The city is small.", ["He lives in the U.S.", "The city is small."]),
        ("en", "“Is it over?” she asked. “No!” he said.", ["“Is it over?” she asked.", "“No!” he said."]),
        ("en", 'He said: "It is over." Then he left.', ['He said: "It is over."', "Then he left."]),
        ("en", "Well... he did not know. Nobody did…", 2),
        ("en", "The fee (about 3 crowns. Not much.) rose. It fell.", 2),
        ("en", "See fig. 3 and no. 5. They differ.", ["See fig. 3 and no. 5.", "They differ."]),
        ("en", "Buy at shop.example.com today. It is v2.0 now.", 2),
        ("en", "One line\n\nAnother line", ["One line", "Another line"]),
        ("en", "• First point.\n• Second point.", ["First point.", "Second point."]),
        (
            "en",
            "This line was wrapped by a mail program in the middle of a\nsentence that goes on here. Next.",
            ["This line was wrapped by a mail program in the middle of a\nsentence that goes on here.", "Next."],
        ),
        ("fr", "M. Santerre est parti. Mme Brask reste.", ["M. Santerre est parti.", "Mme Brask reste."]),
        ("fr", "La loi est votée.Cela change tout.", ["La loi est votée.", "Cela change tout."]),
        ("fr", "« C'est fini ! » a-t-il dit. Il part.", ["« C'est fini ! » a-t-il dit.", "Il part."]),
        ("de", "Am 3. Juni tagt der Rat. Er wählt.", ["Am 3. Juni tagt der Rat.", "Er wählt."]),
        ("ru", "Это произошло в 2024 г. в Москве. Погибли трое.", 2),
        ("zh", "地震发生了。有人受伤吗？没有！", ["地震发生了。", "有人受伤吗？", "没有！"]),
        ("zh", "他说：“结束了。”然后离开。", 2),
        ("ja", "「終わった。」と彼は言った。雨だ。", 3),
        ("ar", "هل انتهى الأمر؟ نعم. غادر الوزير.", ["هل انتهى الأمر؟", "نعم.", "غادر الوزير."]),
        ("hi", "यह एक वाक्य है। यह दूसरा है।", ["यह एक वाक्य है।", "यह दूसरा है।"]),
        ("en", "", []),
        ("en", " \n … \n --- ", []),
    ],
)
def test_a_text_is_split_into_its_sentences(language: str, text: str, wanted: list[str] | int) -> None:
    found = [span.text for span in sentences(text, language)]

    assert (len(found) if isinstance(wanted, int) else found) == wanted


def test_thai_is_split_at_spaces_into_pieces_of_readable_length() -> None:
    clause = "รัฐบาลประกาศมาตรการใหม่เพื่อช่วยเหลือผู้ประสบภัยน้ำท่วมในภาคใต้ของประเทศ"

    found = sentences(f"{clause} {clause} {clause}", "th")

    assert [span.text for span in found] == [clause] * 3


@given(
    st.text(
        alphabet=st.one_of(st.sampled_from(list("aA. .!?…。！？؟।\"'“”«»()\n\r\t\u2028•1,;:-งค中")), st.characters()),
        max_size=300,
    ),
    st.sampled_from(["en", "de", "zh", "th", "und"]),
)
@settings(max_examples=200, deadline=None)
def test_sentences_are_exact_slices_in_order_that_leave_out_no_word(text: str, language: str) -> None:
    found = sentences(text, language)

    place = 0
    for span in found:
        assert span.text == text[span.start : span.end]
        assert not any(letter.isalnum() for letter in text[place : span.start])
        assert place <= span.start < span.end
        place = span.end
    assert not any(letter.isalnum() for letter in text[place:])
