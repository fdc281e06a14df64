"""Addresses that Discord would refuse never reach a message."""

import pytest

from bot.discord.markdown import web_address


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "https://user:secret@paper.example/a",
        "https://paper.example:99999/a",
        "https://paper.example:0/a",
        "http://localhost/a",
        "http://[::1/a",
        "https://paper.example/a b",
        "https://paper.example/" + "a" * 2100,
    ],
)
def test_an_address_that_discord_refuses_is_no_link(url: str | None) -> None:
    assert web_address(url) is None


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://paper.example/a?b=c#d", "https://paper.example/a?b=c#d"),
        ("http://paper.example:8080/a", "http://paper.example:8080/a"),
        ("https://paper.example/a(b)", "https://paper.example/a%28b%29"),
        (
            "https://münchen.example:81/ölpreis?q=ä%20b#ü",
            "https://xn--mnchen-3ya.example:81/%C3%B6lpreis?q=%C3%A4%20b#%C3%BC",
        ),
    ],
)
def test_any_other_web_address_is_a_link(url: str, link: str) -> None:
    assert web_address(url) == link
