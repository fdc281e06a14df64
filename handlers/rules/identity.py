"""Who an article is: its keys, strongest first. Dates never count."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from handlers.drafts import ArticleDraft
from handlers.rules.urls import feed_name, url_key
from handlers.stories.words import tokens

MAX_KEY: Final = 128
LONG_TEXT: Final = 200
"""Letters and digits from which equal title and text mean an equal article, even where guid or address differ."""

_SOME: Final = 0.34
_FEW: Final = 0.2
"""Shares of words below which two texts have only the words in common that all texts have."""
_LOOKED_AT: Final = 4_000
"""Characters."""

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
        keys.append(bounded_key("guid", guid if _GLOBAL.match(guid) else f"{guid_scope(source_url)} {guid}"))
    address = url_key(draft.url) if draft.url and not draft.shared_url else None
    if address is not None:
        keys.append(bounded_key("url", address))
    words = folded(f"{draft.title} {draft.text}")
    if words and (not keys or len(folded(draft.text)) >= LONG_TEXT):
        keys.append("hash:" + _digest(words))
    return tuple(keys)


def entry_key(*, guid: str | None, url: str | None, title: str, text: str) -> str:
    """An entry's own identity within its feed, at most 128 characters: guid, else address as it stands, else a hash."""
    named = _guid(guid)
    if named is not None:
        return bounded_key("guid", named)
    if url:
        return bounded_key("link", url)
    return "hash:" + _digest(folded(f"{title} {text}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an article says, as far as it tells whether another with its guid is the same one."""

    title: str
    text: str
    url: str | None


def is_another(known: Told, draft: Told) -> bool:
    """Whether the draft only has the known article's guid: some feeds count theirs from one again, or use one for all.

    A changed headline, an address that follows it, a text that grew: that is an edit. Where hardly a word of headline
    and text stays, and the address is another one or none tells, it is another article.
    """
    here, there = _key_of(known.url), _key_of(draft.url)
    if here is not None and here == there:
        return False
    same_title = _overlap(known.title, draft.title)
    if here is not None and there is not None:
        return same_title < _SOME and _overlap(known.text, draft.text) < _SOME
    long = min(len(folded(known.text)), len(folded(draft.text))) >= LONG_TEXT
    return long and same_title < _SOME and _overlap(known.text, draft.text) < _FEW


def _key_of(url: str | None) -> str | None:
    return url_key(url) if url else None


def _overlap(one: str, other: str) -> float:
    """The share of the shorter one's telling words that the other has too."""
    ours, theirs = ({token.text for token in tokens(text[:_LOOKED_AT])} for text in (one, other))
    shorter = min(len(ours), len(theirs))
    return len(ours & theirs) / shorter if shorter else 1.0


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


def guid_scope(source_url: str | None) -> str:
    """Where a guid counts that is not unique in the world: in its feed. Two accounts at one address are two feeds."""
    if not source_url:
        return ""
    key, user = url_key(source_url), feed_name(source_url)[1]
    return source_url if key is None else f"{user}@{key}" if user else key


def bounded_key(kind: str, value: str) -> str:
    """The key of a name of this kind: at most MAX_KEY characters, a longer one cut, with a hash of the whole."""
    key = f"{kind}:{value}"
    return key if len(key) <= MAX_KEY else f"{key[: MAX_KEY - 33]}~{_digest(value)[:32]}"


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
