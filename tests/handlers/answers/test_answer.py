"""What answers say about themselves."""

from dataclasses import replace

from handlers.answers.answer import TopicTest
from tests.support.answers import every_answer


def test_an_estimated_number_of_articles_is_called_an_estimate() -> None:
    test = every_answer()["topic_test"]
    assert isinstance(test, TopicTest)

    assert replace(test, articles=14, estimated=False).count == "14"
    assert replace(test, articles=13_400, estimated=True).count == "about 13,400"
