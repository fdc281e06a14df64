"""Tables that give one or several for a key: most give one, which stands by itself, for a tuple or list costs more."""

from typing import TypeVar

Names = tuple[str, ...]
Table = dict[str, str | Names]
One = TypeVar("One")


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


def put(table: dict[str, One | list[One]], key: str, value: One) -> bool:
    """For tables that change often and give lists. True: it is the key's first."""
    known = table.get(key)
    if known is None:
        table[key] = value
    elif isinstance(known, list):
        known.append(value)
    else:
        table[key] = [known, value]
    return known is None


def is_at(table: dict[str, One | list[One]], key: str, value: One) -> bool:
    known = table.get(key)
    return value in known if isinstance(known, list) else value == known


def pull(table: dict[str, One | list[One]], key: str, value: One) -> bool:
    """True: it was the key's last."""
    known = table[key]
    if isinstance(known, list) and len(known) > 1:
        known.remove(value)
        return False
    del table[key]
    return True
