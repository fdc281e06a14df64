"""Addresses of official lists, which are too large to be fetched like a feed."""

from typing import Final
from urllib.parse import urlsplit

_LISTS: Final = (
    ("sanctionslistservice.ofac.treas.gov", ("/api/", "/changes/")),
    ("www.treasury.gov", ("/ofac/downloads/",)),
    ("webgate.ec.europa.eu", ("/fsd/fsf/public/files/", "/europeaid/fsd/fsf/public/files/")),
    ("scsanctions.un.org", ("/",)),
    ("sanctionslist.fcdo.gov.uk", ("/docs/",)),
    ("www.sesam.search.admin.ch", ("/",)),
    ("sesam.search.admin.ch", ("/",)),
    ("data.trade.gov", ("/downloadable_consolidated_screening_list/",)),
    ("api.trade.gov", ("/static/consolidated_screening_list/",)),
)
"""Hosts, and how the paths of their lists begin. As of December 2026."""


def is_known_list(url: str) -> bool:
    """Return whether the address is that of an official list."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    host = (parts.hostname or "").lower()
    return any(host == known and parts.path.startswith(paths) for known, paths in _LISTS)
