"""Which forms of a query word are found in which language."""

import pytest

from handlers.sources.text.language import inflection_language
from handlers.topics.matcher import Matcher, Readable, evaluate
from handlers.topics.query.groups import required_groups
from handlers.topics.query.query import parse
from handlers.topics.text.tokens import index_words
from tests.support.topics import a_topic

FOUND = [
    ("Corning", "en", "Corning's glass plant"),
    ("Tariff", "en", "New tariffs come"),
    ("Philips", "en", "Philips' new lamp"),
    ("Sanktion", "de", "Neue Sanktionen beschlossen"),
    ("Путин", "ru", "Встреча с Путиным прошла"),
    ("Huawei", "de", "Huaweis neue Netze"),
    ("ZTE", "de", "ZTEs Netze"),
    ("Huawei", "sv", "Huaweis nät byggs om"),
    ("Huawei", "da", "Huaweis net ombygges"),
    ("Huawei", "nb", "Huaweis nett bygges om"),
    ("Veto", "de", "Zwei Vetos im Rat"),
    ("exportação", "pt", "As exportações caíram"),
    ("Sanções", "pt", "Uma sanção a mais"),
    ("प्रतिबंध", "hi", "नए प्रतिबंधों की घोषणा"),
    ("कंपनी", "hi", "चीनी कंपनियों पर रोक"),
    ("санкції", "uk", "Пакет санкцій ухвалено"),
    ("кібератака", "uk", "Наслідки кібератак"),
    ("тариф", "uk", "Про тарифи говорили"),
    ("Зеленський", "uk", "Зустріч із Зеленським"),
    ("санкция", "bg", "Нови санкции срещу банки"),
    ("санкции", "bg", "Санкциите остават"),
    ("мито", "bg", "Новите мита"),
    ("סנקציות", "he", "הסנקציות החדשות"),
    ("סנקציות", "he", "ובסנקציות החדשות"),
    ("yaptırım", "tr", "Yeni yaptırımlar açıklandı"),
    ("crisis", "en", "Two crises at once"),
    ("crises", "en", "A crisis at once"),
    ("bus", "en", "Three buses burned"),
    ("F-35", "en", "Two F-35s were sold"),
    ("F35", "en", "Two F-35s were sold"),
    ("F35", "en", "Two F35s were sold"),
    ("737", "en", "All 737s were grounded"),
    ("GPU", "en", "Start-ups hoard GPUs"),
    ("1,000", "en", "It hit 1000 firms"),
    ("1,000", "en", "It hit 1,000 firms"),
    ("F-16", "en", "Two F 16 jets"),
    ("S-400", "en", "Turkey bought the S‑400 system"),
    ('"Johnson & Johnson"', "en", "Johnson and Johnson pays"),
    ('"Johnson & Johnson"', "en", "Johnson & Johnson pays"),
    ("1000", "en", "It hit 1,000 firms"),
    ("Zürich", "en", "Banks in Zuerich"),
    ("Zuerich", "en", "Banks in Zürich"),
    ("Mueller", "fr", "M. Müller a dit non"),
    ("Tromsoe", "en", "In Tromsø it snows"),
]
MISSED = [
    ("Corning", "en", "The corn harvest"),
    ("Boeing", "fr", "Un boa et un boe"),
    ("Shell", "en", "The shelling went on"),
    ("Philips", "en", "Philip is a prince"),
    ("Corning", "und", "The corn harvest"),
    ("Huawei", "de", "Huaweist kein Wort"),
    ("poet", "en", "A pot of tea"),
    ("GPU", "en", "A gpus word"),
    ("SWIFT", "en", "a swift reply from the bank"),
    ("EAR", "en", "an ear infection"),
    ("ARM", "en", "He broke his arm, and both arms hurt"),
    ("ICE", "en", "ice on the roads"),
    ("AID", "en", "an aid worker"),
    ("A-10", "en", "It cost A$10 in Perth"),
    ("A-10", "en", "For a 10 percent rise"),
    ("1990", "en", "In the 1990s"),
    ("=737", "en", "All 737s were grounded"),
    ("=F-35", "en", "Two F-35s were sold"),
    ("שלג", "he", "הסנקציות החדשות"),
]


@pytest.mark.parametrize(("query", "language", "text"), FOUND)
def test_a_word_is_found_in_this_form(query: str, language: str, text: str) -> None:
    article = Readable(title="", body=text, language=language)

    assert evaluate(parse(query), article).matches
    assert Matcher([a_topic(1, query)]).topic_ids(article) == (1,)


@pytest.mark.parametrize(("query", "language", "text"), MISSED)
def test_a_word_is_not_found_in_another_word(query: str, language: str, text: str) -> None:
    article = Readable(title="", body=text, language=language)

    assert not evaluate(parse(query), article).matches
    assert Matcher([a_topic(1, query)]).topic_ids(article) == ()


@pytest.mark.parametrize(("query", "language", "text"), FOUND)
def test_full_text_search_finds_every_form(query: str, language: str, text: str) -> None:
    words = f" {index_words('', text, language)} "

    for group in required_groups(parse(query)):
        assert any(f" {term} " in words for term in group)


def test_words_of_a_text_in_an_unsure_language_inflect_as_in_the_likeliest_one() -> None:
    title = "Nuevas sanciones a Rusia"
    article = Readable(title=title, body="", language="und", inflection=inflection_language("und", title))

    assert evaluate(parse("sanción"), article).matches
    assert evaluate(parse("sanción lang:und"), article).matches
    assert not evaluate(parse("sanción lang:es"), article).matches
    assert Matcher([a_topic(1, "sanción")]).topic_ids(article) == (1,)
