"""The base class of all our errors, and the error of the database."""


class WirewatchError(Exception):
    """The base class. The message is written for people."""


class StorageError(WirewatchError):
    """The database is locked, full, missing or of another version. The message says what happened and what to do."""
