"""Addresses without their secrets: user names, passwords and keys are recognized by their place and name."""

from urllib.parse import quote

import pytest

from storage.addresses import is_secret_name, replace_secrets, secrets_of, text_without_credentials, without_credentials

SHOWN = [
    # (address, address without secrets, secrets)
    ("https://ann:hunter22@wire.example/feed", "https://wire.example/feed", ("ann:hunter22",)),
    ("https://token@wire.example/feed", "https://wire.example/feed", ("token",)),
    ("https://a:b@c:d@wire.example", "https://wire.example", ("a:b@c:d",)),
    ("https://ann:p/w@wire.example/feed", "https://wire.example/feed", ("ann:p/w",)),
    ("https://ann:p#w@wire.example/feed", "https://wire.example/feed", ("ann:p#w",)),
    ("https://ann:pw@[2001:db8::1]:8443/feed", "https://[2001:db8::1]:8443/feed", ("ann:pw",)),
    ("ann:pw@wire.example/feed", "wire.example/feed", ("ann:pw",)),
    ("https://ann:p:w@wire.example/feed", "https://wire.example/feed", ("ann:p:w",)),
    (
        "https://wire.example/feed?page=2&api_key=abc&lang=en#top",
        "https://wire.example/feed?page=2&lang=en#top",
        ("abc",),
    ),
    ("https://wire.example/feed?token=abc&page=2", "https://wire.example/feed?page=2", ("abc",)),
    ("https://wire.example/feed?access%5Ftoken=abc", "https://wire.example/feed", ("abc",)),
    ("https://wire.example/feed?accessToken=abc&APIKEY=d", "https://wire.example/feed", ("abc", "d")),
    (
        "https://wire.example/feed?X-Amz-Signature=ab&X-Amz-Expires=60",
        "https://wire.example/feed?X-Amz-Expires=60",
        ("ab",),
    ),
    ("https://wire.example/feed?a=1&amp;token=x&amp;b=2", "https://wire.example/feed?a=1&amp&amp;b=2", ("x",)),
    ("https://wire.example/feed?a=1;token=x;b=2", "https://wire.example/feed?a=1;b=2", ("x",)),
    ("https://wire.example/feed?token=x;y==&b=2", "https://wire.example/feed?b=2", ("x;y==",)),
    ("https://wire.example/feed?token=x;y&b=2", "https://wire.example/feed?b=2", ("x;y",)),
    ("https://wire.example/feed?a=1?token=x", "https://wire.example/feed?a=1", ("x",)),
    ("https://wire.example/feed#access_token=x&b=1", "https://wire.example/feed#b=1", ("x",)),
    ("https://wire.example/feed;token=x/more", "https://wire.example/feed/more", ("x",)),
    ("https://wire.example/?os_username=ann&os_password=x&p=1", "https://wire.example/?p=1", ("ann", "x")),
    (
        "https://www.reddit.example/.rss?feed=0123456789abcdef0123456789abcdef&user=ann",
        "https://www.reddit.example/.rss?user=ann",
        ("0123456789abcdef0123456789abcdef",),
    ),
    (
        "https://proxy.example/?url=https%3A%2F%2Fann%3Apw%40wire.example%2Ffeed&n=5",
        "https://proxy.example/?n=5",
        ("https%3A%2F%2Fann%3Apw%40wire.example%2Ffeed",),
    ),
    (
        "https://proxy.example/https%3A%2F%2Fwire.example%2Ffeed%3Fkey%3D7/rss",
        "https://proxy.example//rss",
        ("https%3A%2F%2Fwire.example%2Ffeed%3Fkey%3D7",),
    ),
    (
        "https://proxy.example/https://ann:pw@wire.example/feed",
        "https://proxy.example/https://wire.example/feed",
        ("ann:pw",),
    ),
]
OPEN = [
    "https://wire.example/feed?keyword=huawei&author=x&monkey=1&hockey=2&secretary=3",
    "https://wire.example/@user/x",
    "https://wire.example?x=@y",
    "https://wire.example:8080/@x",
    "https://wire.example/rss.php?user=bbcnews",
    "https://wire.example/?feed=rss2",
    "https://wire.example/feed?token=",
    "https://wire.example/feed?",
    "https://wire.example/feed??a&b;c=&&x#",
    "https://proxy.example/?url=https%3A%2F%2Fwire.example%2Ffeed",
    "http://[::1]:80/feed",
    "inbox",
    "A title: with a colon@somewhere",
    "mail to news@wire.example",
    "",
]


@pytest.mark.parametrize(("url", "shown", "secrets"), SHOWN)
def test_an_address_is_shown_without_its_secrets(url: str, shown: str, secrets: tuple[str, ...]) -> None:
    assert without_credentials(url) == shown
    assert secrets_of(url) == secrets
    assert secrets_of(shown) == ()
    assert replace_secrets(url, lambda secret: secret) == url


@pytest.mark.parametrize("url", OPEN)
def test_an_address_without_secrets_is_unchanged(url: str) -> None:
    assert without_credentials(url) == url
    assert secrets_of(url) == ()


NAMES = """token key api_key apikey api-key access_token auth secret sig signature password passwd pwd pass
private_token feed_token rsstoken passkey torrent_pass authkey jwt client_secret credential X-Goog-Credential
session sid oauth[token] hmac Authorization"""


@pytest.mark.parametrize("name", NAMES.split())
def test_parameters_of_these_names_are_secret(name: str) -> None:
    assert is_secret_name(name)
    assert without_credentials(f"https://wire.example/feed?{name}=x") == "https://wire.example/feed"


def test_an_address_is_found_anywhere_in_a_text() -> None:
    for before in ("", "1", "see.", "x", "(", "文", "URL=", "-"):
        assert "pw" not in text_without_credentials(f"{before}https://ann:pw@wire.example/1")


def test_addresses_within_a_text_are_shown_without_their_secrets() -> None:
    text = 'Read <https://ann:pw@wire.example/1> or "http://wire.example/2?key=x&p=1", not ftp://bob:pw@files.example.'

    shown = text_without_credentials(text)

    assert shown == 'Read <https://wire.example/1> or "http://wire.example/2?p=1", not ftp://files.example.'


@pytest.mark.parametrize(
    "piece",
    ["a", ":", "a:", "://", "a://b:", "%3a%2f%2f", "%25", "?a=", ";a=", "@", "x://?a=", "/", "&", "https://a:b@"],
)
def test_the_time_for_a_long_address_grows_with_its_length_only(piece: str) -> None:
    """If the time grew with the square of the length, this would take minutes."""
    many = piece * 20_000

    for text in (many, f"https://wire.example/{many}", f"https://wire.example/?a={many}", f"https://{many}"):
        without_credentials(text)
        text_without_credentials(text)


def test_nested_addresses_are_searched_to_a_limited_depth() -> None:
    url = inner = "https://ann:pw@wire.example/feed"
    shown = []
    for _ in range(60):
        url = f"https://proxy.example/?url={quote(url, safe='')}"
        shown.append(without_credentials(url))

    assert shown[:3] == ["https://proxy.example/"] * 3
    assert all(len(address) < 10**6 for address in shown)
    assert secrets_of(inner) == ("ann:pw",)
