"""What a request sends to the origin of its address alone: the credentials of the URL, and cookies."""

import base64
from typing import Final, TypeAlias

from yarl import URL

_MAX_COOKIE: Final = 4096

Origin: TypeAlias = tuple[str, str | None, int | None]
"""Scheme, host and port."""


def origin_of(url: URL) -> Origin:
    return url.scheme, url.host, url.port


def cookie_header(cookies: dict[str, str]) -> dict[str, str]:
    """Return the header that sends these cookies, at most 4 kB of them; empty if there is none."""
    header = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return {"Cookie": header} if 0 < len(header) <= _MAX_COOKIE else {}


def basic_auth(url: URL) -> dict[str, str]:
    """Return the header with the credentials of a URL; empty if it has none."""
    if not url.user:
        return {}
    credentials = f"{url.user}:{url.password or ''}".encode()
    return {"Authorization": f"Basic {base64.b64encode(credentials).decode()}"}
