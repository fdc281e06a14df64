"""The names of publishers, as they are compared."""

import unicodedata


def outlet_name(publisher: str) -> str:
    """Return the name by which publishers are compared: without case, punctuation, "The" and "www."."""
    plain = unicodedata.normalize("NFKC", publisher).casefold().strip().removeprefix("www.").removeprefix("the ")
    return "".join(character for character in plain if character.isalnum()) or plain
