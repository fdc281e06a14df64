"""The identity of an article: its keys, strongest first, and its fingerprints. Dates are never part of a key.

Two articles with a key in common are the same article, unless a feed reuses a name for another one
(`handlers/stories/edits.py`). A fingerprint is what an article keeps when its feed renames it. Several articles may
have the same one, so it finds candidates and decides nothing (`handlers/stories/renamed.py`).
"""

import hashlib
import re
import unicodedata
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from handlers.drafts import ArticleDraft
from handlers.rules.urls import anchored_url, feed_name, url_key

MAX_KEY: Final = 128
"""Characters."""
LONG_TEXT: Final = 200
"""Letters and digits from which an equal title and text mean the same article, even if guid or address differ."""

_GLOBAL: Final = re.compile(
    r"https?://[^/\s]+/.|urn:.+:.|tag:[^:]+:.|(?:uuid:|\{)?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?$",
    re.IGNORECASE,
)
"""Guids that are unique in the world rather than in their feed."""
EARLIEST: Final = datetime(1995, 1, 1, tzinfo=UTC)
"""No feed is older. An earlier date is that of a computer: 1 January of the year 1, 1970 or 1980."""


def identity_keys(draft: ArticleDraft, *, source_url: str | None) -> tuple[str, ...]:
    """Return the keys of an article, strongest first: "guid:", "anchor:", "url:", "hash:". Empty only without words.

    A guid that is not globally unique is combined with `source_url`. An "anchor:" is an address with a fragment, which
    "url:" leaves out. A short text is hashed only if the draft has neither a guid nor an address, because two different
    notices of one line may have the same words.
    """
    keys = []
    guid = _guid(draft.guid)
    if guid is not None:
        keys.append(bounded_key("guid", guid if _GLOBAL.match(guid) else f"{guid_scope(source_url)} {guid}"))
    address = url_key(draft.url) if draft.url and not draft.shared_url else None
    if address is not None:
        if (anchor := anchor_of(draft.url)) is not None:
            keys.append(bounded_key("anchor", f"{address}#{anchor}"))
        keys.append(bounded_key("url", address))
    letters = alphanumeric(f"{draft.title} {draft.text}")
    if letters and (not keys or len(alphanumeric(draft.text)) >= LONG_TEXT):
        keys.append("hash:" + _digest(letters))
    return tuple(keys)


def entry_key(*, guid: str | None, url: str | None, title: str, text: str) -> str:
    """Return the key of an entry within its feed: the guid, else the address as given, else a hash of the words.

    It has at most `MAX_KEY` characters.
    """
    named = _guid(guid)
    if named is not None:
        return bounded_key("guid", named)
    if url:
        return bounded_key("link", url)
    return "hash:" + _digest(alphanumeric(f"{title} {text}"))


def anchor_of(url: str | None) -> str | None:
    """Return the fragment of an address, if it names a section of a page; None for any other fragment."""
    anchored = anchored_url(url) if url else None
    if anchored is None or "#" not in anchored or re.search(r"#!?/", anchored):
        return None
    return anchored.partition("#")[2]


def entry_fingerprints(title: str, text: str, published_at: datetime | None, *, source_id: int) -> tuple[int, ...]:
    """Return the fingerprints of a feed's entry: of its headline, its text and its time, as far as it has them."""
    values = {"title": alphanumeric(title), "text": alphanumeric(text)}
    if published_at is not None:
        values["time"] = str(int(published_at.timestamp()))
    return tuple(fingerprint(f"source {source_id}", kind, value) for kind, value in values.items() if value)


def fingerprint(scope: str, kind: str, value: str) -> int:
    """Return a hash of 63 bits. `scope` says what else the value is compared with, such as the entries of one feed."""
    content = f"{scope}\0{kind}\0{value}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest()) >> 1


def plausible_date(date: datetime | None) -> datetime | None:
    """Return the date of a feed's entry if people can have written it, else None."""
    return date if date is not None and date >= EARLIEST else None


def alphanumeric(text: str) -> str:
    """Return only the letters and digits of the text, in NFKC and case-folded.

    This is what remains the same when a text is copied and wrapped differently.
    """
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def _guid(guid: str | None) -> str | None:
    """Return the guid; None if it is empty or the front page of a site, which some feeds give to every entry."""
    guid = " ".join((guid or "").split())
    if not guid:
        return None
    if guid.lower().startswith(("http://", "https://")):
        try:
            parts = urlsplit(guid)
        except ValueError:
            return guid
        if parts.path in ("", "/") and not parts.query and not parts.fragment:
            return None
    return guid


def guid_scope(source_url: str | None) -> str:
    """Return the scope of a guid that is not globally unique: its feed. Two accounts at one address are two feeds."""
    if not source_url:
        return ""
    key, user = url_key(source_url), feed_name(source_url)[1]
    return source_url if key is None else f"{user}@{key}" if user else key


def bounded_key(kind: str, value: str) -> str:
    """Return "kind:value", at most MAX_KEY characters; a longer key ends with a hash of the value instead."""
    key = f"{kind}:{value}"
    return key if len(key) <= MAX_KEY else f"{key[: MAX_KEY - 33]}~{_digest(value)[:32]}"


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
