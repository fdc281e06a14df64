"""Encryption of what may not lie readable in the database: the tokens of installed workspaces."""

import base64
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from handlers.answers.errors import WirewatchError

_PURPOSE: Final = b"wirewatch: tokens of slack workspaces"


class SealError(WirewatchError):
    """Something that this key did not seal, or too long ago."""


class Sealer:
    """Seals with a key made from WIREWATCH_SECRET_KEY (https://cryptography.io/en/latest/fernet/)."""

    def __init__(self, secret: str) -> None:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))

    def seal(self, text: str) -> bytes:
        """Unreadable and unchangeable without the key; other bytes each time."""
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes | str, *, within_s: int | None = None) -> str:
        """What was sealed, not longer ago than that many seconds. Raises: SealError."""
        try:
            return self._fernet.decrypt(sealed, ttl=within_s).decode()
        except InvalidToken as error:
            raise SealError(
                "The stored token of a Slack workspace was not encrypted with this WIREWATCH_SECRET_KEY. "
                "Set the key of before, or let the workspace install the app again."
            ) from error
