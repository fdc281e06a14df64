"""Who an article is: its keys, strongest first. Dates never count."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from handlers.drafts import ArticleDraft
from handlers.rules.urls import url_key

MAX_KEY: Final = 128
LONG_TEXT: Final = 200
"""Letters and digits from which equal title and text mean an equal article, even where guid or address differ."""

_GLOBAL: Final = re.compile(
    r"https?://[^/\s]+/.|urn:.+:.|tag:[^:]+:.|(?:uuid:|\{)?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?$",
    re.IGNORECASE,
)


def identity_keys(draft: ArticleDraft, *, source_url: str | None) -> tuple[str, ...]:
    """All names of an article, strongest first: "guid:", "url:", "hash:". Empty only for a draft that says nothing.

    A guid that is not unique in the world counts within its source only. Short texts are hashed only when nothing else
    names them: two notices of one line may be equal and yet be two.
    """
    keys = []
    guid = _guid(draft.guid)
    if guid is not None:
        keys.append(_key("guid", guid if _GLOBAL.match(guid) else f"{_scope(source_url)} {guid}"))
    address = url_key(draft.url) if draft.url and not draft.shared_url else None
    if address is not None:
        keys.append(_key("url", address))
    words = folded(f"{draft.title} {draft.text}")
    if words and (not keys or len(folded(draft.text)) >= LONG_TEXT):
        keys.append("hash:" + _digest(words))
    return tuple(keys)


def entry_key(*, guid: str | None, url: str | None, title: str, text: str) -> str:
    """An entry's own identity within its feed, at most 128 characters: guid, else address as it stands, else a hash."""
    named = _guid(guid)
    if named is not None:
        return _key("guid", named)
    if url:
        return _key("link", url)
    return "hash:" + _digest(folded(f"{title} {text}"))


def shared_values(values: Iterable[str | None]) -> frozenset[str]:
    """The values that stand more than once: as a guid or an address they identify nothing."""
    return frozenset(value for value, times in Counter(value for value in values if value).items() if times > 1)


def folded(text: str) -> str:
    """Letters and digits alone, in one form and case: what stays when a text is copied and re-wrapped."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def _guid(guid: str | None) -> str | None:
    """The guid, unless it is empty or the front page of a site, which some feeds give to every entry."""
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


def _scope(source_url: str | None) -> str:
    return (url_key(source_url) if source_url else None) or source_url or ""


def _key(kind: str, value: str) -> str:
    key = f"{kind}:{value}"
    return key if len(key) <= MAX_KEY else f"{key[: MAX_KEY - 33]}~{_digest(value)[:32]}"


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
