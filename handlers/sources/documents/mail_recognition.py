"""Tells e-mails from other texts by their headers."""

import re
from typing import Final

_HEAD: Final = 64 * 1024
"""Bytes in which the headers are searched."""
_MOST_LINES: Final = 600
_HEADER: Final = re.compile(r"(?P<name>[!-9;-~]{1,76})[ \t]{0,3}:")
_KNOWN: Final = re.compile(
    r"received|return-path|delivered-to|message-id|mime-version|from|to|cc|bcc|subject|date|reply-to|sender|in-reply-to|"
    r"references|content-(?:type|transfer-encoding|disposition|language)|dkim-signature|authentication-results|"
    r"(?:list|x|arc|resent)-[\w-]+",
    re.IGNORECASE,
)
_MAIL_ONLY: Final = frozenset(
    {"received", "return-path", "message-id", "mime-version", "delivered-to", "content-type", "dkim-signature"}
    | {"content-transfer-encoding", "authentication-results"}
)
"""Headers that no other text begins with."""


def is_mail(body: bytes, *, is_declared: bool) -> bool:
    """Whether the document starts with the headers of an e-mail.

    A text with a few such lines is not an e-mail, unless its name or type says so (`is_declared`). A byte-order mark,
    empty lines, and the line that separates letters in a mailbox file may come first.
    """
    names = _known_headers(body)
    if is_declared:
        return bool(names)
    if not names & {"from", "subject"}:
        return False
    return (len(names & _MAIL_ONLY) >= 1 and len(names) >= 3) or {"from", "subject", "date"} <= names


def _known_headers(body: bytes) -> set[str]:
    """Return the names of e-mail headers above the first empty line, in lower case."""
    head = body[:_HEAD].lstrip(b"\r\n \t\xef\xbb\xbf").decode("latin-1")
    if head.startswith(("From ", ">From ")):
        head = head.partition("\n")[2]
    names: set[str] = set()
    has_header = False
    for line in re.split(r"\r\n|\r|\n", head, maxsplit=_MOST_LINES)[:_MOST_LINES]:
        if line[:1] in (" ", "\t") and has_header and line.strip():
            continue
        header = _HEADER.match(line)
        if not header:
            break
        has_header = True
        if _KNOWN.fullmatch(header["name"]):
            names.add(header["name"].lower())
    return names
