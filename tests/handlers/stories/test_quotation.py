"""Direct quotations are found together with the name of the speaker."""

import pytest

from handlers.stories.quotation import find_quotation


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
def test_a_quotation_is_found_only_with_the_name_of_its_speaker(text: str, wanted: bool) -> None:
    span = find_quotation(text)

    assert (span is not None) is wanted
    if span is not None:
        assert text[span.start : span.end] == span.text
