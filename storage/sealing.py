"""Encryption of what must not be readable in the database: tokens of Slack workspaces, feed addresses with secrets."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.addresses import rewritten, secrets_of
from storage.errors import WirewatchError
from storage.records import Source

_MARKS: Final = b"wirewatch: marks in feed addresses"
_MARK_CHARS: Final = 20
"""Hex digits of a mark: 80 bits."""


class SealError(WirewatchError):
    """Something that this key did not seal, or too long ago; or there is no key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """What is sealed. What is sealed for one purpose cannot be opened for another."""

    info: bytes
    """Its name within the key derivation; it never changes."""
    lost: str
    """What a person is told when something cannot be opened."""


ADDRESSES: Final = Purpose(
    info=b"wirewatch: addresses of feeds",
    lost="The address of this feed holds a password or key and is encrypted, but not with the key that this bot has. "
    "Whoever runs it sets the WIREWATCH_SECRET_KEY of before, or puts the file secret.key of before into the data "
    "folder. Otherwise remove the feed and add it again.",
)
NO_KEY: Final = (
    "This address holds a password or key. Such an address is stored encrypted only, and this bot has no key for it. "
    "Whoever runs it sets WIREWATCH_SECRET_KEY, for example from: openssl rand -hex 32"
)


class Sealer:
    """Seals with a key derived from `secret` (https://cryptography.io/en/latest/fernet/).

    What was sealed with one of the `older` secrets can still be opened.
    """

    def __init__(self, secret: str, *older: str, purpose: Purpose) -> None:
        keys = [Fernet(base64.urlsafe_b64encode(_derived(one, purpose.info))) for one in (secret, *older)]
        self._current, self._all = keys[0], MultiFernet(keys)
        self._lost = purpose.lost

    def seal(self, text: str) -> bytes:
        """Returns bytes that cannot be read or changed without the key; other bytes each time."""
        return self._current.encrypt(text.encode())

    def open(self, sealed: bytes | str, *, within_s: int | None = None) -> str:
        """Returns what was sealed, at most that many seconds ago. Raises: SealError."""
        try:
            return self._all.decrypt(sealed, ttl=within_s).decode()
        except InvalidToken as error:
            raise SealError(self._lost) from error

    def is_current(self, sealed: bytes) -> bool:
        """Whether it was sealed with the secret of today and not with an older one."""
        try:
            self._current.decrypt(sealed)
        except InvalidToken:
            return False
        return True


class Addresses:
    """How the addresses of feeds are kept: their secrets are sealed, and a mark stands in the place of each.

    A mark is a keyed hash of the secret. Equal addresses have equal marks, so the marked address identifies the feed,
    and nobody can compute the secret from it without the key. Without a key, addresses with secrets cannot be kept.
    """

    def __init__(self, *keys: str) -> None:
        """`keys` are WIREWATCH_SECRET_KEY or what stands for it, then older ones, which still open."""
        self._sealer = Sealer(*keys, purpose=ADDRESSES) if keys else None
        self._mark_key = _derived(keys[0], _MARKS) if keys else b""

    @property
    def can_seal(self) -> bool:
        """Whether there is a key."""
        return self._sealer is not None

    def can_keep(self, url: str) -> bool:
        """Whether a source at this address can be stored: it holds no secret, or there is a key to seal it."""
        return self.can_seal or not secrets_of(url)

    def kept_as(self, url: str) -> str:
        """Returns the `Source.url` of a source at this address, with its marks. Raises: SealError without a key."""
        return rewritten(url, self._mark)

    def sealed(self, url: str) -> bytes | None:
        """Returns the whole address, encrypted; None for one without secrets. Raises: SealError without a key."""
        return self._required().seal(url) if secrets_of(url) else None

    def whole(self, source: Source) -> str:
        """Returns the address with its passwords and keys, to fetch it or for its owner. Raises: SealError."""
        return source.url if source.sealed is None else self.opened(source.sealed)

    def opened(self, sealed: bytes | str) -> str:
        """Returns what `sealed` encrypted. Raises: SealError."""
        if self._sealer is None:
            raise SealError(ADDRESSES.lost)
        return self._sealer.open(sealed)

    def is_settled(self, source: Source) -> bool:
        """Whether its address holds no secret, or is encrypted with today's key."""
        if source.sealed is None:
            return not secrets_of(source.url)
        return self._sealer is not None and self._sealer.is_current(source.sealed)

    def _required(self) -> Sealer:
        if self._sealer is None:
            raise SealError(NO_KEY)
        return self._sealer

    def _mark(self, secret: str) -> str:
        self._required()
        digest = hmac.new(self._mark_key, secret.encode(), hashlib.sha256).hexdigest()
        return f"~{digest[:_MARK_CHARS]}"


def _derived(secret: str, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret.encode())
