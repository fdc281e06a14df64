"""Traditional and Simplified Chinese: a query in either finds texts in either."""

import pytest

from handlers.topics.matcher import Matcher, Readable, evaluate
from handlers.topics.query.groups import required_groups
from handlers.topics.query.query import parse
from handlers.topics.text.chinese import CHINESE_FOLDING, MAX_SPELLINGS, spellings
from handlers.topics.text.letters import fold_word
from handlers.topics.text.tokens import Tokens, index_words
from tests.support.topics import a_topic

FOUND = [
    ("华为", "zh", "華為發表新手機", ["華為"]),
    ("華為", "zh", "华为发表新手机", ["华为"]),
    ("華為", "zh", "華為發表新手機", ["華為"]),
    ("华为", "zh", "爲何華爲被制裁", ["華爲"]),
    ("任正非 OR 实体清单", "zh", "美國商務部更新實體清單", ["實體清單"]),
    ("任正非 OR 實體清單", "zh", "美国商务部更新实体清单", ["实体清单"]),
    ('"贸易 战争"', "zh", "新的貿易戰爭開始", ["貿易戰爭"]),
    ("=出口管制", "zh", "商務部公佈出口管制新規", ["出口管制"]),
    ("=關稅", "zh", "中国提高关税", ["关税"]),
    ("华为 NEAR/6 手机", "zh", "華為在台灣發表手機", ["華為", "手機"]),
    ("手機 ONEAR/6 華為", "zh", "手机的制造者是华为", ["手机", "华为"]),
    ("华为 OUTSIDE 当月华为", "zh", "當月華為烏雲所蔽，而華為增長", ["華為"]),
    ("台积电*", "zh", "台積電將擴廠", ["台積電"]),
    ("2 of (华为, 中兴, 联想)", "zh", "中興與聯想合作", ["中興", "聯想"]),
    ("title:华为 OR 华为", "zh", "對華為的限制", ["華為"]),
    ("华为5G", "zh", "採用華為5G網路", ["華為5G"]),
    ("了解 芯片", "zh", "據瞭解，芯片短缺", ["瞭解", "芯片"]),
    ("计划", "zh", "政府公布新計畫", ["計畫"]),
    ("锁链", "zh", "他被鎖鍊綁住", ["鎖鍊"]),
    ("答覆", "zh", "外交部答复记者", ["答复"]),
    ("乾隆", "zh", "乾隆年间的瓷器", ["乾隆"]),
    ("製裁", "zh", "美国制裁华为", ["制裁"]),
    ("頭髮", "zh", "剪头发", ["头发"]),
    ("华为", "en", "Huawei (華為) opens a plant", ["華為"]),
    ("貿易摩擦", "ja", "米中の貿易摩擦が続く", ["貿易摩擦"]),
    ("半導体", "ja", "半導体の輸出を規制", ["半導体"]),
    ("檢察", "ko", "檢察은 기소했다", ["檢察"]),
    ("\uf9b4", "zh", "領導人會談", ["領"]),
]
MISSED = [
    ("华为 -手机", "zh", "華為發表新手機"),
    ("華為 NOT 手機", "zh", "华为发表新手机"),
    ("华为 OUTSIDE 当月华为", "zh", "當月華為烏雲所蔽"),
    ("中华", "zh", "中，華為人民"),
    ("华为 NEAR/1 手机", "zh", "華為在台灣發表手機"),
    ("手机 ONEAR/9 华为", "zh", "華為發表新手機"),
    ("发展", "zh", "發表新手機"),
]


@pytest.mark.parametrize(("query", "language", "text", "found"), FOUND)
def test_characters_of_either_script_are_found_and_shown_as_written(
    query: str, language: str, text: str, found: list[str]
) -> None:
    article = Readable(title="", body=text, language=language)

    evaluation = evaluate(parse(query), article)
    (match,) = Matcher([a_topic(1, query)]).match(article)

    assert [words.text for words in evaluation.evidence] == found
    assert all(words.text == text[words.start : words.end] for words in evaluation.evidence)
    assert match.evidence == evaluation.evidence


@pytest.mark.parametrize(("query", "language", "text"), MISSED)
def test_an_exclusion_or_distance_holds_in_either_script(query: str, language: str, text: str) -> None:
    article = Readable(title="", body=text, language=language)

    assert not evaluate(parse(query), article).matches
    assert Matcher([a_topic(1, query)]).topic_ids(article) == ()


def test_an_alias_of_a_topic_is_found_in_either_script() -> None:
    matcher = Matcher([a_topic(1, "nokia", aliases=("实体清单",)), a_topic(2, "nokia", aliases=("實體清單",))])

    assert matcher.topic_ids(Readable(title="美國更新實體清單", body="", language="zh")) == (1, 2)
    assert matcher.topic_ids(Readable(title="美国更新实体清单", body="", language="zh")) == (1, 2)


@pytest.mark.parametrize(("query", "language", "text", "found"), FOUND)
def test_full_text_search_finds_articles_stored_with_either_script(
    query: str, language: str, text: str, found: list[str]
) -> None:
    as_typed = " ".join(word.casefold() for word in Tokens(text, language).raw)

    for words in (index_words("", text, language), as_typed):
        for group in required_groups(parse(query)):
            assert any(f" {term} " in f" {words} " for term in group), (group, words)


def test_a_character_always_becomes_one_character_that_stays_as_it_is() -> None:
    for code, folded in CHINESE_FOLDING.items():
        assert len(folded) == 1
        assert fold_word(chr(code)) == fold_word(folded) == folded


@pytest.mark.parametrize("text", ["华为", "美国商务部更新实体清单", "台湾历史发展", "坛" * 40, "あ" * 40, "5g"])
def test_the_spellings_of_a_phrase_are_few_and_begin_with_the_phrase_or_a_part_of_it(text: str) -> None:
    found = spellings(tuple(text))

    assert 1 <= len(found) == len(set(found)) <= MAX_SPELLINGS
    assert "".join(found[0]) in text
    assert all(fold_word(char) == folded for way in found for char, folded in zip(way, found[0], strict=True))
