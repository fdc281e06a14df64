"""Finds the secrets in addresses (user names and passwords, keys and tokens in parameters), and replaces them.

A secret in the path looks like any other path, so it is not recognized.
"""

import re
from collections.abc import Callable, Collection, Iterator
from typing import Final
from urllib.parse import unquote

_SECRET: Final = frozenset(
    {"key", "token", "auth", "oauth", "authorization", "bearer", "jwt", "secret", "sig", "signature", "hmac"}
    | {"session", "sessionid", "sid", "credential", "credentials"}
)
_PASSWORD: Final = frozenset({"pass", "password", "passwd", "passphrase", "passcode", "pwd", "pw"})
_KEYS: Final = ("api", "app", "auth", "access", "feed", "member", "pass", "private", "rss", "secret", "user")
_ENDINGS: Final = ("token", "secret", "password", "passwd", "signature", *(f"{kind}key" for kind in _KEYS))
_USER: Final = frozenset({"user", "username", "login", "email"})
"""Names of parameters that are secret only next to a password. Alone, such a parameter often selects the feed."""
_MAYBE_SECRET: Final = frozenset({"feed", "hash", "h", "k", "t", "s", "code", "private"})
"""Names of parameters that are secret only if their value looks like a key."""
_KEY: Final = re.compile(r"[0-9a-f]{24,}", re.IGNORECASE)
_SEPARATORS: Final = re.compile(r"([&;?#])")
_NESTED_USER: Final = re.compile(r"(?<=://)[^:/?#@\s]*:[^/?#@\s]*(?=@)")
_BARE: Final = re.compile(r"[^:/?#@\s]*:[^/?#@\s]*@[^@\s]")
"""name:password@example.com/feed"""
_IN_TEXT: Final = re.compile(r"(?<![a-z0-9+.-])[a-z0-9+.-]+://[^\s\"'<>]+", re.IGNORECASE)
_MAX_DEPTH: Final = 3
"""Levels of addresses inside addresses that are searched."""

Replace = Callable[[str], str | None]
"""Returns the replacement of a secret, given as it is written in the address. None removes it with its name."""


def without_credentials(url: str) -> str:
    """Return the address without user name, password and parameters with keys, so that it may be shown.

    An address without any of these, and text that is not an address, is returned unchanged.
    """
    return replace_secrets(url, lambda secret: None)


def text_without_credentials(text: str) -> str:
    """Return the text with every address in it as `without_credentials` returns it."""
    return replace_secrets_in_text(text, lambda secret: None)


def replace_secrets_in_text(text: str, replace: Replace, *, known: Collection[str] = ()) -> str:
    """Return the text with each secret of every address in it replaced. `known` is as for `replace_secrets`."""
    return _IN_TEXT.sub(lambda found: replace_secrets(found[0], replace, known=known), text)


def secrets_of(url: str) -> tuple[str, ...]:
    """Return the secrets as they are written in the address: "name:password", then the values of parameters."""
    found: list[str] = []

    def collect(secret: str) -> str:
        found.append(secret)
        return secret

    replace_secrets(url, collect)
    return tuple(found)


def is_secret_name(name: str) -> bool:
    """Return whether a parameter with this name is a key or a password, whatever its value."""
    word = _last_word(name)
    return word in _SECRET or word in _PASSWORD or word.endswith(_ENDINGS)


def replace_secrets(url: str, replace: Replace, *, known: Collection[str] = ()) -> str:
    """Return the address with each of its secrets replaced.

    A parameter whose decoded value is one of the `known` secrets is secret too, whatever its name.
    """
    return _replace_secrets(url, replace, known, depth=0)


def _replace_secrets(url: str, replace: Replace, known: Collection[str], *, depth: int) -> str:
    scheme, mark, rest = url.partition("://")
    if not mark:
        scheme, rest = "", url
        if not _BARE.match(url):
            return url
    authority = _authority(rest)
    user, at, host = authority.rpartition("@")
    if at:
        shown = replace(user) if user else None
        host = host if shown is None else f"{shown}@{host}"
    path, separator, query = _split(rest[len(authority) :])
    path = _path(path, replace, depth)
    return f"{scheme}{mark}{host}{path}{_parameters(separator + query, replace, known, depth)}"


def _authority(rest: str) -> str:
    """Return the part before the path, even if a password contains "/", "?" or "#", which should be encoded."""
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    port = authority.partition(":")[2]
    if "@" not in authority and port and not port.isdigit() and not authority.startswith("["):
        mistyped = re.match(r"[^\s@]*@[^/?#\\]*", rest)
        return mistyped[0] if mistyped else authority
    return authority


def _split(rest: str) -> tuple[str, str, str]:
    """Return the path, the first "?" or "#", and the rest."""
    found = re.search(r"[?#]", rest)
    return (rest, "", "") if found is None else (rest[: found.start()], found[0], rest[found.end() :])


def _path(path: str, replace: Replace, depth: int) -> str:
    """Rewrite parameters in the path (";token=...") and addresses in it ("/https://name:password@...").

    If a percent-encoded address in the path contains a secret, all of that address is a secret.
    """

    def parameter(found: re.Match[str]) -> str:
        if not _is_secret(found[1], found[2], depth, beside_password=False):
            return found[0]
        value = replace(found[2])
        return "" if value is None else f";{found[1]}={value}"

    if "%" in path:
        segments = path.split("/")
        path = "/".join(
            replace(segment) or "" if _contains_secret(unquote(segment), depth) else segment for segment in segments
        )
    path = re.sub(r";([^;=/]+)=([^;/]*)", parameter, path)
    path = _NESTED_USER.sub(lambda found: replace(found[0]) or "", path)
    return path.replace("://@", "://")


def _parameters(text: str, replace: Replace, known: Collection[str], depth: int) -> str:
    """Rewrite what follows the path: "?", "#", and parameters separated by "&" or ";"."""
    pairs = list(_pairs(text))
    beside_password = any(value and _last_word(name) in _PASSWORD for _, name, _, value in pairs)
    result = removed = ""
    for separator, name, equals, value in pairs:
        if unquote(value) in known or _is_secret(name, value, depth, beside_password=beside_password):
            shown = replace(value)
            if shown is None:
                removed = removed or separator
                continue
            value = shown
        # If the removed parameter followed "?" or "#", the next one follows it instead.
        start = removed if removed in ("?", "#") and separator in ("&", ";") else separator
        result += f"{start}{name}{equals}{value}"
        removed = ""
    return result


def _pairs(text: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield (separator before it, name, "=", value) of each parameter. Joined, they are equal to the text."""
    parts = _SEPARATORS.split(text)
    pair: list[str] = []
    for separator, part in zip(parts[1::2], parts[2::2], strict=True):
        if separator in (";", "?") and "=" not in part.rstrip("=") and pair and pair[2]:
            pair[3] += separator + part  # part of the previous value
            continue
        if pair:
            yield pair[0], pair[1], pair[2], pair[3]
        pair = [separator, *part.partition("=")]
    if pair:
        yield pair[0], pair[1], pair[2], pair[3]


def _is_secret(name: str, value: str, depth: int, *, beside_password: bool) -> bool:
    if not value:
        return False
    if is_secret_name(name):
        return True
    word = _last_word(name)
    if word in _MAYBE_SECRET and _KEY.fullmatch(value):
        return True
    if beside_password and word in _USER:
        return True
    return _contains_secret(unquote(value), depth)


def _contains_secret(text: str, depth: int) -> bool:
    """Return whether the text, which is part of an address, contains an address with a secret."""
    if "://" not in text or depth == _MAX_DEPTH:
        return False
    found: list[str] = []

    def collect(secret: str) -> str:
        found.append(secret)
        return secret

    for address in _IN_TEXT.finditer(text):
        _replace_secrets(address[0], collect, (), depth=depth + 1)
    return bool(found)


def _last_word(name: str) -> str:
    """Return the last word of "access_token", "accessToken" or "os[token]", in lower case."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", unquote(name))
    words = re.findall(r"[a-z0-9]+", spaced.lower())
    return words[-1] if words else ""
