"""Settings that work, but let others read or do more than their owner may think."""

from collections.abc import Iterator
from ipaddress import ip_network
from itertools import combinations
from typing import Final
from urllib.parse import urlsplit

from bot.config import LOOPBACK, Settings, bare

_TOKENS: Final = {
    "WIREWATCH_TOKEN": "token",
    "WIREWATCH_API_TOKEN": "api_token",
    "WIREWATCH_READ_TOKEN": "read_token",
}
_APIS: Final = {"SLACK_API_URL": "slack_api_url", "DISCORD_API_URL": "discord_api_url"}
_LONG: Final = 24
_VARIED: Final = 8
"""Different characters of a token that nobody can guess."""
_WIDEST: Final = {4: 8, 6: 16}
"""Bits of the prefix of the widest network, by IP version, that can be somebody's own proxies."""
_CHOOSE: Final = "Choose another one: openssl rand -hex 24"


def unsafe_settings(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield (problem, what to do) for each unsafe setting. No text contains a secret."""
    yield from _unsafe_tokens(settings)
    if settings.host not in LOOPBACK and not settings.proxies:
        yield (
            f"Other machines can reach the web server at {settings.host} over plain HTTP, which shows passwords to "
            "the network between",
            "Put a proxy with HTTPS in front of it, and name the proxy in WIREWATCH_PROXIES.",
        )
    for network in settings.proxies:
        wide = ip_network(network)
        if wide.prefixlen < _WIDEST[wide.version]:
            yield (
                f"WIREWATCH_PROXIES contains {network}, so everybody's X-Forwarded-For counts",
                "Name only the addresses of your own proxies.",
            )
    for name, field in _APIS.items():
        parts = urlsplit(getattr(settings, field))
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            yield f"{name} is not an https address, so the bot's token is sent in plain text", "Use https://."
    if settings.allow_private_fetch:
        yield (
            "WIREWATCH_ALLOW_PRIVATE_FETCH lets everybody who may add sources read web servers in this network",
            "Leave it out unless your own feeds are at private addresses.",
        )


def _unsafe_tokens(settings: Settings) -> Iterator[tuple[str, str]]:
    tokens = {name: token for name, field in _TOKENS.items() if (token := bare(getattr(settings, field)))}
    for name, token in tokens.items():
        if len(token) < _LONG or len(set(token)) < _VARIED:
            yield f"{name} is short or repeats itself, so it can be guessed", _CHOOSE
    for (name, token), (other, other_token) in combinations(tokens.items(), 2):
        if token == other_token:
            yield f"{name} and {other} are the same, so either opens what the other does", _CHOOSE
