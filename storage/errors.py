"""The root of the house's errors, and the one that a database can cause."""


class WirewatchError(Exception):
    """The root. Its message is fit for a person."""


class StorageError(WirewatchError):
    """The database is locked, full, gone or of another version. The message says what happened and what to do."""
