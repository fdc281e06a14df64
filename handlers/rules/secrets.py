"""Removes the secrets of a feed's address from what the feed says: links, titles, texts and ids may repeat them."""

import re
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote, unquote

from handlers.drafts import ArticleDraft, Draft
from handlers.rules.identity import entry_key
from storage.addresses import replace_secrets_in_text, secrets_of

HIDDEN: Final = "[hidden]"
"""What replaces a secret within a text."""
_CANONICAL: Final = "-._~!$'()*,:@/;?=[]"
"""What `canonical_url` leaves as it is in a query."""
_SHORTEST: Final = 6
_LONG: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """The secrets of some addresses. Made by `Secrets.of`."""

    values: frozenset[str]
    """Each decoded: user names with their passwords, passwords, values of parameters."""
    telling: frozenset[str]
    """Those of them that cannot be an ordinary word or number of a text."""
    forms: tuple[str, ...]
    """The telling ones as they are and as addresses encode them, the longest first."""

    @classmethod
    def of(cls, *addresses: str) -> "Secrets":
        found: set[str] = set()
        for address in addresses:
            for secret in secrets_of(address):
                found |= {unquote(secret), unquote(secret.partition(":")[2])}
        values = frozenset(found - {""})
        telling = frozenset(filter(_is_telling, values))
        encoded = (quote(value, safe=safe) for value in telling for safe in ("", "/", _CANONICAL))
        forms = sorted(telling.union(encoded), key=lambda form: (-len(form), form))
        return cls(values=values, telling=telling, forms=tuple(forms))

    def __bool__(self) -> bool:
        return bool(self.values)

    def without(self, text: str) -> str:
        """The text without the secrets: removed from the addresses in it; the telling ones are replaced anywhere."""
        text = replace_secrets_in_text(
            text, lambda found: None if unquote(found) in self.values else found, known=self.telling
        )
        for form in self.forms:
            text = text.replace(form, HIDDEN)
        return text

    def without_in(self, address: str | None) -> str | None:
        """The address without the secrets; None where it still holds one, in its path for example."""
        cleaned = self.without(address) if address else None
        return None if cleaned is None or HIDDEN in cleaned else cleaned

    def without_in_draft(self, draft: Draft) -> Draft:
        """The draft without the secrets in any of its fields."""
        if not isinstance(draft, ArticleDraft):
            key = self.without(draft.key) if draft.key else draft.key
            return replace(draft, origin=self.without(draft.origin), reason=self.without(draft.reason), key=key)
        cleaned = replace(
            draft,
            title=self.without(draft.title),
            text=self.without(draft.text),
            highlights=tuple(map(self.without, draft.highlights)),
            url=self.without_in(draft.url),
            guid=self.without(draft.guid) if draft.guid else draft.guid,
            author=self.without(draft.author) if draft.author else draft.author,
            tags=tuple(map(self.without, draft.tags)),
            image_url=self.without_in(draft.image_url),
            publisher=self.without(draft.publisher) if draft.publisher else draft.publisher,
            origin=self.without(draft.origin),
        )
        if cleaned == draft or draft.key is None:
            return cleaned
        # Made anew: a long key was cut, perhaps within a secret.
        address = None if cleaned.shared_url else cleaned.url
        return replace(cleaned, key=entry_key(guid=cleaned.guid, url=address, title=cleaned.title, text=cleaned.text))


def _is_telling(secret: str) -> bool:
    if len(secret) >= _LONG:
        return not secret.isalpha()
    return len(secret) >= _SHORTEST and bool(re.search(r"\d", secret) and re.search(r"[^\W\d]", secret))
