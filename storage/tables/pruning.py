"""Tables of what retention has deleted: how many rows, and by which keys deleted articles are recognized."""

from sqlalchemy import BigInteger, Column, Integer, String, Table

from storage.tables.base import metadata

# Counts of deleted rows, such as "arrivals:matched", so that the sums of the ledger still agree.
pruned = Table(
    "pruned",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("rows", BigInteger, nullable=False),
)

# Hashes of the identity keys of deleted articles, so that an entry that its feed still lists is not new.
past_identities = Table(
    "past_identities",
    metadata,
    Column("workspace_id", Integer, primary_key=True, autoincrement=False),
    Column("hash", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
