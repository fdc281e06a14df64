"""Plain text: paragraphs, hard-wrapped lines and bullet points."""

from handlers.sources.documents.plain_text import blocks_of


def test_hard_wrapped_lines_are_joined_and_other_lines_are_not() -> None:
    wrapped = (
        "The quick brown fox jumps over the lazy dog and then it\nrun"
        "s away over the hills and far away until the sun\nhas gone.\n"
    )

    assert [block.text for block in blocks_of(wrapped)] == [wrapped.replace("\n", " ").strip()]
    assert [block.text for block in blocks_of("Read more:\nThe other story is here")] == [
        "Read more:",
        "The other story is here",
    ]


def test_a_single_dash_starts_direct_speech_and_not_a_list() -> None:
    assert not any(block.bullet for block in blocks_of("— Мы готовы, сказал он.\n\nТекст."))
