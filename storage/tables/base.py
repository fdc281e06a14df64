"""What all tables share: the metadata with its naming convention, and the id column."""

from sqlalchemy import Column, Integer, MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def id_column() -> Column[int]:
    """Return an id column. sqlite_autoincrement never reuses ids, so that an old button cannot mean a new row."""
    return Column("id", Integer, primary_key=True, autoincrement=True)
