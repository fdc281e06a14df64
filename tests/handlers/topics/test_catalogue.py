"""The catalogue: topics match their positive examples and no negative ones, and the shipped articles match topics."""

import re

import pytest

from handlers.topics.catalogue import CatalogueError, CatalogueTopic, read_catalogue, require_queries
from handlers.topics.matcher import Matcher, Readable
from tests.support.paths import ROOT
from tests.support.topics import a_topic

SAMPLES = ROOT / ".." / "shared" / "seeds"
CATALOGUE = read_catalogue((ROOT / "seeds" / "topics.toml").read_text(encoding="utf-8"))
TAGGED = re.compile(r"\[([\w-]+)\] (.*)", re.DOTALL)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(
        a_topic(number, topic.query, name=topic.name, aliases=topic.aliases) for number, topic in enumerate(CATALOGUE)
    )


def names(matcher: Matcher, readable: Readable) -> dict[str, list[str]]:
    """Return the names of the topics found, each with its evidence."""
    return {
        CATALOGUE[found.topic_id].name: [evidence.text for evidence in found.evidence]
        for found in matcher.match(readable)
    }


def test_the_catalogue_has_the_promised_topics() -> None:
    assert {
        "huawei",
        "zte",
        "5g",
        "sanctions",
        "export-controls",
        "entity-list",
        "trade-war",
        "tariffs",
        "semiconductors",
        "telecom-networks",
    } <= {topic.name for topic in CATALOGUE}


def test_no_topic_is_broken(matcher: Matcher) -> None:
    assert not matcher.broken


@pytest.mark.parametrize("topic", CATALOGUE, ids=[topic.name for topic in CATALOGUE])
def test_a_topic_has_a_description_aliases_and_examples_in_seven_languages(topic: CatalogueTopic) -> None:
    assert topic.description
    assert "\n" not in topic.description
    assert topic.aliases
    assert len(topic.positive) >= 8
    assert len(topic.negative) >= 5
    languages = {tagged[1] if (tagged := TAGGED.fullmatch(sentence)) else "en" for sentence in topic.positive}
    assert {"en", "zh", "ru", "ar", "de", "fr", "es"} <= languages


@pytest.mark.parametrize("topic", CATALOGUE, ids=[topic.name for topic in CATALOGUE])
def test_a_topic_matches_its_positive_examples_and_no_negative_one(matcher: Matcher, topic: CatalogueTopic) -> None:
    wrong = []
    for wanted, sentences in ((True, topic.positive), (False, topic.negative)):
        for sentence in sentences:
            tagged = TAGGED.fullmatch(sentence)
            language, text = tagged.groups() if tagged else ("en", sentence)
            found = names(matcher, Readable(title="", body=text, language=language))
            if (topic.name in found) is not wanted:
                wrong.append(sentence)

    assert wrong == []


def test_the_sample_document_matches_huawei_5g_and_sanctions(matcher: Matcher) -> None:
    samples = sorted(SAMPLES.glob("*.txt"))
    if not samples:
        pytest.skip("the sample document (../shared/seeds) is not on this machine")
    title, _, body = samples[0].read_text(encoding="utf-8").partition("\n")

    found = names(matcher, Readable(title=title, body=body, language="en"))

    assert "Huawei" in found["huawei"]
    assert "5G" in found["5g"]
    assert {"bar", "firms from"} <= set(found["sanctions"])


def test_every_shipped_article_matches_a_topic(matcher: Matcher) -> None:
    for path in sorted((ROOT / "seeds" / "articles").glob("*.txt")):
        title, _, body = path.read_text(encoding="utf-8").partition("\n")

        assert names(matcher, Readable(title=title, body=body, language="und")), path.name


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[topic", "not TOML"),
        ('[[topic]]\ntitle = "A"', "no name"),
        ('[[topic]]\nname = "Huawei"\nquery = "huawei"', "lower case"),
        ('[[topic]]\nname = "a"\nquery = "huawei"\ncolour = "#000000"', "unknown key 'colour'"),
        ('[[topic]]\nname = "a"\nquery = "huawei"\ncolor = "red"', "not #rrggbb"),
        ('[[topic]]\nname = "a"\nquery = "huawei OR"', "column 7"),
        ('[[topic]]\nname = "a"\nquery = "b1"\n[[topic]]\nname = "a"\nquery = "b2"', "Two topics"),
        ('[[topic]]\nname = "a"\nquery = "huawei"\naliases = "b"', "not a list"),
        ("topic = 3", "list its topics"),
    ],
)
def test_an_invalid_catalogue_is_refused_with_the_reason(text: str, says: str) -> None:
    with pytest.raises(CatalogueError, match=re.escape(says)):
        require_queries(catalogue := read_catalogue(text), catalogue)
