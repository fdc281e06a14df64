"""Prose, sentences, labels and headlines are distinguished in several scripts."""

import pytest

from handlers.sources.text.line_kinds import has_several_sentences, is_headline_like, is_label, is_prose, is_sentence

PROSE = "The ministry said on Tuesday that operators must replace the equipment within three years."


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        (PROSE, {"prose", "sentence"}),
        (f"“{PROSE}”", {"prose", "sentence"}),
        (PROSE.rstrip("."), {"headline"}),
        ("It was signed on Monday.", {"sentence"}),
        ("Signed.", set()),
        ("Huawei signs a deal with MTS", {"headline"}),
        ("Jane Doe", {"label", "headline"}),
        ("Themen:", {"label", "headline"}),
        ("华为周三获得俄罗斯牌照。", {"sentence"}),
        ("华为获牌照", {"label", "headline"}),
        ("One, two, and", {"label", "headline"}),
        ("One, two,", {"headline"}),
        (f"{PROSE} {PROSE} {PROSE}", {"prose", "sentence"}),
    ],
)
def test_a_line_is_of_these_kinds(line: str, kinds: set[str]) -> None:
    rules = {"prose": is_prose, "sentence": is_sentence, "label": is_label, "headline": is_headline_like}

    assert {kind for kind, rule in rules.items() if rule(line)} == kinds


def test_an_abbreviation_does_not_end_a_sentence() -> None:
    assert has_several_sentences(f"{PROSE} {PROSE}")
    assert not has_several_sentences("The U.S. said no. Then it")
