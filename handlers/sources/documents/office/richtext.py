"""Reads Rich Text Format (.rtf): what a reader sees, with insertions, without deletions, and with notes apart."""

import codecs
import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Final

from handlers.answers.errors import UnreadableDocument
from handlers.drafts import ArticleDraft
from handlers.sources.documents.office.paragraphs import OfficeText, Paragraph, article_of, row_of, ruby_base

_TOKEN: Final = re.compile(
    rb"\\(?:(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|'(?P<hex>[0-9a-fA-F]{2})|(?P<sign>[^a-zA-Z']))"
    rb"|(?P<open>\{)|(?P<close>\})|[\r\n]+|(?P<text>[^\\{}\r\n]+)",
    re.DOTALL,
)
_SIGNS: Final = {
    "line": "\n", "lbr": "\n", "tab": " ", "emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’",
    "ldblquote": "“", "rdblquote": "”", "emspace": " ", "enspace": " ", "qmspace": " ",
    "zwj": "\u200d", "zwnj": "\u200c",
}  # fmt: skip
_ESCAPED: Final = {b"~": " ", b"_": "-", b"-": "", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\r", b"\r": "\r"}
"""Signs after a backslash. A line's end there ends the paragraph."""
_SKIPPED: Final = frozenset(
    (
        "fonttbl colortbl stylesheet listtable listoverridetable revtbl rsidtbl generator info pict object "
        "header headerl headerr headerf footer footerl footerr footerf ftnsep ftnsepc aftnsep aftnsepc annotation "
        "atnid atnauthor xmlnstbl themedata colorschememapping latentstyles datastore pgptbl bkmkstart bkmkend "
        "pntext listtext nonshppict tc xe nonesttables shpinst filetbl mmathPr wgrffmtfilter"
    ).split()
)
"""Groups whose text is not part of the document. `shpinst` holds properties of a shape, and its text in `shptxt`."""
_SHOWN: Final = frozenset("shptxt shprslt footnote fldrslt".split())
_CHARSETS: Final = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "big5hkscs", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250",
}  # fmt: skip
"""Character sets of fonts."""
_APART: Final = frozenset({"note", "box", "instruction"})
_DEEPEST: Final = 500
_MOST_PARAGRAPHS: Final = 50_000
_MOST_TOKENS: Final = 3_000_000
"""A million take two seconds."""


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits from the one around it."""

    is_skipped: bool = False
    is_hidden: bool = False
    is_deleted: bool = False
    encoding: str = "cp1252"
    skip: int = 1
    """Characters after a Unicode character that say the same for old programs."""
    part: str = ""
    """What the group is: a note, a box, an instruction, or the title or author of the document."""


@dataclass(slots=True)
class _Output:
    text: OfficeText = field(default_factory=OfficeText)
    line: list[str] = field(default_factory=list)
    apart: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """The text of the note, text box and instruction of a field that are open."""
    boxes: list[str] = field(default_factory=list)
    """The texts of boxes that are anchored in the paragraph."""
    cells: list[list[Paragraph]] = field(default_factory=list)
    cell: list[Paragraph] = field(default_factory=list)
    is_in_table: bool = False

    def end_paragraph(self, *, is_cell: bool = False) -> None:
        """End the paragraph, and add the text boxes that are anchored in it."""
        line = "".join(self.line).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        self.line = []
        if not is_cell and self.cells:
            self.end_row()
        if line.strip() and len(self.text.paragraphs) < _MOST_PARAGRAPHS:
            (self.cell if is_cell else self.text.paragraphs).append(Paragraph(text=line))
        boxes, self.boxes = self.boxes, []
        for text in boxes:
            self.text.paragraphs += [Paragraph(text=part) for part in text.split("\n")]

    def end_cell(self) -> None:
        """End the cell of a table."""
        self.end_paragraph(is_cell=True)
        self.cells.append(self.cell)
        self.cell = []

    def end_row(self) -> None:
        """End the row of a table."""
        cells = [*self.cells, self.cell] if self.cell else self.cells
        self.cells, self.cell = [], []
        self.text.paragraphs += row_of(cells)


def read_richtext(body: bytes, *, origin: str) -> ArticleDraft:
    """Return the article. Raises: UnreadableDocument, if there is no text."""
    return article_of(_RichTextReader().read(body), origin=origin)


class _RichTextReader:
    def __init__(self) -> None:
        self._state = _State()
        self._states: list[_State] = []
        self._output = _Output()
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._bytes = bytearray()
        """Bytes of text that are not decoded yet: a character may have several."""
        self._left_out = 0
        """Characters that still repeat a Unicode character."""
        self._is_starred = False

    def read(self, body: bytes) -> OfficeText:
        """Return the text. Raises: UnreadableDocument, if the document has too many parts."""
        for number, token in enumerate(_TOKEN.finditer(body)):
            if number > _MOST_TOKENS:
                raise UnreadableDocument("The document is too large: it has too many parts.")
            if token["word"] is not None:
                self._word(token["word"].decode("ascii"), token["number"])
            elif raw := token["text"] or (token["hex"] and bytes.fromhex(token["hex"].decode("ascii"))):
                self._raw(raw)
            elif token["sign"] is not None:
                self._sign(token["sign"])
            elif token["open"]:
                self._flush()
                self._states.append(self._state)
                self._left_out = 0
                if len(self._states) > _DEEPEST:
                    break
            elif token["close"]:
                self._close()
        self._flush()
        self._output.end_paragraph()
        self._output.end_row()
        return self._output.text

    def _close(self) -> None:
        self._flush()
        before, self._state = self._state, self._states.pop() if self._states else _State()
        output, self._left_out = self._output, 0
        if before.part == self._state.part:
            return
        apart = "".join(output.apart.pop(before.part, ())).strip()
        if before.part == "note":
            output.text.notes.append((str(len(output.text.notes) + 1), apart))
        elif before.part == "box":
            output.boxes.append(apart)
        elif before.part == "instruction":
            self._write(ruby_base(apart))

    def _word(self, word: str, number: bytes | None) -> None:
        value = int(number) if number else None
        if word == "u" and value is not None:
            self._flush()
            self._write(chr(value % 0x10000))
            self._left_out = self._state.skip
            return
        self._flush()
        is_starred, self._is_starred = self._is_starred, False
        if word == "fldinst":
            self._state = replace(self._state, part="instruction")
        elif word in _SKIPPED or (is_starred and word not in _SHOWN):
            self._state = replace(self._state, is_skipped=True)
        if self._declare(word, value):
            return
        if word in _SIGNS:
            self._write(_SIGNS[word])
        elif word in ("par", "sect", "page", "pard", "cell", "row", "nestcell", "nestrow", "intbl"):
            self._layout(word)

    def _declare(self, word: str, value: int | None) -> bool:
        """Apply a word that changes how the following text is read. Return whether it was one."""
        state = self._state
        if word == "f" and value is not None:
            self._font = value
            state = replace(state, encoding=self._fonts.get(value, state.encoding))
        elif word == "fcharset":
            if value and value in _CHARSETS:
                self._fonts[self._font] = _CHARSETS[value]
        elif word == "v":
            state = replace(state, is_hidden=value != 0)
        elif word == "deleted":
            state = replace(state, is_deleted=value != 0)
        elif word == "plain":
            state = replace(state, is_hidden=False, is_deleted=False)
        elif word == "uc":
            state = replace(state, skip=min(value if value is not None else 1, 8))
        elif word == "footnote":
            state = replace(state, part="note")
        elif word == "shptxt":
            state = replace(state, is_skipped=False, part="box")
        elif word in ("title", "author"):
            if state.is_skipped:  # in the group with the properties of the document
                state = replace(state, part=word, is_skipped=False)
        elif word in ("mac", "ansicpg"):
            state = replace(state, encoding="mac_roman" if word == "mac" else _known_encoding(f"cp{value}"))
        else:
            return False
        self._state = state
        return True

    def _layout(self, word: str) -> None:
        if self._state.part in _APART or self._state.is_skipped:
            self._write("\n")
        elif word == "intbl":
            self._output.is_in_table = True
        elif word == "pard":
            self._output.is_in_table = False
        elif word in ("cell", "nestcell"):
            self._output.end_cell()
        elif word in ("row", "nestrow"):
            self._output.end_row()
        elif not self._state.is_deleted:
            self._output.end_paragraph(is_cell=self._output.is_in_table)

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self._is_starred = True
            return
        self._flush()
        text = _ESCAPED.get(sign, "")
        if text == "\r":
            self._layout("par")
        else:
            self._write(text)

    def _raw(self, raw: bytes) -> None:
        if self._left_out:
            taken = min(self._left_out, len(raw))
            raw = raw[taken:]
            self._left_out -= taken
        self._bytes += raw

    def _flush(self) -> None:
        if self._bytes:
            text = self._bytes.decode(self._state.encoding, "replace")
            self._bytes.clear()
            self._write(text)

    def _write(self, text: str) -> None:
        state, output = self._state, self._output
        if state.is_skipped or state.is_hidden or state.is_deleted:
            return
        if state.part == "title":
            output.text.title += text.rstrip(";")
        elif state.part == "author":
            output.text.author += text
        else:
            (output.apart[state.part] if state.part in _APART else output.line).append(text)


def _known_encoding(name: str) -> str:
    try:
        codecs.lookup(name)
    except LookupError:
        return "utf-8" if name == "cp65001" else "cp1252"
    return name
