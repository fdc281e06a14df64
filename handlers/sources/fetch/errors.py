"""The errors of a failed fetch: what happened and what to do. Addresses are shown without credentials and query."""

from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from handlers.answers.errors import FetchError
from handlers.sources.fetch.addresses import PORTS, Refusal
from storage.addresses import without_credentials

_LONGEST_PATH: Final = 80
"""Characters of a path that are shown."""
_STATUS: Final = {
    304: "the server says that nothing has changed, but it has never sent this document. One of its caches is wrong. "
    "The bot keeps trying.",
    400: "the server did not understand the request. Check the address.",
    401: "a password is required. Add it to the address (https://name:password@host/...) or use a public feed.",
    402: "payment is required. Use a feed that is free to read.",
    403: "access is denied. The site blocks bots, or the page is not public. Look for another feed of this site.",
    404: "there is nothing at this address. Check it, or give the site's home page to search it for a feed.",
    406: "there is no feed at this address. Look for another feed of this site.",
    410: "the page was removed permanently. Remove this source, or look for another feed of this site.",
    429: "too many requests were sent. The bot waits before it tries again.",
    451: "the page is blocked for legal reasons.",
}
"""What an HTTP status means, and what to do."""


def shown(url: str) -> str:
    """Return the address for display: without credentials and query, and with a long path shortened."""
    try:
        parts = urlsplit(without_credentials(url))
        host, port = parts.hostname or "", f":{parts.port}" if parts.port else ""
    except ValueError:
        return "that address"
    path = parts.path if len(parts.path) <= _LONGEST_PATH else parts.path[: _LONGEST_PATH - 3] + "..."
    return f"{host}{port}{path if path != '/' else ''}" or "that address"


def not_an_address(url: str) -> FetchError:
    return FetchError(f"{shown(url)} is not a web address. Enter an address that begins with http:// or https://.")


def forbidden_port(url: str, port: int | None) -> FetchError:
    ports = ", ".join(map(str, sorted(PORTS)))
    return FetchError(f"{_host(url)} uses port {port}. Only web ports are allowed: {ports}.")


def forbidden_address(url: str, why: Refusal) -> FetchError:
    if why is Refusal.CLOUD_SERVICE:
        return FetchError(
            f"{_host(url)} is a service of a cloud platform for its own machines, so it was not fetched. "
            "Use a public address."
        )
    return FetchError(
        f"{_host(url)} is inside a private network, so it was not fetched. Use a public address. "
        "The operator of this bot can allow private addresses in its settings."
    )


def unknown_host(url: str) -> FetchError:
    return FetchError(f"There is no server named {_host(url)}. Check the spelling of the address.")


def bad_certificate(url: str) -> FetchError:
    return FetchError(f"The certificate of {_host(url)} is not valid, so nothing was read. Its owner must renew it.")


def too_slow(url: str, total: timedelta) -> FetchError:
    return FetchError(
        f"{shown(url)} did not answer completely within {_duration(total)}. It may be overloaded. Try again later."
    )


def connection_failed(url: str, error: Exception) -> FetchError:
    cause = getattr(error, "os_error", None)
    if isinstance(error, ConnectionRefusedError) or isinstance(cause, ConnectionRefusedError):
        what = "refused the connection"
    elif cause is not None:
        what = "could not be reached"
    else:
        what = "closed the connection"
    return FetchError(f"{_host(url)} {what}. It may be down. Try again later.")


def too_large(url: str, max_bytes: int) -> FetchError:
    return FetchError(
        f"{shown(url)} is larger than {max_bytes // 1_000_000 or 1} MB, so it was not read. "
        "Look for a smaller feed of this site."
    )


def undecodable(url: str, reason: str) -> FetchError:
    return FetchError(f"The response of {shown(url)} could not be decompressed: {reason}. Try again later.")


def too_many_redirects(url: str, limit: int) -> FetchError:
    return FetchError(f"{shown(url)} redirected more than {limit} times. Check the address.")


def rate_limited(url: str, wait: timedelta) -> FetchError:
    return FetchError(
        f"{_host(url)} asked the bot to wait. The next attempt is in {_duration(wait)}.",
        status=429,
        retry_after=wait.total_seconds(),
    )


def bad_status(url: str, status: int, wait: timedelta | None) -> FetchError:
    if status in _STATUS:
        meaning = _STATUS[status]
    elif status >= 500:
        meaning = "the server has an internal error. Try again later."
    else:
        meaning = "the server sent no document. Check the address."
    retry = f" The server asks to wait {_duration(wait)}." if wait else ""
    return FetchError(
        f"{shown(url)} answered {status}: {meaning}{retry}",
        status=status,
        retry_after=wait.total_seconds() if wait is not None else None,
    )


def bot_wall(url: str, status: int, wait: timedelta | None) -> FetchError:
    return FetchError(
        f"{shown(url)} answered with a page that checks for a browser: the site blocks bots. Look for another feed of "
        "this site, or ask its owner to let feed readers in.",
        status=status,
        retry_after=wait.total_seconds() if wait is not None else None,
    )


def _host(url: str) -> str:
    return shown(url).partition("/")[0]


def _duration(wait: timedelta) -> str:
    seconds = int(wait.total_seconds())
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"
