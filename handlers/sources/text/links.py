"""Resolves the links of documents and feeds."""

import re
from urllib.parse import urljoin


def absolute(link: str | None, base_url: str) -> str | None:
    """Return the absolute http or https URL of a link; None if it has none."""
    link = "".join((link or "").split("\n")).strip()
    if not link:
        return None
    try:
        url = urljoin(base_url, link)
    except ValueError:
        return None
    return url if re.match(r"https?://[^/\s]", url, re.IGNORECASE) else None


def absolute_or_raw(link: str | None, base_url: str) -> str | None:
    """Return the absolute URL of a link, or the link as it is if it has none; None for an empty link."""
    link = (link or "").strip()
    return absolute(link, base_url) or link or None
