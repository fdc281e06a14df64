"""What most entries of one source share is recognized, and weighs nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.stories.features import decode_features, encode_features
from handlers.stories.near_duplicates import is_near_duplicate
from handlers.stories.templates import Entry, SourceProfile, decode_profile, decode_template

HEADLINES = (
    ("Ferry strike leaves islanders without mail", "Crews walked out over night pay."),
    ("Court orders brewer to pay growers", "Hop farmers had waited four years for the money."),
    ("New tram line opens between port and campus", "The first tram left at dawn with a brass band aboard."),
    ("Storm tears roof off concert hall", "Nobody was hurt, but the spring season is cancelled."),
    ("Minister quits over leaked cables", "The opposition wants an inquiry before the vote."),
)
TAILS = {
    "credit": "(Reporting by Ann Roe in Nord; Editing by Bo Ek)",
    "credit with names that vary": "(Reporting by {0} Roe in {0}land; Editing by {0} Ek)",
    "self-praise": "The Coast Gazette has reported from Nord since 1998; write to our desk with tips.",
    "headline again": "The post {1} appeared first on Coast Gazette.",
    "read more": "[…] Continue reading on Coast Gazette",
    "German": "Lesen Sie den ganzen Artikel auf Küstenblatt",
    "Russian": "Подписывайтесь на наш канал, чтобы узнавать новости первыми",
    "Chinese": "（记者 王小明）责任编辑：李华",
    "Arabic": "(إعداد سامي للنشرة العربية - تحرير ليلى)",
}
NAMES = ("Anton", "Bela", "Carla", "Dora", "Emil")


def profile_of(entries: list[tuple[str, str]]) -> SourceProfile:
    return SourceProfile().with_entries(Entry.read(title, text) for title, text in entries)


def with_tail(tail: str) -> list[tuple[str, str]]:
    return [(title, f"{text} {tail.format(name, title)}") for (title, text), name in zip(HEADLINES, NAMES, strict=True)]


@pytest.mark.parametrize("tail", TAILS.values(), ids=list(TAILS))
def test_an_ending_that_most_entries_share_makes_no_two_of_them_similar(tail: str) -> None:
    entries = with_tail(tail)
    template = profile_of(entries).template()
    plain = [set(decode_features(encode_features(*entry, "en")).terms) for entry in HEADLINES]

    found = [decode_features(encode_features(*entry, "en", template=template)) for entry in entries]

    assert not any(is_near_duplicate(one, other) for one in found for other in found if one is not other)
    shared = {term.hash for term in found[0].terms} & {term.hash for term in found[1].terms}
    assert shared <= {term.hash for term in plain[0]} & {term.hash for term in plain[1]}


def test_names_and_numbers_in_a_shared_sentence_stay() -> None:
    """They are what distinguishes one official notice from the next."""
    notices = [
        ("Treasury designates oil traders", f"The Treasury today designated {name} Marine and its {n} ships.")
        for n, name in enumerate(NAMES, start=11)
    ]

    _, text = profile_of(notices).template().without_shared(*notices[0])

    assert text.split() == ["The", "Treasury", "Anton", "Marine", "11"]


def test_two_entries_are_too_few_to_tell_what_a_source_shares() -> None:
    assert not profile_of(with_tail(TAILS["self-praise"])[:2]).template().patterns


def test_entries_of_one_story_count_once() -> None:
    entries = [Entry.read(title, text).of_story(7) for title, text in with_tail(TAILS["self-praise"])]

    assert not SourceProfile().with_entries(entries).template().patterns


def test_a_word_that_most_entries_have_weighs_nothing() -> None:
    entries = [(f"Orlo {title}", f"{text} The firm is {n}.") for n in range(3) for title, text in HEADLINES]
    template = profile_of(entries).template()

    terms = decode_features(encode_features("Orlo sells its docks", "", "en", template=template)).terms

    assert len(terms) == len(decode_features(encode_features("sells its docks", "", "en")).terms)


def test_shared_sentences_are_replaced_in_place() -> None:
    """Positions of evidence in the text still fit."""
    entries = with_tail(TAILS["self-praise"])
    template = profile_of(entries).template()
    title, text = entries[0]

    quotable = template.without_shared_sentences(title, text)

    assert len(quotable) == len(text)
    assert quotable.strip() == HEADLINES[0][1]


def test_a_sentence_with_another_number_is_quoted() -> None:
    entries = [(f"Results of {name}", f"Revenue rose by {n} percent.") for n, name in enumerate(NAMES)]

    assert profile_of(entries).template().without_shared_sentences(*entries[0]) == entries[0][1]


@given(st.lists(st.tuples(st.text(max_size=60), st.text(max_size=300)), max_size=6))
@settings(max_examples=60, deadline=None)
def test_any_profile_can_be_stored_and_read_again(entries: list[tuple[str, str]]) -> None:
    profile = profile_of(entries)

    assert decode_profile(profile.encode()) == profile


@pytest.mark.parametrize("data", [b"", b"\x00", b"\xff\x00nonsense", b"\x01\x02"])
def test_other_bytes_give_an_empty_profile(data: bytes) -> None:
    assert decode_profile(data) == SourceProfile()
    assert decode_template(data).patterns == frozenset()


def test_a_profile_stays_small() -> None:
    long = " ".join(f"Sentence {n} of the Gazette, with its own end." for n in range(400))
    entries = [(f"Headline, number {n}: long, longer, longest", long + str(n)) for n in range(60)]

    assert len(profile_of(entries).encode()) < 32_000
