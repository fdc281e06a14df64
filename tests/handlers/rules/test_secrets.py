"""What a feed says never repeats the secrets of its own address."""

import pytest

from handlers.drafts import ArticleDraft, FailedDraft, SetAside
from handlers.rules.secrets import HIDDEN, Secrets
from storage.addresses import secrets_of

ADDRESS = "https://ann:hunter22@wire.example/feed?token=Zx9-Qw7+ab%2Fc&page=2"
SECRETS = Secrets.of(ADDRESS)

THEIRS = "See https://other.example/?token=theirs and https://bob:pw@other.example/"
TEXTS = [
    (f"Your feed is {ADDRESS} now.", "Your feed is https://wire.example/feed?page=2 now."),
    ("The password is hunter22.", f"The password is {HIDDEN}."),
    ("Zx9-Qw7+ab/c", HIDDEN),
    ("Zx9-Qw7%2Bab%2Fc", HIDDEN),
    ("Ann Smith hunts in Page 2.", "Ann Smith hunts in Page 2."),
    (THEIRS, THEIRS),
    ("", ""),
]
LINKS = [
    ("https://wire.example/1?token=Zx9-Qw7+ab%2Fc&id=4", "https://wire.example/1?id=4"),
    ("https://wire.example/1?token=Zx9-Qw7%2Bab%2Fc", "https://wire.example/1"),
    ("https://wire.example/1?u=hunter22&id=4", "https://wire.example/1?id=4"),
    ("https://ann:hunter22@wire.example/1", "https://wire.example/1"),
    ("https://wire.example/hunter22/1", None),
    ("https://wire.example/1?token=of-this-item", "https://wire.example/1?token=of-this-item"),
    ("https://wire.example/1?id=4", "https://wire.example/1?id=4"),
    (None, None),
]


@pytest.mark.parametrize(("text", "shown"), TEXTS)
def test_a_text_is_shown_without_the_secrets(text: str, shown: str) -> None:
    assert SECRETS.without(text) == shown


@pytest.mark.parametrize(("link", "shown"), LINKS)
def test_a_link_is_shown_without_the_secrets(link: str | None, shown: str | None) -> None:
    assert SECRETS.without_in(link) == shown


@pytest.mark.parametrize(
    ("password", "text"),
    [
        ("huawei", "Huawei and huawei agree."),
        ("sanctions", "New sanctions."),
        ("2026", "In 2026."),
        ("123456", "123456 people."),
        ("internationalization", "internationalization"),
    ],
)
def test_a_password_that_is_an_ordinary_word_does_not_cut_articles(password: str, text: str) -> None:
    secrets = Secrets.of(f"https://ann:{password}@wire.example/feed")

    assert secrets.without(text) == text
    assert secrets.without(f"https://ann:{password}@wire.example/1") == "https://wire.example/1"


def test_no_field_of_a_draft_repeats_a_secret() -> None:
    said = f"hunter22 {ADDRESS}"
    draft = ArticleDraft(
        title=said,
        text=said,
        highlights=(said,),
        url=ADDRESS,
        guid=said,
        author=said,
        tags=(said,),
        language="en",
        image_url=ADDRESS,
        publisher=said,
        key=f"guid:{said}",
        set_aside=(SetAside("quoted letter", said),),
        origin=ADDRESS,
    )

    cleaned = SECRETS.without_in_draft(draft)
    failed = SECRETS.without_in_draft(FailedDraft(origin=ADDRESS, reason=said, key=said))

    for secret in ("hunter22", *secrets_of(ADDRESS)):
        assert secret not in repr(cleaned) + repr(failed)
    assert isinstance(cleaned, ArticleDraft)
    assert cleaned.url == cleaned.image_url == "https://wire.example/feed?page=2"


def test_a_draft_that_repeats_nothing_stays_as_it_is() -> None:
    draft = ArticleDraft(title="Title", text="Text", url="https://wire.example/1", key="link:x", origin="o")

    assert SECRETS.without_in_draft(draft) == draft


def test_a_long_key_that_was_cut_within_a_secret_is_made_anew() -> None:
    guid = f"https://wire.example/{'x' * 60}?token=Zx9-Qw7+ab%2Fc&id="
    drafts = [
        ArticleDraft(title="Title", text="Text", guid=f"{guid}{number}", key=f"guid:{guid}"[:128], origin="o")
        for number in (1, 2)
    ]

    keys = [SECRETS.without_in_draft(draft).key for draft in drafts]

    assert keys[0] != keys[1]
    assert all(key and "Zx9" not in key and len(key) <= 128 for key in keys)


def test_an_address_without_secrets_has_nothing_to_hide() -> None:
    assert not Secrets.of("https://wire.example/feed?page=2")
