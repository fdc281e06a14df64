"""The base class of all our errors, and the error of the database."""


class WirewatchError(Exception):
    """The base class. The message is written for people."""


class StorageError(WirewatchError):
    """The database is locked, full, missing or of another version. The message says what happened and what to do."""


class StorageUnavailable(StorageError):
    """The database does not answer now, or is locked. It may come back by itself, so trying again later makes sense."""


class DamagedDatabase(StorageError):
    """A page of the database cannot be read. Only a backup helps."""
