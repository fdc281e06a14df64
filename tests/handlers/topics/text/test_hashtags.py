"""Hashtags in camel case: their parts are words too, wherever topics look for words."""

import pytest

from handlers.topics.matcher import Matcher, Readable, evaluate
from handlers.topics.query.query import parse
from handlers.topics.text.hashtags import hashtag_parts
from handlers.topics.text.tokens import index_words
from handlers.topics.text.words import prepare
from tests.support.topics import a_topic

SPLIT = [
    ("#HuaweiBan", "Huawei Ban"),
    ("#HuaweiBan's end", "Huawei Ban"),
    ("(#HuaweiBan)", "Huawei Ban"),
    ("##HuaweiBan", "Huawei Ban"),
    ("＃HuaweiBan", "Huawei Ban"),
    ("#TikTok", "Tik Tok"),
    ("#StopTheHuaweiBan", "Stop The Huawei Ban"),
    ("#ChipsUndExportverbote", "Chips Und Exportverbote"),
    ("#ÖlEmbargoFürRussland", "Öl Embargo Für Russland"),
    ("#СанкцииРоссия", "Санкции Россия"),
    ("#ΚυρώσειςΡωσία", "Κυρώσεις Ρωσία"),
    ("#É\u0301tatUni", "É\u0301tat Uni"),
    ("#5GNews", "5G News"),
    ("#Huawei5G", "Huawei 5G"),
    ("#Huawei5GBan", "Huawei 5G Ban"),
    ("#EU5GPlan", "EU 5G Plan"),
    ("#Sanctions2026", "Sanctions 2026"),
    ("#2026Elections", "2026 Elections"),
    ("#COVID19Vaccine", "COVID19 Vaccine"),
    ("#G20Summit", "G20 Summit"),
    ("#USSanctions", "US Sanctions"),
    ("#BanGPUs", "Ban GPUs"),
    ("#iPhoneBan", "iPhone Ban"),
    ("#iOSUpdate", "iOS Update"),
    ("#Huawei_BanNow", "Ban Now"),
    ("#华为HuaweiBan", "Huawei Ban"),
    ("关于#HuaweiBan", "Huawei Ban"),
    ("#HuaweiBan #TikTok, #5GNews", "Huawei Ban Tik Tok 5G News"),
    ("#Huawei_Ban", ""),
    ("#HUAWEI", ""),
    ("#huaweiban", ""),
    ("#Huawei", ""),
    ("#5G", ""),
    ("#covid19", ""),
    ("#iPhone", ""),
    ("#GPUs", ""),
    ("# HuaweiBan", ""),
    ("HuaweiBan", ""),
    ("C#HuaweiBan", ""),
    ("https://example.com/a#HuaweiBan", ""),
    ("https://example.com/#HuaweiBan", ""),
    ("&#HuaweiBan;", ""),
    ("#" + "AbCd" * 20, ""),
    ("#" + "a" * 200 + "B", ""),
]

FOUND: list[tuple[str, str, str, list[str] | None]] = [
    # query, title, body, evidence
    ("huawei", "", "#HuaweiBan trends", ["Huawei"]),
    ("Huawei", "", "#HuaweiBan trends", ["Huawei"]),
    ("huawei", "#HuaweiBan trends", "", ["Huawei"]),
    ("huawei", "#HuaweiBan trends", "#StopHuawei", ["Huawei", "Huawei"]),
    ("title:huawei", "Notes", "#HuaweiBan", None),
    ("title:huawei", "#HuaweiBan", "Nothing", ["Huawei"]),
    ("body:huawei", "#HuaweiBan", "Nothing", None),
    ("body:huawei", "Huawei", "#HuaweiBan", ["Huawei"]),
    ('title:"huawei ban"', "#HuaweiBan", "huawei ban", ["HuaweiBan"]),
    ('"huawei ban"', "", "A #HuaweiBan trends", ["HuaweiBan"]),
    ('"huawei * now"', "", "#HuaweiBanNow", ["HuaweiBanNow"]),
    ('"huawei-ban"', "", "#HuaweiBan", ["HuaweiBan"]),
    ("huaweiban", "", "#HuaweiBan", ["HuaweiBan"]),
    ("tiktok", "", "#TikTok grows", ["TikTok"]),
    ('"tiktok ban"', "", "#TikTok ban", ["TikTok ban"]),
    ('"the tiktok ban"', "", "The #TikTok ban", ["The #TikTok ban"]),
    ("tiktok OR tik", "", "#TikTok grows", ["TikTok"]),
    ("5G", "", "#5GNews", ["5G"]),
    ("US", "", "#USSanctions", ["US"]),
    ("US", "", "#BusUsers", None),
    ("sanctions", "", "#USSanctions", ["Sanctions"]),
    ("санкции", "", "#СанкцииРоссия сегодня", ["Санкции"]),
    ('"санкции россия"', "", "#СанкцииРоссия сегодня", ["СанкцииРоссия"]),
    ("россия", "", "Нет. #СанкцииРоссия", ["Россия"]),
    ('"huawei ban"', "", "#Huawei_Ban", ["Huawei_Ban"]),
    ("huawei", "", "#HUAWEI", ["HUAWEI"]),
    ("huawei", "", "#huaweiban", None),
    ("huawei AND tok AND 5G", "", "#HuaweiBan #TikTok #5GNews", ["Huawei", "Tok", "5G"]),
    # A phrase does not extend from the parts of a hashtag to other words.
    ('"trends huawei"', "", "It trends: #HuaweiBan", None),
    ('"trends huawei"', "", "#HuaweiBan trends", None),
    ('"trends * ban"', "", "#HuaweiBan trends", None),
    ('"ban tik"', "", "#HuaweiBan #TikTok", None),
    ('"ban * tok"', "", "#HuaweiBan #TikTok", None),
    ('"* huawei"', "", "It trends #HuaweiBan", None),
    ('"huawei ban"', "#StopHuawei", "#BanNow", None),
    # NEAR counts each part as a word where it is.
    ("huawei NEAR/1 ban", "", "#HuaweiBan", ["Huawei", "Ban"]),
    ("huawei NEAR/2 trends", "", "#HuaweiBan trends", ["Huawei", "trends"]),
    ("huawei NEAR/0 trends", "", "#HuaweiBan trends", None),
    ("tiktok NEAR/0 trends", "", "#TikTok trends", ["TikTok", "trends"]),
    ("germany ONEAR/1 huawei", "", "Germany and #HuaweiBan", ["Germany", "Huawei"]),
    ("huawei ONEAR/9 germany", "", "Germany and #HuaweiBan", None),
    ("huawei NEAR/3 tok", "", "#HuaweiBan" + " so" * 20 + " #TikTok", None),
    ("huawei NEAR/9 germany", "#HuaweiBan", "Germany", None),
    # Exclusions see the parts.
    ("trends NOT huawei", "", "#HuaweiBan trends", None),
    ('trends NOT "huawei ban"', "", "#HuaweiBan trends", None),
    ('huawei OUTSIDE "huawei ban"', "", "#HuaweiBan trends", None),
    ('huawei OUTSIDE "huawei ban"', "", "#HuaweiBan and Huawei", ["Huawei"]),
    ("tok OUTSIDE tiktok", "", "#TikTok", None),
    ("ban OUTSIDE huawei", "", "#HuaweiBan", ["Ban"]),
]
LANGUAGES = ("en", "und", "de", "ru", "tr")

SAME_SCORES = [
    ("huawei*", "#HuaweiBan", "#HuaweiVerbot"),
    ("tik*", "#TikTok grows", "TikTok grows"),
    ("tik-tok", "#TikTok grows", "Tik-Tok grows"),
    ("huawei", "#HuaweiBan and #HuaweiBan", "Huawei Ban and Huawei Ban"),
    ("huawei", "Huawei and #HuaweiBan", "Huawei and Huawei"),
    ('"huawei ban"', "#HuaweiBan and #TikTok", "Huawei Ban and Tik Tok"),
    ("tik* NEAR/3 grows", "#TikTok grows", "TikTok grows"),
]


@pytest.mark.parametrize(("text", "parts"), SPLIT)
def test_a_hashtag_is_split_at_its_capitals_and_numbers(text: str, parts: str) -> None:
    found = hashtag_parts(prepare(text), text)

    assert " ".join(text[start:end] for group in found for start, end in group) == parts


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("query", "title", "body", "evidence"), FOUND)
def test_a_query_finds_the_parts_of_a_hashtag_where_they_are(
    query: str, title: str, body: str, evidence: list[str] | None, language: str
) -> None:
    article = Readable(title=title, body=body, language=language)
    texts = {"title": title, "body": body}

    alone = evaluate(parse(query), article)
    together = Matcher([a_topic(1, query), a_topic(2, "huawei")]).match(article)

    assert alone.matches == (evidence is not None)
    assert [words.text for words in alone.evidence] == (evidence or [])
    assert all(words.text == texts[words.field][words.start : words.end] for words in alone.evidence)
    matched = [match for match in together if match.topic_id == 1]
    assert [(match.evidence, match.score) for match in matched] == (
        [] if evidence is None else [(alone.evidence, alone.score)]
    )


@pytest.mark.parametrize("filler", ["", " Ünïcode", " \U00020000"])
@pytest.mark.parametrize(("query", "text", "like"), SAME_SCORES)
def test_a_hashtag_counts_once_in_the_score(query: str, text: str, like: str, filler: str) -> None:
    articles = [Readable(title=each, body=each + filler, language="en") for each in (text, like)]

    alone = [evaluate(parse(query), article).score for article in articles]
    together = [match.score for article in articles for match in Matcher([a_topic(1, query)]).match(article)]

    assert alone[0] == alone[1] > 0
    assert together == alone


def test_full_text_search_finds_the_parts_of_hashtags() -> None:
    words = index_words("About #HuaweiBan", "Der #ChipExport und #СанкцииРоссия", "de").split()

    assert {"huaweiban", "huawei", "ban", "chipexport", "chip", "export", "санкции", "россия"} <= set(words)
