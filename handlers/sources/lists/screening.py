"""The Consolidated Screening List of the US Department of Commerce, in CSV.

It joins the lists of several offices. Entries that are not of the Treasury have no key that stays: the file's own ids
are hashes of their contents.
"""

import hashlib
from collections.abc import Iterator
from typing import BinaryIO, Final

from handlers.sources.lists.dates import iso_date, spoken_date
from handlers.sources.lists.edition import About, ListFormat, Record, Unreadable
from handlers.sources.lists.entry import Alias, ListEntry, comparable, distinct
from handlers.sources.lists.roots import root_of
from handlers.sources.lists.tables import rows_of

_KINDS: Final = {"individual": "person", "entity": "entity", "vessel": "ship", "aircraft": "aircraft"}


def _read(stream: BinaryIO) -> Iterator[Record]:
    rows = rows_of(stream, header=("source", "name"), kind="Consolidated Screening List")
    yield About(layout=", ".join(rows.columns))
    for row in rows:
        source, name = row.get("source", ""), row.get("name", "")
        notice, number = row.get("federal register notice", ""), row.get("entity number", "")
        is_treasury = "treasury" in source.casefold() and number
        key = f"{comparable(source)[:100]}|{number if is_treasury else _hash(name, notice)}"
        if not name:
            yield Unreadable(key=key)
            continue
        yield ListEntry(
            key=key,
            name=name,
            kind=_KINDS.get(row.get("type", "").casefold(), ""),
            aliases=tuple(Alias(name=alias) for alias in distinct(row.get("alt names", "").split(";"))),
            lists=distinct([source]),
            programmes=distinct(row.get("programs", "").split(";")),
            measures=distinct([row.get("license requirement", "")]),
            births=distinct(map(spoken_date, row.get("dates of birth", "").split(";"))),
            addresses=distinct(row.get("addresses", "").split(";")),
            numbers=distinct(row.get("ids", "").split(";")),
            acts=distinct([notice]),
            listed_on=iso_date(row.get("start date", "")),
        )


def _hash(*values: str) -> str:
    content = "|".join(map(comparable, values)).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(content, digest_size=12).hexdigest()


FORMATS: Final = (
    ListFormat(
        id="screening",
        family="screening",
        title="US Consolidated Screening List",
        recognizes=lambda head: (
            not root_of(head).name and b"federal_register_notice" in head and b"alt_names" in head and b"source" in head
        ),
        read=_read,
        has_keys=False,
        has_parts=True,
    ),
)
