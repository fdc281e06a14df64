"""Encryption of what must not be readable in the database: tokens of Slack workspaces, and feed addresses."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.addresses import replace_secrets, secrets_of
from storage.errors import WirewatchError
from storage.records import Source

_PLACEHOLDERS: Final = b"wirewatch: marks in feed addresses"
"""Name of the placeholders in the key derivation. Stored addresses depend on it, so it must not change."""
_PLACEHOLDER_LENGTH: Final = 20
"""Hexadecimal digits of a placeholder: 80 bits."""


class SealError(WirewatchError):
    """There is no key, or something was not encrypted with this key, or too long ago."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """What is encrypted. Text that is encrypted for one purpose cannot be decrypted for another."""

    info: bytes
    """Its name in the key derivation. Stored data depends on it, so it must not change."""
    lost: str
    """The message for people if something cannot be decrypted."""


ADDRESSES: Final = Purpose(
    info=b"wirewatch: addresses of feeds",
    lost="The address of this feed contains a password or key and is encrypted, but not with this bot's key. The "
    "person who runs the bot can set the previous WIREWATCH_SECRET_KEY, or put the previous file secret.key into the "
    "data folder. Otherwise remove the feed and add it again.",
)
NO_KEY: Final = (
    "This address contains a password or key. It can only be stored encrypted, and this bot has no key. The person who "
    "runs the bot can set WIREWATCH_SECRET_KEY, for example to the output of: openssl rand -hex 32"
)


class Sealer:
    """Encrypts with a key derived from `secret` (https://cryptography.io/en/latest/fernet/).

    Text that was encrypted with one of the `older` secrets can still be decrypted.
    """

    def __init__(self, secret: str, *older: str, purpose: Purpose) -> None:
        keys = [Fernet(base64.urlsafe_b64encode(_derived(each, purpose.info))) for each in (secret, *older)]
        self._current, self._all = keys[0], MultiFernet(keys)
        self._lost = purpose.lost

    def seal(self, text: str) -> bytes:
        """Return the encrypted text. It cannot be read or changed without the key, and differs each time."""
        return self._current.encrypt(text.encode())

    def open(self, sealed: bytes | str, *, within_s: int | None = None) -> str:
        """Return the decrypted text, encrypted at most `within_s` seconds ago. Raises: SealError."""
        try:
            return self._all.decrypt(sealed, ttl=within_s).decode()
        except InvalidToken as error:
            raise SealError(self._lost) from error

    def is_current(self, sealed: bytes) -> bool:
        """Return whether it was encrypted with the current secret, and not with an older one."""
        try:
            self._current.decrypt(sealed)
        except InvalidToken:
            return False
        return True


class Addresses:
    """Encrypts the addresses of feeds. In the marked address, a placeholder replaces each secret.

    A placeholder is a keyed hash of the secret. Equal addresses have equal placeholders, so the marked address
    identifies the feed, and nobody can compute the secret without the key. Without a key, addresses with secrets cannot
    be stored.
    """

    def __init__(self, *keys: str) -> None:
        """`keys` are the current secret key, then older ones, which only decrypt."""
        self._sealer = Sealer(*keys, purpose=ADDRESSES) if keys else None
        self._placeholder_key = _derived(keys[0], _PLACEHOLDERS) if keys else b""

    @property
    def can_seal(self) -> bool:
        """Whether there is a key."""
        return self._sealer is not None

    def can_store(self, url: str) -> bool:
        """Return whether a source at this address can be stored: it has no secret, or there is a key."""
        return self.can_seal or not secrets_of(url)

    def marked(self, url: str) -> str:
        """Return the address with placeholders, as `Source.url` stores it. Raises: SealError without a key."""
        return replace_secrets(url, self._placeholder)

    def encrypt_if_secret(self, url: str) -> bytes | None:
        """Return the full address encrypted, or None if it has no secret. Raises: SealError without a key."""
        return self._required().seal(url) if secrets_of(url) else None

    def full_address(self, source: Source) -> str:
        """Return the address with its passwords and keys, to fetch it or for its owner. Raises: SealError."""
        return source.url if source.sealed is None else self.decrypt(source.sealed)

    def decrypt(self, sealed: bytes | str) -> str:
        """Return what `encrypt_if_secret` encrypted. Raises: SealError."""
        if self._sealer is None:
            raise SealError(ADDRESSES.lost)
        return self._sealer.open(sealed)

    def is_protected(self, source: Source) -> bool:
        """Return whether the address has no secret, or is encrypted with the current key."""
        if source.sealed is None:
            return not secrets_of(source.url)
        return self._sealer is not None and self._sealer.is_current(source.sealed)

    def _required(self) -> Sealer:
        if self._sealer is None:
            raise SealError(NO_KEY)
        return self._sealer

    def _placeholder(self, secret: str) -> str:
        self._required()
        digest = hmac.new(self._placeholder_key, secret.encode(), hashlib.sha256).hexdigest()
        return f"~{digest[:_PLACEHOLDER_LENGTH]}"


def _derived(secret: str, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret.encode())
