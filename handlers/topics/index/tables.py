"""Multimaps with one or several names for a key. Most keys have one name, which is stored without a tuple around it."""

Names = tuple[str, ...]
Table = dict[str, str | Names]


def names_at(table: Table, key: str) -> Names:
    found = table.get(key, ())
    return (found,) if isinstance(found, str) else found


def add(table: Table, key: str, name: str) -> None:
    names = names_at(table, key)
    table[key] = (*names, name) if names else name


def remove(table: Table, key: str, name: str) -> None:
    rest = tuple(other for other in names_at(table, key) if other != name)
    if rest:
        table[key] = rest
    else:
        del table[key]
