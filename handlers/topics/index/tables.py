"""Tables that give one or several for a key: most give one, which stands by itself, for a tuple or list costs more."""

Names = tuple[str, ...]
Table = dict[str, str | Names]


def names_at(table: Table, key: str) -> Names:
    found = table.get(key, ())
    return (found,) if isinstance(found, str) else found


def add(table: Table, key: str, name: str) -> None:
    known = names_at(table, key)
    table[key] = (*known, name) if known else name


def take(table: Table, key: str, name: str) -> None:
    left = tuple(other for other in names_at(table, key) if other != name)
    if left:
        table[key] = left
    else:
        del table[key]
