"""Lists as CSV: rows by the names of their columns, whatever comes before the line of column names."""

import codecs
import csv
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final, TypeAlias

from handlers.answers.errors import UnreadableDocument
from handlers.sources.lists.entry import comparable, squeeze

Row: TypeAlias = dict[str, str]
"""Values by column. Names of columns are in small letters, without punctuation."""
_LINES_BEFORE: Final = 20
_LONGEST: Final = 1_000_000
"""Characters of one field."""


class Rows:
    """The rows of a table, read one after another."""

    def __init__(self, columns: Sequence[str], before: Sequence[str], lines: Iterator[list[str]], kind: str) -> None:
        self.columns = tuple(columns)
        self.before = tuple(before)
        """The lines before the line of column names."""
        self._lines = lines
        self._kind = kind

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows. A short row lacks its last columns. Raises: UnreadableDocument."""
        try:
            for values in self._lines:
                yield {
                    column: value
                    for column, text in zip(self.columns, values, strict=False)
                    if column and (value := squeeze(text))
                }
        except (csv.Error, UnicodeError) as error:
            raise UnreadableDocument(f"The {self._kind} is damaged and cannot be read.") from error


def rows_of(stream: BinaryIO, *, header: tuple[str, ...], kind: str) -> Rows:
    """Return the rows of a table in UTF-8. `header`: names of columns that it must have. `kind`: for people.

    Raises: UnreadableDocument, if no line near the beginning has these names.
    """
    csv.field_size_limit(_LONGEST)
    text = codecs.getreader("utf-8-sig")(stream, "replace")
    lines = csv.reader(text)
    before: list[str] = []
    try:
        for _ in range(_LINES_BEFORE):
            line = next(lines, None)
            if line is None:
                break
            columns = [comparable(column) for column in line]
            if set(header) <= set(columns):
                return Rows(columns, before, lines, kind)
            before.append(" ".join(line))
    except csv.Error as error:
        raise UnreadableDocument(f"The {kind} is damaged and cannot be read.") from error
    raise UnreadableDocument(
        f"No entry of the {kind} was understood: the columns {' and '.join(header)} are missing. Its layout may have "
        "changed."
    )
