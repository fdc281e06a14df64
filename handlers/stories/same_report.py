"""Whether two articles are one report, which is what strict grouping asks for."""

from typing import NamedTuple

from handlers.stories.features import decode_features
from handlers.stories.near_duplicates import is_near_duplicate
from handlers.stories.outlets import outlet_name
from handlers.stories.shown_headlines import headline_key


class ReportedArticle(NamedTuple):
    """An article as it is compared."""

    title: str
    publisher: str
    features: bytes
    """The result of `features.encode_features`."""


def is_same_report(one: ReportedArticle, other: ReportedArticle) -> bool:
    """Return whether one article copies the other or has its headline, apart from the marks of an update.

    Two articles of one publisher under exactly the same headline are issues of a series, unless their texts agree.
    """
    if is_near_duplicate(decode_features(one.features), decode_features(other.features)):
        return True
    outlets = {one.publisher, other.publisher}
    if headline_key(one.title, outlets) != headline_key(other.title, outlets):
        return False
    is_one_publisher = outlet_name(one.publisher) == outlet_name(other.publisher)
    return not is_one_publisher or one.title.strip() != other.title.strip()
