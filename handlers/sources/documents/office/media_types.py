"""How office documents are named where files are offered."""

from typing import Final

OFFICE_TYPES: Final = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.oasis.opendocument.text",
    "application/rtf",
    "text/rtf",
)
OFFICE_SUFFIXES: Final = (".docx", ".odt", ".rtf")
