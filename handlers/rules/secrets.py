"""Removes the secrets of a feed's address from what the feed says: links, titles, texts and ids may repeat them."""

import re
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote, unquote

from handlers.drafts import ArticleDraft, Draft, SetAside
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
    """The secrets of some addresses. Created by `Secrets.of`."""

    values: frozenset[str]
    """Decoded: user names with their passwords, passwords, and values of parameters."""
    distinctive: frozenset[str]
    """The values that cannot be an ordinary word or number in a text."""
    forms: tuple[str, ...]
    """The distinctive values as they are and as addresses encode them, longest first."""

    @classmethod
    def of(cls, *addresses: str) -> "Secrets":
        found: set[str] = set()
        for address in addresses:
            for secret in secrets_of(address):
                found |= {unquote(secret), unquote(secret.partition(":")[2])}
        values = frozenset(found - {""})
        distinctive = frozenset(filter(_is_distinctive, values))
        encoded = (quote(value, safe=safe) for value in distinctive for safe in ("", "/", _CANONICAL))
        forms = sorted(distinctive.union(encoded), key=lambda form: (-len(form), form))
        return cls(values=values, distinctive=distinctive, forms=tuple(forms))

    def __bool__(self) -> bool:
        return bool(self.values)

    def without(self, text: str) -> str:
        """Return the text without the secrets.

        All secrets are removed from addresses in the text. Distinctive ones are replaced everywhere.
        """
        text = replace_secrets_in_text(
            text, lambda found: None if unquote(found) in self.values else found, known=self.distinctive
        )
        for form in self.forms:
            text = text.replace(form, HIDDEN)
        return text

    def without_in(self, address: str | None) -> str | None:
        """Return the address without the secrets; None if it still contains a secret, for example in its path."""
        cleaned = self.without(address) if address else None
        return None if cleaned is None or HIDDEN in cleaned else cleaned

    def without_in_draft(self, draft: Draft) -> Draft:
        """Return the draft with the secrets removed from all of its fields."""
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
            set_aside=tuple(SetAside(part.rule, self.without(part.text)) for part in draft.set_aside),
        )
        if cleaned == draft or draft.key is None:
            return cleaned
        # Computed again, because a long key was cut, perhaps within a secret.
        address = None if cleaned.shared_url else cleaned.url
        return replace(cleaned, key=entry_key(guid=cleaned.guid, url=address, title=cleaned.title, text=cleaned.text))


def _is_distinctive(secret: str) -> bool:
    if len(secret) >= _LONG:
        return not secret.isalpha()
    return len(secret) >= _SHORTEST and bool(re.search(r"\d", secret) and re.search(r"[^\W\d]", secret))
