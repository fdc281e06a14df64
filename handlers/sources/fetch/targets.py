"""Decides whether an address may be fetched, before any request, and joins the location of a redirect."""

from yarl import URL

from handlers.sources.fetch import errors as fetch_errors
from handlers.sources.fetch.addresses import PORTS, Refusal, as_given, is_literal, refusal
from handlers.sources.fetch.cloud_services import is_service_name


def checked_url(url: str, *, allow_private: bool) -> URL:
    """Return the URL without its fragment. `allow_private` permits the host's own network and all ports.

    Raises: FetchError, if it must not be fetched.
    """
    try:
        parsed = as_given(url.strip())
        host, port = parsed.host, parsed.port
    except ValueError as error:
        raise fetch_errors.not_an_address(url) from error
    if parsed.scheme not in ("http", "https") or not host:
        raise fetch_errors.not_an_address(url)
    if not allow_private and port not in PORTS:
        raise fetch_errors.forbidden_port(url, port)
    if is_service_name(host):
        raise fetch_errors.forbidden_address(url, Refusal.CLOUD_SERVICE)
    why = refusal(host, allow_private=allow_private) if is_literal(host) else None
    if why is not None:
        raise fetch_errors.forbidden_address(url, why)
    return parsed.with_fragment(None)


def joined(base: URL, location: str) -> str:
    """Return where the Location of a redirect of `base` leads. Raises: FetchError, if that is no address."""
    try:
        return str(base.join(as_given(location)))
    except ValueError as error:
        raise fetch_errors.not_an_address(location) from error
