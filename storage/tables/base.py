"""What all tables share: their names' convention and the id."""

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
    """An id is never used again (sqlite_autoincrement), so that an old button cannot mean a newer row."""
    return Column("id", Integer, primary_key=True, autoincrement=True)
