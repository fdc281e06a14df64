"""What to say when a fetch failed, and what to do next. Addresses are shown without credentials and query."""

from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from handlers.answers.errors import FetchError
from handlers.sources.fetch.addresses import PORTS
from storage.addresses import without_credentials

_STATUS: Final = {
    400: "did not understand the request. Check the address.",
    401: "asks for a password. Put it into the address (https://name:password@host/...) or use a public feed.",
    402: "asks for payment. Use a feed that is free to read.",
    403: "refuses us: the site blocks bots, or this address is not public. Look for another feed of this site.",
    404: "has nothing there. Check the address, or give the site's front page and its feed will be looked for.",
    406: "does not serve a feed at this address. Look for another feed of this site.",
    410: "says that it is gone for good. Remove it, or look for another feed of this site.",
    429: "gets too many requests and asks us to wait.",
    451: "may not show it here for legal reasons.",
}


def shown(url: str) -> str:
    """An address as it may be told: no credentials, no query, not too long."""
    try:
        parts = urlsplit(without_credentials(url))
        host, port = parts.hostname or "", f":{parts.port}" if parts.port else ""
    except ValueError:
        return "that address"
    path = parts.path if len(parts.path) <= 80 else parts.path[:77] + "..."
    return f"{host}{port}{path if path != '/' else ''}" or "that address"


def _host(url: str) -> str:
    return shown(url).partition("/")[0]


def _span(wait: timedelta) -> str:
    seconds = int(wait.total_seconds())
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"


def not_an_address(url: str) -> FetchError:
    return FetchError(f"{shown(url)} is not a web address. Give one that begins with http:// or https://.")


def forbidden_port(url: str, port: int | None) -> FetchError:
    ports = ", ".join(map(str, sorted(PORTS)))
    return FetchError(f"{_host(url)} is on port {port}. Only web ports are fetched ({ports}); use one of those.")


def forbidden_address(url: str) -> FetchError:
    return FetchError(
        f"{_host(url)} is inside a private network, so it was not fetched. Use a public address; "
        "who runs this bot may allow private ones in its settings."
    )


def unknown_host(url: str) -> FetchError:
    return FetchError(f"No server is named {_host(url)}: its name could not be looked up. Check the spelling.")


def bad_certificate(url: str) -> FetchError:
    return FetchError(f"The certificate of {_host(url)} is not valid, so nothing was read. Its owner has to renew it.")


def too_slow(url: str, total: timedelta) -> FetchError:
    return FetchError(
        f"{shown(url)} did not answer in full within {_span(total)}. It may be overloaded; another try may work later."
    )


def broken(url: str, error: Exception) -> FetchError:
    what = "refused the connection" if isinstance(error, ConnectionRefusedError) else "broke the connection"
    inner = getattr(error, "os_error", None)
    if isinstance(inner, ConnectionRefusedError):
        what = "refused the connection"
    elif inner is not None:
        what = "could not be reached"
    return FetchError(f"{_host(url)} {what}. It may be down; another try may work later.")


def too_large(url: str, max_bytes: int) -> FetchError:
    return FetchError(
        f"{shown(url)} is larger than {max_bytes // 1_000_000 or 1} MB, so it was not read. "
        "Look for a smaller feed of this site."
    )


def undecodable(url: str, reason: str) -> FetchError:
    return FetchError(f"The answer of {shown(url)} could not be unpacked: {reason}. Another try may work later.")


def too_many_redirects(url: str, limit: int) -> FetchError:
    return FetchError(f"{shown(url)} sent us from one address to the next more than {limit} times. Check the address.")


def told_to_wait(url: str, wait: timedelta) -> FetchError:
    return FetchError(
        f"{_host(url)} asked us to wait; it will be tried again in {_span(wait)}.",
        status=429,
        retry_after=wait.total_seconds(),
    )


def refused(url: str, status: int, wait: timedelta | None) -> FetchError:
    if status in _STATUS:
        says = _STATUS[status]
    elif status >= 500:
        says = "has a fault on its side. Another try may work later."
    else:
        says = "gave no document. Check the address."
    later = f" It asks to come back in {_span(wait)}." if wait else ""
    return FetchError(
        f"{shown(url)} answered {status}: the server {says}{later}",
        status=status,
        retry_after=wait.total_seconds() if wait is not None else None,
    )
